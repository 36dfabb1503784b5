"""Rows with defaults for all but what a test is about. Stamps are small numbers, whose order is seen at once."""

from decimal import Decimal
from typing import Any, TypeVar

from msgspec.structs import replace

from weft.filters.compile import EVERYTHING, NEWEST_FIRST
from weft.model.attachment import Attachment, AttachmentQuery
from weft.model.comment import Comment
from weft.model.feedback_score import EntityType, FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.ids import new_id
from weft.model.merge import Patch, payload_bytes
from weft.model.span import Span
from weft.model.thread import Thread
from weft.model.trace import Trace
from weft.store.contract import Occasion, Scope, Selection, Target, ThreadScore

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


def an_occasion(at: int = 2000) -> Occasion:
    return Occasion(at, "editor")


def a_thread_score(project: Scope, thread_id: str, name: str = "quality", value: str = "0.5") -> ThreadScore:
    score = FeedbackScore(
        *project, "thread", "", name, "admin", value=Decimal(value), created_at=1000, created_by="admin"
    )
    return ThreadScore(thread_id, score)


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


def a_comment(on: Trace | Span | Thread, text: str = "look at this", **values: Any) -> Comment:
    entity_types: dict[type, EntityType] = {Trace: "trace", Span: "span", Thread: "thread"}
    defaults: dict[str, Any] = {
        "id": new_id(),
        "created_at": 1000,
        "created_by": "admin",
        "last_updated_at": 1000,
        "last_updated_by": "admin",
    }
    return Comment(on.workspace_id, on.project_id, entity_types[type(on)], on.id, text=text, **defaults | values)


def an_attachment(of: Trace | Span, file_name: str = "file.png", **values: Any) -> Attachment:
    defaults: dict[str, Any] = {
        "mime_type": "image/png",
        "file_size": 5,
        "place": f"place of {file_name}",
        "created_at": 1000,
        "created_by": "admin",
    }
    entity_type: EntityType = "trace" if isinstance(of, Trace) else "span"
    return Attachment(of.workspace_id, of.project_id, entity_type, of.id, file_name, **defaults | values)


def attachments_of(row: Trace | Span, **values: Any) -> AttachmentQuery:
    entity_type: EntityType = "trace" if isinstance(row, Trace) else "span"
    return AttachmentQuery(row.workspace_id, row.project_id, entity_type, row.id, **values)


def a_guardrail(trace: Trace, result: str = "passed", **values: Any) -> Guardrail:
    """Of a span of its own if none is given."""
    defaults: dict[str, Any] = {
        "secondary_id": new_id(),
        "id": new_id(),
        "name": "PII",
        "created_at": 1000,
        "created_by": "admin",
    }
    return Guardrail(trace.workspace_id, trace.project_id, trace.id, result=result, **defaults | values)


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
