"""Threads on the wire (Opik's contract, B.20 to B.28, F.3)."""

from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from weft.api.auth import Caller
from weft.api.opik.wire.comments import CommentView, comment_views
from weft.api.opik.wire.recorded import Ids, size_violations, without
from weft.api.opik.wire.scores import ScoreView, score_views
from weft.api.opik.wire.selection import SearchBody
from weft.api.opik.wire.tags import TagsUpdate
from weft.api.opik.wire.values import Instant, Json, blank, shown
from weft.model.instants import format_ns, format_us
from weft.model.merge import Patch
from weft.model.thread import ThreadRecord, ThreadTotals


class OfProject(Struct, kw_only=True):
    project_id: UUID | None = None
    project_name: str | None = None


class ThreadIdentifier(OfProject, kw_only=True):
    thread_id: str | None = None

    def violations(self) -> list[str]:
        return ["threadId must not be blank"] if blank(self.thread_id) else []


class ThreadRetrieve(ThreadIdentifier, kw_only=True):
    truncate: bool | None = None


class ThreadClose(OfProject, kw_only=True):
    """Either one thread or several."""

    thread_id: str | None = None
    thread_ids: list[str] | None = None

    def violations(self) -> list[str]:
        if self.thread_ids is not None:
            return thread_ids_violations(self.thread_ids)
        return ["threadId must not be blank"] if blank(self.thread_id) else []

    def all_ids(self) -> list[str]:
        return list(dict.fromkeys(self.thread_ids or [self.thread_id or ""]))


class ThreadDelete(OfProject, kw_only=True):
    thread_ids: list[str] | None = None

    def violations(self) -> list[str]:
        nowhere = self.project_id is None and blank(self.project_name)
        texts = ["The request body must provide either a project_name or a project_id"] if nowhere else []
        return texts + thread_ids_violations(self.thread_ids)


class ThreadSearchBody(SearchBody, kw_only=True):
    """Opik's contract, B.22: the SDK takes the `id` of the last thread for its model id, so either will do."""

    last_retrieved_thread_model_id: str | None = None


class ThreadUpdate(TagsUpdate, kw_only=True):
    def patch(self, caller: Caller, now: int, merge_tags: bool = False) -> Patch:
        return self.tags_patch(caller, now, {}, merge_tags)


class ThreadBatchUpdate(Ids, kw_only=True):
    """`ids` are model ids."""

    update: ThreadUpdate | None = None
    merge_tags: bool | None = None

    def violations(self) -> list[str]:
        wrong_update = ["update must not be null"] if self.update is None else self.update.violations()
        return super().violations() + wrong_update

    def patch(self, caller: Caller, now: int) -> Patch:
        assert self.update is not None
        return self.update.patch(caller, now, bool(self.merge_tags))


class ThreadView(Struct, kw_only=True, omit_defaults=True):
    """`id` is the client's own thread id. `start_time`, `end_time` and the messages are those of its traces."""

    id: str
    project_id: str
    thread_model_id: str
    start_time: Instant | None = None
    end_time: Instant | None = None
    duration: float | None = None
    first_message: Json | None = None
    last_message: Json | None = None
    number_of_messages: int | None = None
    total_estimated_cost: Decimal | None = None
    usage: dict[str, int] | None = None
    status: str | None = None
    tags: list[str] | None = None
    feedback_scores: list[ScoreView] | None = None
    comments: list[CommentView] | None = None
    source: str | None = None
    environment: str | None = None
    created_at: Instant | None = None
    created_by: str | None = None
    last_updated_at: Instant
    last_updated_by: str | None = None


def thread_view(record: ThreadRecord, exclude: frozenset[str] = frozenset(), truncate: bool = False) -> ThreadView:
    thread, totals = record.thread, record.totals
    view = ThreadView(
        id=thread.thread_id,
        project_id=thread.project_id,
        thread_model_id=thread.id,
        start_time=format_ns(totals.start_time),
        end_time=None if totals.end_time is None else format_ns(totals.end_time),
        duration=_duration_ms(totals),
        first_message=shown(totals.first_message, truncate),
        last_message=shown(totals.last_message, truncate),
        number_of_messages=2 * totals.trace_count,
        total_estimated_cost=totals.total_estimated_cost or None,
        usage=totals.usage or None,
        status="active" if record.active else "inactive",
        tags=thread.tags or None,
        feedback_scores=score_views(record.scores),
        comments=comment_views(record.comments),
        source=thread.source,
        environment=thread.environment or None,
        created_at=format_us(thread.created_at),
        created_by=thread.created_by,
        last_updated_at=format_us(thread.last_updated_at),
        last_updated_by=thread.last_updated_by,
    )
    return without(view, exclude)


def thread_ids_violations(thread_ids: list[str] | None) -> list[str]:
    if thread_ids is None:
        return ["threadIds must not be empty"]
    return size_violations(thread_ids, "threadIds") or [
        f"threadIds[{place}].<list element> must not be blank" for place, id in enumerate(thread_ids) if blank(id)
    ]


def _duration_ms(totals: ThreadTotals) -> float | None:
    return None if totals.end_time is None or totals.start_time == 0 else (totals.end_time - totals.start_time) / 1e6
