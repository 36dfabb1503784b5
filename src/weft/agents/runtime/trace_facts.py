"""What LangChain and LangGraph say of a step of a run, in our terms."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage
from langgraph.errors import GraphBubbleUp, GraphInterrupt, ParentCommand

from weft.agents.tracing import CANCELLED, PARENT_COMMAND, error_info

About = Mapping[str, Any] | None

_HIDDEN = "langsmith:hidden"
_TOLD_METADATA = (
    "langgraph_node",
    "langgraph_step",
    "langgraph_checkpoint_ns",
    "lc_agent_name",
    "ls_model_type",
    "ls_temperature",
    "ls_max_tokens",
    "ls_stop",
)


def is_plumbing(name: str, tags: Iterable[str], about: Mapping[str, Any]) -> bool:
    """Nodes have the name of a node, subagents that of an agent; the rest wraps, routes and writes."""
    if _HIDDEN in tags:
        return True
    if name == about.get("lc_agent_name"):
        return False
    return name.startswith("__") or ("langgraph_node" in about and name != about["langgraph_node"])


def told_metadata(about: About) -> dict[str, object]:
    return {key: about[key] for key in _TOLD_METADATA if about.get(key) is not None} if about else {}


def class_name(serialized: About) -> str:
    about = serialized or {}
    return str(about.get("name") or (about.get("id") or ["unnamed"])[-1])


def messages_of(state: object) -> Sequence[object]:
    messages = state.get("messages") if isinstance(state, Mapping) else None
    return messages if isinstance(messages, list) else ()


def id_of(message: object) -> str | None:
    id = message.get("id") if isinstance(message, Mapping) else getattr(message, "id", None)
    return id if isinstance(id, str) else None


def model_name(answer: AIMessage) -> str | None:
    about = answer.response_metadata
    return about.get("model_name") or about.get("model")


def interrupts_of(error: GraphInterrupt) -> dict[str, Mapping[str, object]]:
    return {each.id: {"id": each.id, "value": each.value} for each in error.args[0]}


def metadata_of(error: BaseException | None) -> dict[str, object]:
    if isinstance(error, ParentCommand):
        return {PARENT_COMMAND: True}
    return {CANCELLED: True} if isinstance(error, asyncio.CancelledError) else {}


def failure_of(error: BaseException | None) -> str | None:
    """Opik's contract: an interrupt and a command to the parent graph are no errors. Nor is a cancellation."""
    return None if error is None or isinstance(error, GraphBubbleUp | asyncio.CancelledError) else error_info(error)
