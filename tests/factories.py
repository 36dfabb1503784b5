"""Rows with defaults for all but what a test is about. Stamps are small numbers, whose order is seen at once."""

from decimal import Decimal
from typing import Any, TypeVar

from msgspec.structs import replace

from weft.filters.compile import EVERYTHING, NEWEST_FIRST
from weft.model.feedback_score import FeedbackScore
from weft.model.ids import new_id
from weft.model.merge import Patch, payload_bytes
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.contract import Selection, Target
from weft.store.records import Scope

Row = TypeVar("Row", Trace, Span)

SOMEWHERE = Scope("workspace", "018bcfe5-6800-7000-8000-000000000000")


def a_project(workspace_id: str | None = None) -> Scope:
    """A project that nothing is in, of a workspace of its own or of the one given."""
    return Scope(workspace_id or f"workspace {new_id()}", new_id())


def a_trace(project: Scope = SOMEWHERE, *, stamp: int = 1000, **values: Any) -> Trace:
    """As a create brings it. `stamp` is in microseconds since the epoch."""
    return Trace(project.workspace_id, project.project_id, **_created(stamp, values))


def a_span(project: Scope = SOMEWHERE, *, stamp: int = 1000, **values: Any) -> Span:
    """As a create brings it, in a trace of its own if none is given."""
    values.setdefault("trace_id", new_id())
    return Span(project.workspace_id, project.project_id, **_created(stamp, values))


def as_read(row: Row) -> Row:
    """The row as it was put, but for what only merging needs and readers do not get."""
    return replace(row, create_stamp=None, patched=[], tags_added=[], tags_removed=[], payload_bytes=0)


def a_score(scored: Trace | Span, name: str = "quality", value: str = "0.5", **values: Any) -> FeedbackScore:
    defaults: dict[str, Any] = {
        "author": "admin",
        "created_at": 1000,
        "created_by": "admin",
        "last_updated_at": 1000,
        "last_updated_by": "admin",
    }
    return FeedbackScore(
        scored.workspace_id,
        scored.project_id,
        "trace" if isinstance(scored, Trace) else "span",
        scored.id,
        name,
        value=Decimal(value),
        **defaults | values,
    )


def a_patch(*, at: int = 2000, add: tuple[str, ...] = (), remove: tuple[str, ...] = (), **values: object) -> Patch:
    return Patch(at, "editor", values, tags_to_add=add, tags_to_remove=remove)


def a_target(row: Trace | Span) -> Target:
    """A patch for this row that does not name its project."""
    return Target(row.workspace_id, row.id, default_project_id=row.project_id)


def a_selection(project: Scope, **values: Any) -> Selection:
    defaults: dict[str, Any] = {"where": EVERYTHING, "order": NEWEST_FIRST}
    return Selection(workspace_id=project.workspace_id, project_id=project.project_id, **defaults | values)


def _created(stamp: int, values: dict[str, Any]) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "id": new_id(),
        "start_time": 1_700_000_000_000_000_000,
        "created_at": stamp,
        "created_by": "admin",
        "last_updated_at": stamp,
        "last_updated_by": "admin",
        "create_stamp": stamp,
        "payload_bytes": payload_bytes(values.get("input"), values.get("output"), values.get("metadata")),
    }
    return defaults | values
