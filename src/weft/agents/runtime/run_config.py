"""How a run is configured: what the caller asks for, what the agent says, and what is not for either to say."""

from collections.abc import Mapping
from typing import Any

from langchain_core.runnables import RunnableConfig

from weft.agents.job import Job
from weft.agents.runtime.today import TIMEZONE

GRAPH_ID = "deep_agent"
RESERVED = {"thread_id", "checkpoint_ns"}
RECURSION_LIMIT = 1000


def place(thread_id: str, checkpoint_id: str | None = None) -> RunnableConfig:
    """The newest checkpoint of a thread, or a certain one."""
    at = {"checkpoint_id": checkpoint_id} if checkpoint_id else {}
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": "", **at}}


def config_of(job: Job) -> RunnableConfig:
    """Managed Deep Agents' contract: the agent's `configurable` is merged into that of the run. `run_id` in the
    metadata is the run's own, whatever the caller says: LangGraph takes a run of the same id for the same run."""
    agent, given = job.revision.agent, job.config
    ids = {"thread_id": job.thread.id, "assistant_id": agent.id, "graph_id": GRAPH_ID}
    configurable = {**agent.configurable, **_mapping(given.get("configurable"))}
    metadata = {**job.thread.metadata, **_mapping(given.get("metadata"))}
    return RunnableConfig(
        configurable={**_allowed(configurable), TIMEZONE: job.timezone, **ids},
        metadata={**metadata, **ids, "agent_id": agent.id, "run_id": job.run_id},
        tags=[str(tag) for tag in given.get("tags") or ()],
        callbacks=list(job.callbacks),  # type: ignore[arg-type]
        recursion_limit=_limit(given.get("recursion_limit")),
        run_name=agent.name,
    )


def _allowed(configurable: Mapping[str, Any]) -> dict[str, Any]:
    """Names that begin with two underscores are LangGraph's own."""
    return {name: value for name, value in configurable.items() if name not in RESERVED and not name.startswith("__")}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _limit(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else RECURSION_LIMIT
