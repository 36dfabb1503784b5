"""What a run of a graph tells, as events of the wire (the contract, D.2)."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import StreamMode

from weft.agents.runtime.builder import Graph
from weft.agents.runtime.messages import encode
from weft.agents.runtime.states import output_of

# By the names of the wire. Upstream's older mode `messages` tells the same as `messages-tuple`.
MODES: dict[str, StreamMode] = {
    "values": "values",
    "updates": "updates",
    "messages-tuple": "messages",
    "messages": "messages",
    "custom": "custom",
    "tasks": "tasks",
    "checkpoints": "checkpoints",
    "debug": "debug",
}

Event = tuple[str, object]


async def events_of(
    graph: Graph, input: Any, config: RunnableConfig, modes: Sequence[str], subgraphs: bool
) -> AsyncGenerator[Event, None]:
    """Each step is on disk before the next one begins, so that a server that is killed loses one step at most."""
    chosen = list(dict.fromkeys(MODES[mode] for mode in modes if mode in MODES)) or ["values"]
    stream = graph.astream(input, config, stream_mode=chosen, subgraphs=subgraphs, durability="sync")
    async with aclosing(stream) as parts:  # type: ignore[type-var]
        async for part in parts:
            namespace, mode, data = part if subgraphs else ((), *part)
            yield "|".join((mode, *namespace)), (output_of(data) if mode == "values" else encode(data))
