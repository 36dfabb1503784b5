"""Traces on the wire (Opik's contract, B.1 to B.11, F.1)."""

from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from weft.api.auth import Caller
from weft.api.opik.wire.guardrails import GuardrailsValidationView, guardrails_validations
from weft.api.opik.wire.recorded import (
    Ids,
    RecordedUpdate,
    RecordedView,
    RecordedWrite,
    check_version_7,
    shared_view,
    size_violations,
    with_providers,
    without,
)
from weft.api.opik.wire.scores import ScoreView, score_views
from weft.api.opik.wire.values import blank, json_value
from weft.model.merge import Patch
from weft.model.trace import Trace, TraceRecord


class TraceWrite(RecordedWrite, kw_only=True):
    thread_id: str | None = None

    def trace(self, caller: Caller, now: int) -> Trace:
        """In no project yet. Raises InvalidId and InvalidValue."""
        check_version_7(self.id, "Trace")
        return Trace(
            project_id="",
            thread_id=None if blank(self.thread_id) else self.thread_id,
            **self.columns(caller, now),
        )


class TraceBatch(Struct, kw_only=True):
    traces: list[TraceWrite] | None = None

    def item_count(self) -> int:
        return len(self.traces or ())

    def violations(self) -> list[str]:
        wrong_size = size_violations(self.traces, "traces")
        return wrong_size or [
            text for i, trace in enumerate(self.traces or ()) for text in trace.violations(f"traces[{i}].")
        ]

    def project_names(self) -> set[str | None]:
        return {trace.project_name for trace in self.traces or ()}

    def to_traces(self, caller: Caller, now: int) -> list[Trace]:
        """In no project yet. Raises InvalidId and InvalidValue."""
        return [trace.trace(caller, now) for trace in self.traces or ()]


class TraceUpdate(RecordedUpdate, kw_only=True):
    thread_id: str | None = None

    def values(self) -> dict[str, object]:
        values = super().values()
        return values if blank(self.thread_id) else {**values, "thread_id": self.thread_id}


class TraceBatchUpdate(Ids, kw_only=True):
    update: TraceUpdate | None = None
    merge_tags: bool | None = None

    def violations(self) -> list[str]:
        wrong_update = ["update must not be null"] if self.update is None else self.update.violations()
        return super().violations() + wrong_update

    def patch(self, caller: Caller, now: int) -> Patch:
        assert self.update is not None
        return self.update.patch_for_many(caller, now, bool(self.merge_tags))


class TraceDelete(Ids, kw_only=True):
    project_id: UUID | None = None


class TraceView(RecordedView, kw_only=True, omit_defaults=True):
    thread_id: str | None = None
    total_estimated_cost: Decimal | None = None
    span_count: int | None = None
    llm_span_count: int | None = None
    has_tool_spans: bool | None = None
    providers: list[str] | None = None
    span_feedback_scores: list[ScoreView] | None = None
    guardrails_validations: list[GuardrailsValidationView] | None = None
    visibility_mode: str | None = None


def trace_view(record: TraceRecord, exclude: frozenset[str] = frozenset(), truncate: bool = False) -> TraceView:
    trace, totals = record.trace, record.totals
    view = TraceView(
        **shared_view(trace, record.scores, record.comments, truncate),
        metadata=json_value(with_providers(trace.metadata, totals.providers)),
        usage=totals.usage or None,
        thread_id=trace.thread_id,
        total_estimated_cost=totals.total_estimated_cost or None,
        span_count=totals.span_count,
        llm_span_count=totals.llm_span_count,
        has_tool_spans=totals.has_tool_spans,
        providers=list(totals.providers),
        span_feedback_scores=score_views(record.span_scores),
        guardrails_validations=guardrails_validations(record.guardrails),
        visibility_mode="default",
    )
    return without(view, exclude)
