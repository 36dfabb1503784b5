"""The store: reads as named statements, writes through the one writer. Which engine is behind it shows nowhere here."""

from collections.abc import AsyncGenerator, Callable, Sequence

from weft.model.feedback_score import EntityType, FeedbackScore
from weft.model.merge import Patch
from weft.model.page import Page
from weft.model.span import Span, SpanRecord
from weft.model.trace import Trace, TraceRecord
from weft.store.changes import (
    CreateSpan,
    CreateTrace,
    Execute,
    PatchMany,
    PatchSpan,
    PatchTrace,
    PutScores,
    PutSpans,
    PutTraces,
    ScoreEntity,
)
from weft.store.contract import Selection, SpanParent, Target
from weft.store.database import Database
from weft.store.engine import Engine
from weft.store.records import find_page, get_one, stream
from weft.store.scores import score_names
from weft.store.spans import SPANS, span_exists
from weft.store.statements import load_statements
from weft.store.traces import TRACES, last_trace_times, trace_exists
from weft.store.writer import Writer


class SqlStore:
    """A `Store` on any engine; what each method promises is said there."""

    def __init__(self, engine: Engine, price: Callable[[Span], Span] = lambda span: span) -> None:
        statements = load_statements()
        self._engine = engine
        self._db = Database(engine, statements)
        self._writer = Writer(engine, statements, price)

    async def put_traces(self, traces: Sequence[Trace]) -> None:
        await self._writer.apply(PutTraces(traces))

    async def create_trace(self, trace: Trace) -> None:
        await self._writer.apply(CreateTrace(trace))

    async def patch_trace(self, target: Target, patch: Patch) -> None:
        await self._writer.apply(PatchTrace(target, patch))

    async def patch_traces(self, workspace_id: str, ids: Sequence[str], patch: Patch) -> None:
        await self._writer.apply(PatchMany("traces", workspace_id, ids, patch))

    async def delete_traces(self, workspace_id: str, ids: Sequence[str], project_id: str | None = None) -> None:
        params = {
            "workspace_id": workspace_id,
            "ids": list(ids),
            "project_id": project_id or "",
            "entity_type": "trace",
        }
        cascade = ("delete_scores_of", "delete_span_scores_of_traces", "delete_spans_of_traces", "delete_traces")
        await self._writer.apply(Execute(cascade, params))

    async def get_trace(self, workspace_id: str, id: str) -> TraceRecord:
        return await get_one(self._db, TRACES, workspace_id, id)

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

    async def patch_spans(self, workspace_id: str, ids: Sequence[str], patch: Patch) -> None:
        await self._writer.apply(PatchMany("spans", workspace_id, ids, patch))

    async def get_span(self, workspace_id: str, id: str) -> SpanRecord:
        return await get_one(self._db, SPANS, workspace_id, id)

    async def find_spans(self, selection: Selection) -> Page[SpanRecord]:
        return await find_page(self._db, SPANS, selection)

    def stream_spans(self, selection: Selection) -> AsyncGenerator[SpanRecord, None]:
        return stream(self._engine, self._db, SPANS, selection)

    async def span_exists(self, workspace_id: str, project_id: str, source: str | None = None) -> bool:
        return await span_exists(self._db, workspace_id, project_id, source)

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

    async def delete_project(self, workspace_id: str, project_id: str) -> None:
        everything = ("delete_project_scores", "delete_project_spans", "delete_project_traces")
        await self._writer.apply(Execute(everything, {"workspace_id": workspace_id, "project_id": project_id}))

    async def ping(self) -> None:
        await self._engine.read("SELECT 1", {})

    async def close(self) -> None:
        await self._writer.close()
        await self._engine.close()
