"""Runs of agents and what they tell while they go on."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

RunStatus = Literal["pending", "running", "error", "success", "timeout", "interrupted"]
MultitaskStrategy = Literal["reject", "interrupt", "rollback", "enqueue"]

UNFINISHED: frozenset[RunStatus] = frozenset({"pending", "running"})


class Run(Struct, frozen=True):
    """`kwargs` is what the run was asked to do (`input`, `command`, `config`, `stream_mode`, …); `trace_id` is the
    trace that records it; `error` is `{"error", "message"}`. Instants are microseconds since the epoch."""

    id: str
    workspace_id: str
    thread_id: str
    agent_id: str
    status: RunStatus
    metadata: Mapping[str, Any]
    kwargs: Mapping[str, Any]
    multitask_strategy: MultitaskStrategy
    trace_id: str | None
    error: Mapping[str, Any] | None
    created_at: int
    updated_at: int


class RunEvent(Struct, frozen=True):
    """`sequence` counts from 1 in each run, without gaps. `data` is JSON text."""

    sequence: int
    event: str
    data: str
