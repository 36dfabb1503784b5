"""The state of a thread as the contract has it (D.7)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import PregelTask, StateSnapshot

from weft.agents.runtime.messages import encode

PLACE = ("thread_id", "checkpoint_ns", "checkpoint_id")
INTERRUPT = "__interrupt__"

# Of a state: what else is in one belongs to the machinery.
OUTPUT = ("messages", "structured_response", "files")


def thread_state(snapshot: StateSnapshot) -> dict[str, Any]:
    checkpoint, parent = place_of(snapshot.config), place_of(snapshot.parent_config)
    return {
        "values": output_of(snapshot.values),
        "next": list(snapshot.next),
        "tasks": [_task(task) for task in snapshot.tasks],
        "metadata": encode(snapshot.metadata or {}),
        "created_at": snapshot.created_at,
        "checkpoint": checkpoint,
        "parent_checkpoint": parent,
        "interrupts": encode(snapshot.interrupts),
        "checkpoint_id": checkpoint and checkpoint.get("checkpoint_id"),
        "parent_checkpoint_id": parent and parent.get("checkpoint_id"),
    }


def output_of(values: object) -> Any:
    """What of a state is for others, and what it waits for."""
    if not isinstance(values, Mapping):
        return encode(values)
    return {name: encode(value) for name, value in values.items() if name in (*OUTPUT, INTERRUPT)}


def interrupts_of(tasks: Iterable[PregelTask]) -> dict[str, list[dict[str, Any]]]:
    """By id of the task that waits."""
    return {task.id: [encode(interrupt) for interrupt in task.interrupts] for task in tasks if task.interrupts}


def place_of(config: RunnableConfig | None) -> dict[str, Any] | None:
    """Where in which thread a checkpoint is."""
    if config is None:
        return None
    return _only(PLACE, config.get("configurable", {}))


def _task(task: PregelTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "name": task.name,
        "path": encode(task.path),
        "error": None if task.error is None else repr(task.error),
        "interrupts": encode(task.interrupts),
        "checkpoint": None if isinstance(task.state, StateSnapshot) else place_of(task.state),
        "state": thread_state(task.state) if isinstance(task.state, StateSnapshot) else None,
        "result": output_of(task.result),
    }


def _only(names: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}
