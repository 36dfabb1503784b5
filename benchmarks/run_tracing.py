"""What tracing adds to a run of an agent, by hand: `scripts/bench run_tracing [--rounds N]`.

The same runs, each of four model calls, two tools and a subagent, with the tracer listening and without, in turn. The
model is in the process and takes `--call` seconds to answer.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from deepagents import create_deep_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from weft.agents.contract import TracedRun
from weft.agents.runtime.tracing import RunTracer
from weft.agents.trace_writer import TraceSink
from weft.attachments.folder import FolderVault
from weft.core.costs import with_cost
from weft.model.agent import Agent, AgentRevision
from weft.model.ids import new_id
from weft.model.run import Run
from weft.registry import open_registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

CLOCKS: Mapping[str, Callable[[], float]] = {
    "until all have ended": time.perf_counter,  # the target: tracing adds less than 5 %
    "the loop's own work": time.thread_time,
    "all work, with the store": time.process_time,
}
DELEGATION = {"description": "add", "subagent_type": "auditor"}

_NOTHING: Mapping[str, Any] = {}
AGENT = Agent(
    id=new_id(),
    workspace_id=DEFAULT_WORKSPACE_ID,
    owner_id="bench",
    name="ledger",
    description="",
    permissions=_NOTHING,
    runtime=_NOTHING,
    backend=_NOTHING,
    extras=_NOTHING,
    configurable=_NOTHING,
    revision="0" * 64,
    created_at=0,
    updated_at=0,
)


class WaitingModel(BaseChatModel):
    """Delegates what it is asked, adds where it is delegated to, and is done."""

    seconds: float

    @property
    def _llm_type(self) -> str:
        return "waiting"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        await asyncio.sleep(self.seconds)
        return ChatResult(generations=[ChatGeneration(message=_answer(messages[-1]))])


def _answer(last: BaseMessage) -> AIMessage:
    usage = UsageMetadata(input_tokens=1000, output_tokens=100, total_tokens=1100)
    if last.type != "human":
        return AIMessage("done", usage_metadata=usage)
    name, arguments = ("add", {"a": 2, "b": 3}) if last.text == "add" else ("task", DELEGATION)
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": new_id()}], usage_metadata=usage)


def add(a: int, b: int) -> int:
    """Adds."""
    return a + b


async def run_once(graph: Any, sink: TraceSink | None) -> None:
    thread_id = new_id()
    input = {"messages": [{"role": "user", "content": "close the month " * 100}]}
    run = Run(
        new_id(),
        DEFAULT_WORKSPACE_ID,
        thread_id,
        AGENT.id,
        "running",
        metadata={},
        kwargs={"input": input},
        multitask_strategy="enqueue",
        trace_id=new_id(),
        error=None,
        created_at=0,
        updated_at=0,
    )
    tracer = None if sink is None else RunTracer(sink, TracedRun(run, AgentRevision(AGENT), "bench"))
    config = {"configurable": {"thread_id": thread_id}, "callbacks": [tracer] if tracer else []}
    async for _ in graph.astream(input, config, stream_mode=["values", "updates"], subgraphs=True):
        pass
    if tracer is not None:
        await tracer.finish(None, None, interrupted=False)


async def measure(sink: TraceSink, folder: Path, options: argparse.Namespace) -> None:
    async with AsyncSqliteSaver.from_conn_string(str(folder / "agents.sqlite")) as saver:
        auditor: Any = {"name": "auditor", "description": "Audits", "system_prompt": "Audit it.", "tools": [add]}
        model = WaitingModel(seconds=options.call)
        graph = create_deep_agent(model, [add], subagents=[auditor], checkpointer=saver, name="ledger")
        figures: dict[str, dict[bool, list[float]]] = {what: {False: [], True: []} for what in CLOCKS}
        for number in range(-2, 2 * options.rounds):
            with_tracing = number % 2 == 1
            began = {what: clock() for what, clock in CLOCKS.items()}
            await asyncio.gather(*(run_once(graph, sink if with_tracing else None) for _ in range(options.at_once)))
            if number >= 0:  # the first ones fill caches
                for what, clock in CLOCKS.items():
                    figures[what][with_tracing].append(clock() - began[what])
    for what, seconds in figures.items():
        report(what, seconds)


def report(what: str, seconds: Mapping[bool, Sequence[float]]) -> None:
    without, traced = statistics.median(seconds[False]), statistics.median(seconds[True])
    added = f"{(traced - without) * 1000:6.1f} ms or {traced / without - 1:5.1%}"
    print(f"{what:24} {without * 1000:8.1f} ms, tracing adds {added}")


async def run(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = await open_duckdb(folder / "traces", memory_limit="1GB", reader_threads=1, query_timeout_s=30)
        store, registry = SqlStore(engine, price=with_cost), await open_registry(folder / "registry.sqlite")
        await measure(TraceSink(store, registry, FolderVault(folder / "attachments")), folder, options)
        await registry.close()
        await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=5)
    parser.add_argument("--call", type=float, default=0.5)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
