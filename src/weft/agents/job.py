"""What is asked of a run, and what the runtime is asked to do for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from weft.model.agent import AgentRevision
from weft.model.agent_thread import AgentThread
from weft.model.run import MultitaskStrategy, Run


@dataclass(frozen=True, slots=True)
class RunRequest:
    """`kwargs` has `input`, `command`, `config`, `stream_mode` (a list), `stream_subgraphs` and `user_timezone`. None
    as the agent is that of the thread, as the time zone that of the agent."""

    agent_id: str | None
    kwargs: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    multitask_strategy: MultitaskStrategy = "enqueue"


@dataclass(frozen=True, slots=True)
class Job:
    """One run. With a `command`, `input` is None. `stream_modes` are names of the wire (`values`, `updates`,
    `messages-tuple`, …); `timezone` is an IANA name; `callbacks` are handlers that only the runtime looks at."""

    run_id: str
    thread: AgentThread
    revision: AgentRevision
    input: Mapping[str, Any] | None
    command: Mapping[str, Any] | None
    config: Mapping[str, Any]
    stream_modes: Sequence[str]
    subgraphs: bool
    timezone: str
    callbacks: Sequence[object] = ()


def job_of(run: Run, thread: AgentThread, revision: AgentRevision, callbacks: Sequence[object]) -> Job:
    asked = run.kwargs
    config = asked["config"] or {}
    return Job(
        run_id=run.id,
        thread=thread,
        revision=revision,
        input=None if asked["command"] else asked["input"],
        command=asked["command"],
        config={**config, "metadata": {**(config.get("metadata") or {}), **run.metadata}},
        stream_modes=asked["stream_mode"],
        subgraphs=asked["stream_subgraphs"],
        timezone=asked["user_timezone"] or revision.agent.timezone,
        callbacks=callbacks,
    )
