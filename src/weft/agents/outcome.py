"""How a run ended: for its record, for its thread, and for who waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.agents.contract import ThreadState
from weft.model.agent_thread import Interrupts, ThreadStatus
from weft.model.run import RunStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` is `{"error", "message"}`, `cause` what was raised, `values` those of the last state."""

    status: RunStatus
    thread_status: ThreadStatus
    error: Mapping[str, Any] | None = None
    cause: BaseException | None = None
    values: Mapping[str, Any] | None = None
    interrupts: Interrupts = field(default_factory=dict)


def ended(state: ThreadState) -> Outcome:
    """By itself; it may wait for a human now."""
    interrupts = {task["id"]: task["interrupts"] for task in state["tasks"] if task["interrupts"]}
    if interrupts:
        return Outcome("interrupted", "interrupted", values=state["values"], interrupts=interrupts)
    return Outcome("success", "idle", values=state["values"])


def failed(cause: BaseException) -> Outcome:
    error = {"error": type(cause).__name__, "message": str(cause)}
    return Outcome("error", "error", error, cause)


def stopped(error: Mapping[str, Any], cause: BaseException | None = None) -> Outcome:
    return Outcome("interrupted", "interrupted", error, cause)


def result_of(error: Mapping[str, Any] | None, values: Mapping[str, Any], interrupts: Interrupts) -> Mapping[str, Any]:
    """What whoever waited is told (Managed Deep Agents' contract, D.7)."""
    if error is not None:
        return {"__error__": error}
    waiting = [interrupt for of_task in interrupts.values() for interrupt in of_task]
    return {**values, "__interrupt__": waiting} if waiting else values
