"""Threads to run, and what is asked of them."""

from typing import Any

from weft.agents.job import RunRequest
from weft.agents.runs import Runs
from weft.model.agent import AgentChanges
from weft.model.agent_thread import AgentThread
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.run import MultitaskStrategy, Run, RunEvent
from weft.registry import Registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE


async def a_stored_thread(registry: Registry, **values: Any) -> AgentThread:
    """Of a new agent with these values."""
    revision = await registry.agents.create(WORKSPACE, "owner", AgentChanges(name="helper", **values), {})
    return await registry.agent_threads.create(WORKSPACE, revision.agent.id, "owner")


def a_stored_run(thread: AgentThread, **values: Any) -> Run:
    """As its record would be."""
    known: dict[str, Any] = {
        "id": new_id(),
        "workspace_id": thread.workspace_id,
        "thread_id": thread.id,
        "agent_id": thread.agent_id,
        "status": "running",
        "metadata": {},
        "kwargs": {},
        "multitask_strategy": "enqueue",
        "trace_id": None,
        "error": None,
        "created_at": now_us(),
        "updated_at": now_us(),
    }
    return Run(**{**known, **values})


def saying(text: str, strategy: MultitaskStrategy = "enqueue", **kwargs: Any) -> RunRequest:
    asked = {
        "input": {"messages": [{"role": "user", "content": text}]},
        "command": None,
        "config": {},
        "stream_mode": ["values"],
        "stream_subgraphs": False,
        "user_timezone": None,
    }
    return RunRequest(None, asked | kwargs, {}, strategy)


async def told(runs: Runs, run: Run, after: int = 0) -> list[RunEvent]:
    """To the end."""
    return [event async for event in runs.follow(run.id, after)]
