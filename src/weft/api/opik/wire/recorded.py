"""What traces and spans have in common on the wire."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from weft.api.auth import Caller
from weft.api.opik.wire.comments import CommentView, comment_views
from weft.api.opik.wire.scores import ScoreView, score_views
from weft.api.opik.wire.tags import TagsUpdate
from weft.api.opik.wire.values import (
    ABSENT,
    Instant,
    Json,
    blank,
    id_text,
    instant_ns,
    instant_us,
    json_text,
    json_value,
    shown,
)
from weft.errors import InvalidId, InvalidValue
from weft.model.comment import Comment
from weft.model.feedback_score import FoldedScore
from weft.model.ids import is_version_7, new_id
from weft.model.instants import format_ns, format_us
from weft.model.merge import Patch, payload_bytes
from weft.model.span import Span
from weft.model.trace import Trace

View = TypeVar("View", bound=Struct)
Row = TypeVar("Row", Trace, Span)

Source = Literal["sdk", "experiment", "playground", "optimization", "evaluator"]

MAX_BATCH = 1000
MAX_ENVIRONMENT = 150

_encode = msgspec.json.Encoder().encode


class ErrorInfo(Struct, kw_only=True, omit_defaults=True):
    """The SDK's model needs `exception_type` and `traceback`, so a reply always has them."""

    exception_type: str | None = None
    message: str | None = None
    traceback: str | None = None

    def text(self) -> str:
        texts = {
            "exception_type": self.exception_type or "",
            "message": self.message,
            "traceback": self.traceback or "",
        }
        return _encode({name: text for name, text in texts.items() if text is not None}).decode()


class RecordedWrite(Struct, kw_only=True, gc=False):
    """A create. What only the server sets (usage of traces, scores, created_at …) is ignored when it is sent."""

    id: UUID | None = None
    project_name: str | None = None
    name: str | None = None
    start_time: Instant | None = None
    end_time: Instant | None = None
    input: Json = ABSENT
    output: Json = ABSENT
    metadata: Json = ABSENT
    tags: list[str] | None = None
    error_info: ErrorInfo | None = None
    last_updated_at: Instant | None = None
    ttft: float | None = None
    source: Source | None = None
    environment: str | None = None

    def violations(self, at: str = "") -> list[str]:
        """In the words of Opik's validator; `at` is the path to this object, e.g. `traces[0].`."""
        broken: list[str] = []
        if self.start_time is None:
            broken.append(f"{at}startTime must not be null")
        if self.project_name is not None and blank(self.project_name):
            broken.append(f"{at}projectName must not be blank")
        if self.ttft is not None and not 0 <= self.ttft < float("inf"):
            broken.append(f"{at}ttft must be greater than or equal to 0")
        if self.environment is not None and len(self.environment) > MAX_ENVIRONMENT:
            broken.append(f"{at}environment cannot exceed {MAX_ENVIRONMENT} characters")
        return broken

    def columns(self, caller: Caller, now: int) -> dict[str, Any]:
        """The stored columns that traces and spans share. Raises InvalidValue for a time that is none."""
        stamp = instant_us(self.last_updated_at, "last_updated_at")
        stamp = now if stamp is None else stamp
        input, output, metadata = json_text(self.input), json_text(self.output), json_text(self.metadata)
        return {
            "workspace_id": caller.workspace_id,
            "id": new_id() if self.id is None else id_text(self.id),
            "start_time": instant_ns(self.start_time, "start_time"),
            "end_time": instant_ns(self.end_time, "end_time"),
            "name": self.name,
            "input": input,
            "output": output,
            "metadata": metadata,
            "tags": list(dict.fromkeys(self.tags)) if self.tags else [],
            "error_info": self.error_info.text() if self.error_info else None,
            "ttft": self.ttft,
            "source": self.source,
            "environment": self.environment,
            "created_at": now,
            "created_by": caller.user_name,
            "last_updated_at": stamp,
            "last_updated_by": caller.user_name,
            "create_stamp": stamp,
            "payload_bytes": payload_bytes(input, output, metadata),
        }


class RecordedUpdate(TagsUpdate, kw_only=True):
    """A patch. Null is the same as absent; a blank name is, too (Opik's contract, B.4)."""

    project_name: str | None = None
    project_id: UUID | None = None
    name: str | None = None
    end_time: Instant | None = None
    input: Json = ABSENT
    output: Json = ABSENT
    metadata: Json = ABSENT
    error_info: ErrorInfo | None = None
    ttft: float | None = None
    source: Source | None = None
    environment: str | None = None

    def violations(self) -> list[str]:
        texts = super().violations()
        if self.ttft is not None and not 0 <= self.ttft < float("inf"):
            texts.append("ttft must be greater than or equal to 0")
        if len(self.environment or "") > MAX_ENVIRONMENT:
            texts.append("environment cannot exceed 150 characters")
        return texts

    def values(self) -> dict[str, object]:
        """The new values of stored columns, tags apart. Raises InvalidValue for a time that is none."""
        values = {
            "name": None if blank(self.name) else self.name,
            "end_time": instant_ns(self.end_time, "end_time"),
            "input": json_text(self.input),
            "output": json_text(self.output),
            "metadata": json_text(self.metadata),
            "error_info": self.error_info.text() if self.error_info else None,
            "ttft": self.ttft,
            "source": self.source,
            "environment": self.environment,
        }
        return {name: value for name, value in values.items() if value is not None}

    def patch(self, caller: Caller, now: int) -> Patch:
        return self.tags_patch(caller, now, self.values(), merge_tags=False)

    def patch_for_many(self, caller: Caller, now: int, merge_tags: bool) -> Patch:
        """For a batch update, where `source` cannot be changed and `tags` may be added to what is there."""
        values = {name: value for name, value in self.values().items() if name != "source"}
        return self.tags_patch(caller, now, values, merge_tags)


class RecordedView(Struct, kw_only=True, omit_defaults=True):
    """A reply. All but `id`, `project_id` and `last_updated_at` may be excluded; nulls are left out."""

    id: str
    project_id: str
    name: str | None = None
    start_time: Instant | None = None
    end_time: Instant | None = None
    duration: float | None = None
    input: Json | None = None
    output: Json | None = None
    metadata: Json | None = None
    tags: list[str] | None = None
    error_info: Json | None = None
    usage: dict[str, int] | None = None
    ttft: float | None = None
    source: str | None = None
    environment: str | None = None
    feedback_scores: list[ScoreView] | None = None
    comments: list[CommentView] | None = None
    created_at: Instant | None = None
    created_by: str | None = None
    last_updated_at: Instant
    last_updated_by: str | None = None


class Ids(Struct, kw_only=True):
    ids: list[UUID] | None = None

    def item_count(self) -> int:
        return len(self.ids or ())

    def violations(self) -> list[str]:
        return size_violations(self.ids, "ids")

    def texts(self) -> list[str]:
        return [str(id) for id in self.ids or ()]


def placed(rows: Sequence[Row], writes: Sequence[RecordedWrite], projects: Mapping[str | None, str]) -> list[Row]:
    """The rows in the projects that their creates name; `projects` maps names to ids."""
    return [replace(row, project_id=projects[write.project_name]) for row, write in zip(rows, writes, strict=True)]


def size_violations(items: list[Any] | None, name: str) -> list[str]:
    if items is None:
        return [f"{name} must not be null"]
    if not 1 <= len(items) <= MAX_BATCH:
        return [f"{name} size must be between 1 and {MAX_BATCH}"]
    return []


def check_version_7(id: UUID | None, entity: str) -> None:
    """Raises InvalidId. `entity` is the text before "id", as Opik's contract, A.5, has it for each place."""
    if id is not None and not is_version_7(id):
        raise InvalidId(entity=entity)


def counters(usage: dict[str, int | None] | None) -> dict[str, int]:
    """Usage without its nulls. Raises InvalidValue for what 64 bits cannot hold."""
    if not usage:
        return {}
    counted = {key: count for key, count in usage.items() if count is not None}
    for key, count in counted.items():
        if not -(2**63) <= count < 2**63:
            raise InvalidValue(reason=f"usage.{key}: {str(count)[:20]}… is out of range")
    return counted


def shared_view(
    row: Trace | Span, scores: tuple[FoldedScore, ...], comments: tuple[Comment, ...], truncate: bool
) -> dict[str, Any]:
    """The fields of a reply that traces and spans share, but for the metadata and the usage."""
    return {
        "id": row.id,
        "project_id": row.project_id,
        "name": None if blank(row.name) else row.name,
        "start_time": format_ns(row.start_time),
        "end_time": None if row.end_time is None else format_ns(row.end_time),
        "duration": _duration_ms(row),
        "input": shown(row.input, truncate),
        "output": shown(row.output, truncate),
        "tags": row.tags or None,
        "error_info": json_value(row.error_info),
        "ttft": row.ttft,
        "source": row.source,
        "environment": row.environment or None,
        "feedback_scores": score_views(scores),
        "comments": comment_views(comments),
        "created_at": format_us(row.created_at),
        "created_by": row.created_by,
        "last_updated_at": format_us(row.last_updated_at),
        "last_updated_by": row.last_updated_by,
    }


def _duration_ms(row: Trace | Span) -> float | None:
    """None for what has not ended, or of which only patches have come."""
    return None if row.end_time is None or row.start_time == 0 else (row.end_time - row.start_time) / 1e6


def without(view: View, exclude: frozenset[str]) -> View:
    """The reply without the fields that were excluded."""
    left_out = exclude & set(view.__struct_fields__)
    return replace(view, **dict.fromkeys(left_out)) if left_out else view


def with_providers(metadata: str | None, providers: tuple[str, ...]) -> str | None:
    """Metadata as a trace shows it: with the providers of its spans as first key, unless it has such a key or is no
    object (Opik's contract, F.1)."""
    if not providers:
        return metadata
    named = _encode(list(providers)).decode()
    if metadata is None:
        return f'{{"providers":{named}}}'
    if not metadata.startswith("{") or _names_providers(metadata):
        return metadata
    rest = metadata[1:]
    return f'{{"providers":{named}{"" if rest == "}" else ","}{rest}'


def _names_providers(metadata: str) -> bool:
    if '"providers"' not in metadata:
        return False
    try:
        return "providers" in msgspec.json.decode(metadata, type=dict[str, Raw])
    except RecursionError:
        # What could just be read when it came can be too deep for the stack it is read back on.
        return True
