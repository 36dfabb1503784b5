"""Agents, threads and runs for tests of the runtime."""

from collections.abc import Mapping, Sequence
from typing import Any

from weft.agents.job import Job
from weft.agents.parts import Parts
from weft.agents.runtime.runtime import Runtime
from weft.agents.tree import files_of
from weft.model.agent import Agent, AgentFile, AgentRevision
from weft.model.agent_thread import AgentThread
from weft.model.ids import new_id

AGENT_ID = "5a52de55-9f0c-4d0c-8a4e-3f1f6f0f9a01"
WORKSPACE_ID = "0190babc-62a0-71d2-832a-0feffa4676eb"
USER_ID = "user-1"
INTERRUPT = "__interrupt__"

Event = tuple[str, Any]


def an_agent(parts: Parts | None = None, files: Mapping[str, str] | None = None, **fields: Any) -> AgentRevision:
    tree = {**files_of(parts or Parts()), **{path: AgentFile(content=text) for path, text in (files or {}).items()}}
    known: dict[str, Any] = {
        "id": AGENT_ID,
        "workspace_id": WORKSPACE_ID,
        "owner_id": USER_ID,
        "name": "helper",
        "description": "",
        "permissions": {},
        "runtime": {"model": {"model_id": "openai:local"}},
        "backend": {"type": "state"},
        "extras": {},
        "configurable": {},
        "revision": new_id(),
        "created_at": 0,
        "updated_at": 0,
    }
    return AgentRevision(Agent(**{**known, **fields}), tree)


def a_thread(**metadata: Any) -> AgentThread:
    return AgentThread(
        id=new_id(),
        workspace_id=WORKSPACE_ID,
        agent_id=AGENT_ID,
        owner_id=USER_ID,
        title=None,
        status="idle",
        metadata=metadata,
        interrupts={},
        error=None,
        created_at=0,
        updated_at=0,
        state_updated_at=0,
    )


def a_job(thread: AgentThread, revision: AgentRevision, text: str = "", **fields: Any) -> Job:
    known: dict[str, Any] = {
        "run_id": new_id(),
        "thread": thread,
        "revision": revision,
        "input": {"messages": [{"role": "user", "content": text}]} if text else None,
        "command": None,
        "config": {},
        "stream_modes": ("values",),
        "subgraphs": False,
        "timezone": "UTC",
    }
    return Job(**{**known, **fields})


def resuming(thread: AgentThread, revision: AgentRevision, *decisions: Mapping[str, Any], **fields: Any) -> Job:
    return a_job(thread, revision, command={"resume": {"decisions": list(decisions)}}, **fields)


async def events(runtime: Runtime, job: Job) -> list[Event]:
    return [event async for event in runtime.stream(job)]


async def last_values(runtime: Runtime, job: Job) -> Mapping[str, Any]:
    """The state that the run ends with."""
    told = await events(runtime, job)
    return [data for name, data in told if name == "values"][-1]  # type: ignore[no-any-return]


def texts(messages: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Type and text of each."""
    return [(message["type"], text_of(message["content"])) for message in messages]


def text_of(content: str | Sequence[Mapping[str, Any]]) -> str:
    return content if isinstance(content, str) else "".join(block.get("text", "") for block in content)
