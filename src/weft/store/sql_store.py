"""The store: reads as named statements, writes through the one writer. Which engine is behind it shows nowhere here."""

from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from pathlib import Path

from weft.model.attachment import Attachment, AttachmentQuery
from weft.model.comment import Comment
from weft.model.feedback_score import EntityType, FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.merge import Patch
from weft.model.outcome import Outcome
from weft.model.page import Page
from weft.model.restored import Restored
from weft.model.retention import Cutoff, Expired
from weft.model.span import Span, SpanRecord
from weft.model.stats import Buckets, Figures, Stats, Totals
from weft.model.table_stats import TableStats
from weft.model.thread import ThreadRecord
from weft.model.trace import Trace, TraceRecord
from weft.store import retention, stats
from weft.store.attachment_changes import PutAttachments
from weft.store.attachments import attachments_of_project, find_attachments, get_attachments, known_places
from weft.store.batch_changes import PatchMany
from weft.store.changes import (
    CreateSpan,
    CreateTrace,
    Execute,
    PatchSpan,
    PatchTrace,
    PutScores,
    PutSpans,
    PutTraces,
    ScoreEntity,
    delete_traces,
)
from weft.store.comment_changes import AddComment, UpdateComment
from weft.store.comments import get_comment
from weft.store.contract import Occasion, Scope, Selection, SpanParent, Target, ThreadScore
from weft.store.database import Database
from weft.store.engine import Engine
from weft.store.guardrail_changes import AddGuardrails
from weft.store.records import find_page, stream
from weft.store.restoring import Restore
from weft.store.scores import score_names
from weft.store.spans import SPANS, get_span, span_exists
from weft.store.statements import load_statements
from weft.store.table_stats import table_stats
from weft.store.thread_changes import CloseThreads, DeleteThreads, OpenThread, PatchThread, ScoreThreads
from weft.store.threads import THREADS, get_thread, thread_model_id
from weft.store.traces import TRACES, get_trace, last_trace_times, trace_exists
from weft.store.writer import Free, Writer, keep_bytes


class SqlStore:
    """A `Store` on any engine; what each method promises is said there."""

    def __init__(
        self, engine: Engine, price: Callable[[Span], Span] = lambda span: span, free: Free = keep_bytes
    ) -> None:
        statements = load_statements()
        self._engine = engine
        self._db = Database(engine, statements)
        self._writer = Writer(engine, statements, price, free)

    async def put_traces(self, traces: Sequence[Trace]) -> None:
        await self._writer.apply(PutTraces(traces))

    async def create_trace(self, trace: Trace) -> None:
        await self._writer.apply(CreateTrace(trace))

    async def patch_trace(self, target: Target, patch: Patch) -> None:
        await self._writer.apply(PatchTrace(target, patch))

    async def patch_traces(
        self, workspace_id: str, ids: Sequence[str], patch: Patch, each_alone: bool = False
    ) -> list[Outcome]:
        return await self._writer.apply(PatchMany("traces", workspace_id, ids, patch, each_alone))

    async def delete_traces(self, workspace_id: str, ids: Sequence[str], project_id: str | None = None) -> None:
        await self._writer.apply(delete_traces(workspace_id, ids, project_id))

    async def get_trace(self, workspace_id: str, id: str) -> TraceRecord:
        return await get_trace(self._db, workspace_id, id)

    async def find_traces(self, selection: Selection) -> Page[TraceRecord]:
        return await find_page(self._db, TRACES, selection)

    def stream_traces(self, selection: Selection) -> AsyncGenerator[TraceRecord, None]:
        return stream(self._engine, self._db, TRACES, selection)

    async def trace_exists(
        self, workspace_id: str, project_id: str, source: str | None = None, thread_only: bool = False
    ) -> bool:
        return await trace_exists(self._db, workspace_id, project_id, source, thread_only)

    async def last_trace_times(self, workspace_id: str) -> dict[str, int]:
        return await last_trace_times(self._db, workspace_id)

    async def put_spans(self, spans: Sequence[Span]) -> None:
        await self._writer.apply(PutSpans(spans))

    async def create_span(self, span: Span) -> None:
        await self._writer.apply(CreateSpan(span))

    async def patch_span(self, target: Target, parent: SpanParent, patch: Patch) -> None:
        await self._writer.apply(PatchSpan(target, parent, patch))

    async def patch_spans(
        self, workspace_id: str, ids: Sequence[str], patch: Patch, each_alone: bool = False
    ) -> list[Outcome]:
        return await self._writer.apply(PatchMany("spans", workspace_id, ids, patch, each_alone))

    async def get_span(self, workspace_id: str, id: str) -> SpanRecord:
        return await get_span(self._db, workspace_id, id)

    async def find_spans(self, selection: Selection) -> Page[SpanRecord]:
        return await find_page(self._db, SPANS, selection)

    def stream_spans(self, selection: Selection) -> AsyncGenerator[SpanRecord, None]:
        return stream(self._engine, self._db, SPANS, selection)

    async def span_exists(self, workspace_id: str, project_id: str, source: str | None = None) -> bool:
        return await span_exists(self._db, workspace_id, project_id, source)

    async def open_thread(self, scope: Scope, thread_id: str, occasion: Occasion) -> None:
        await self._writer.apply(OpenThread(scope, thread_id, occasion))

    async def close_threads(self, scope: Scope, thread_ids: Sequence[str], occasion: Occasion) -> None:
        await self._writer.apply(CloseThreads(scope, thread_ids, occasion))

    async def patch_thread(self, workspace_id: str, id: str, patch: Patch) -> None:
        await self._writer.apply(PatchThread(workspace_id, id, patch))

    async def patch_threads(
        self, workspace_id: str, ids: Sequence[str], patch: Patch, each_alone: bool = False
    ) -> list[Outcome]:
        return await self._writer.apply(PatchMany("threads", workspace_id, ids, patch, each_alone))

    async def delete_threads(self, scope: Scope, thread_ids: Sequence[str]) -> None:
        await self._writer.apply(DeleteThreads(scope, thread_ids))

    async def get_thread(self, selection: Selection, thread_id: str) -> ThreadRecord:
        return await get_thread(self._db, selection, thread_id)

    async def find_threads(self, selection: Selection) -> Page[ThreadRecord]:
        return await find_page(self._db, THREADS, selection)

    def stream_threads(self, selection: Selection) -> AsyncGenerator[ThreadRecord, None]:
        return stream(self._engine, self._db, THREADS, selection)

    async def thread_model_id(self, scope: Scope, thread_id: str) -> str | None:
        return await thread_model_id(self._db, scope, thread_id)

    async def put_thread_scores(self, scores: Sequence[ThreadScore]) -> None:
        await self._writer.apply(ScoreThreads(scores))

    async def delete_thread_scores(
        self,
        scope: Scope,
        thread_id: str,
        names: Sequence[str],
        author: str | None = None,
        source_queue_id: str | None = None,
    ) -> None:
        params = scope._asdict() | {
            "thread_ids": [thread_id],
            "names": list(names),
            "author": author or "",
            "source_queue_id": source_queue_id or "",
        }
        await self._writer.apply(Execute(["delete_thread_scores"], params))

    async def put_scores(self, scores: Sequence[FeedbackScore]) -> None:
        await self._writer.apply(PutScores(scores))

    async def score_entity(self, score: FeedbackScore) -> None:
        await self._writer.apply(ScoreEntity(score))

    async def delete_score(
        self,
        workspace_id: str,
        entity_type: EntityType,
        entity_id: str,
        name: str,
        author: str | None = None,
        source_queue_id: str | None = None,
    ) -> None:
        params = {
            "workspace_id": workspace_id,
            "entity_type": entity_type,
            "entity_id": entity_id,
            "name": name,
            "author": author or "",
            "source_queue_id": source_queue_id or "",
        }
        await self._writer.apply(Execute(["delete_score"], params))

    async def score_names(
        self,
        workspace_id: str,
        entity_type: EntityType,
        project_id: str | None = None,
        span_type: str | None = None,
    ) -> list[str]:
        return await score_names(self._db, workspace_id, entity_type, project_id, span_type)

    async def add_comment(self, comment: Comment) -> None:
        await self._writer.apply(AddComment(comment))

    async def get_comment(self, workspace_id: str, entity_type: EntityType, entity_id: str, id: str) -> Comment:
        return await get_comment(self._db, workspace_id, entity_type, entity_id, id)

    async def update_comment(self, workspace_id: str, entity_type: EntityType, id: str, patch: Patch) -> None:
        await self._writer.apply(UpdateComment(workspace_id, entity_type, id, patch))

    async def delete_comments(self, workspace_id: str, entity_type: EntityType, ids: Sequence[str]) -> None:
        params = {"workspace_id": workspace_id, "entity_type": entity_type, "ids": list(ids)}
        await self._writer.apply(Execute(["delete_comments"], params))

    async def add_guardrails(self, guardrails: Sequence[Guardrail]) -> None:
        await self._writer.apply(AddGuardrails(guardrails))

    async def put_attachments(self, attachments: Sequence[Attachment]) -> None:
        await self._writer.apply(PutAttachments(attachments))

    async def find_attachments(self, query: AttachmentQuery) -> Page[Attachment]:
        return await find_attachments(self._db, query)

    async def get_attachments(self, query: AttachmentQuery, file_names: Sequence[str]) -> list[Attachment]:
        return await get_attachments(self._db, query, file_names)

    async def attachments_of_project(
        self, scope: Scope, after: tuple[str, str, str] | None, limit: int
    ) -> list[Attachment]:
        return await attachments_of_project(self._db, scope, after, limit)

    async def restore(self, records: Restored) -> None:
        await self._writer.apply(Restore(records))

    async def known_places(self, places: Sequence[str]) -> list[str]:
        return await known_places(self._db, places)

    async def delete_attachments(self, query: AttachmentQuery, file_names: Sequence[str]) -> None:
        params = {
            "workspace_id": query.workspace_id,
            "project_id": query.project_id,
            "entity_type": query.entity_type,
            "entity_id": query.entity_id,
            "file_names": list(file_names),
        }
        await self._writer.apply(Execute(["delete_attachments"], params, frees=["places_of_attachments"]))

    async def project_score_names(self, workspace_id: str, project_ids: Sequence[str]) -> list[str]:
        return await stats.project_score_names(self._db, workspace_id, project_ids)

    async def get_stats(self, entity_type: EntityType, selection: Selection) -> Stats | None:
        return await stats.get_stats(self._db, entity_type, selection)

    async def get_figures(
        self, entity_type: EntityType, selection: Selection, names: Collection[str], buckets: Buckets
    ) -> dict[int, Figures]:
        return await stats.get_figures(self._db, entity_type, selection, names, buckets)

    async def get_usage(self, entity_type: EntityType, selection: Selection, buckets: Buckets) -> dict[int, Totals]:
        return await stats.get_usage(self._db, entity_type, selection, buckets)

    async def get_mean_scores(
        self, entity_type: EntityType, selection: Selection, buckets: Buckets
    ) -> dict[int, Totals]:
        return await stats.get_mean_scores(self._db, entity_type, selection, buckets)

    async def count_failed_guardrails(self, selection: Selection, buckets: Buckets) -> dict[int, int]:
        return await stats.count_failed_guardrails(self._db, selection, buckets)

    async def usage_names(self, workspace_id: str, project_id: str) -> list[str]:
        return await stats.usage_names(self._db, workspace_id, project_id)

    async def projects_of(
        self, workspace_id: str, entity_type: EntityType, ids: Sequence[str]
    ) -> list[tuple[str, str]]:
        params = {"workspace_id": workspace_id, "ids": list(ids)}
        return [(id, project_id) for id, project_id in await self._db.run(f"projects_of_{entity_type}s", params)]

    async def delete_project(self, workspace_id: str, project_id: str) -> None:
        everything = (
            "delete_project_scores",
            "delete_project_comments",
            "delete_project_guardrails",
            "delete_project_attachments",
            "delete_project_spans",
            "delete_project_traces",
            "delete_project_threads",
        )
        params = {"workspace_id": workspace_id, "project_id": project_id}
        await self._writer.apply(Execute(everything, params, frees=["places_of_project"]))

    async def count_expired(self, scope: Scope, cutoff: Cutoff) -> Expired:
        return await retention.count_expired(self._db, scope, cutoff)

    async def expired_trace_ids(self, scope: Scope, cutoff: Cutoff, limit: int) -> list[str]:
        return await retention.expired_trace_ids(self._db, scope, cutoff, limit)

    async def delete_lost(self, scope: Scope, cutoff: Cutoff) -> None:
        await self._writer.apply(retention.delete_lost(scope, cutoff))

    async def delete_empty_threads(self, scope: Scope, cutoff: Cutoff, limit: int) -> int:
        return await self._writer.apply(retention.DeleteEmptyThreads(scope, cutoff.us, limit))

    async def table_stats(self, now_us: int) -> list[TableStats]:
        return await table_stats(self._db, now_us)

    async def copy_to(self, path: Path) -> None:
        await self._engine.copy_to(path)

    async def ping(self) -> None:
        await self._engine.read("SELECT 1", {})

    async def close(self) -> None:
        await self._writer.close()
        await self._engine.close()
