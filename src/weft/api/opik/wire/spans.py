"""Spans on the wire (Opik's contract, H.1, F.2)."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct

from weft.api.auth import Caller
from weft.api.opik.wire.recorded import (
    Ids,
    RecordedUpdate,
    RecordedView,
    RecordedWrite,
    check_version_7,
    counters,
    shared_view,
    size_violations,
    without,
)
from weft.api.opik.wire.selection import ListQuery, SearchBody, equals
from weft.api.opik.wire.values import id_text, json_value
from weft.filters.syntax import Filter
from weft.model.merge import Patch
from weft.model.span import COST_LIMIT, Span, SpanRecord
from weft.store.contract import SpanParent

SpanType = Literal["general", "tool", "llm", "guardrail"]

_TWELVE_DIGITS = Decimal("0.000000000001")
_EXACT = Context(prec=40)


class SpanWrite(RecordedWrite, kw_only=True):
    trace_id: UUID | None = None
    parent_span_id: UUID | None = None
    type: SpanType | None = None
    model: str | None = None
    provider: str | None = None
    usage: dict[str, int | None] | None = None
    total_estimated_cost: Decimal | None = None

    def violations(self, at: str = "") -> list[str]:
        missing = [f"{at}traceId must not be null"] if self.trace_id is None else []
        return missing + super().violations(at) + _cost_violations(self.total_estimated_cost, at)

    def _check_ids(self) -> None:
        check_version_7(self.id, "Span")
        check_version_7(self.trace_id, "Span trace")
        check_version_7(self.parent_span_id, "Span parent")

    def span(self, caller: Caller, now: int) -> Span:
        """In no project yet. Raises InvalidId and InvalidValue."""
        self._check_ids()
        return Span(
            project_id="",
            trace_id=id_text(self.trace_id) if self.trace_id else "",
            parent_span_id=id_text(self.parent_span_id) if self.parent_span_id else None,
            type=self.type or "general",
            model=self.model,
            provider=self.provider,
            usage=counters(self.usage),
            total_estimated_cost=_rounded(self.total_estimated_cost),
            **self.columns(caller, now),
        )


class SpanBatch(Struct, kw_only=True):
    spans: list[SpanWrite] | None = None

    def item_count(self) -> int:
        return len(self.spans or ())

    def violations(self) -> list[str]:
        wrong_size = size_violations(self.spans, "spans")
        return wrong_size or [
            text for i, span in enumerate(self.spans or ()) for text in span.violations(f"spans[{i}].")
        ]

    def project_names(self) -> set[str | None]:
        return {span.project_name for span in self.spans or ()}

    def to_spans(self, caller: Caller, now: int) -> list[Span]:
        """In no project yet. Raises InvalidId and InvalidValue."""
        return [span.span(caller, now) for span in self.spans or ()]


class SpanUpdate(RecordedUpdate, kw_only=True):
    trace_id: UUID | None = None
    parent_span_id: UUID | None = None
    type: SpanType | None = None
    model: str | None = None
    provider: str | None = None
    usage: dict[str, int | None] | None = None
    total_estimated_cost: Decimal | None = None

    def violations(self) -> list[str]:
        missing = ["traceId must not be null"] if self.trace_id is None else []
        return missing + super().violations() + _cost_violations(self.total_estimated_cost, "")

    def check_ids(self) -> None:
        check_version_7(self.trace_id, "Span trace")
        check_version_7(self.parent_span_id, "Span parent")

    def parent(self) -> SpanParent:
        return SpanParent(str(self.trace_id), str(self.parent_span_id) if self.parent_span_id else None)

    def values(self) -> dict[str, object]:
        own = {
            "type": self.type,
            "model": self.model,
            "provider": self.provider,
            "usage": None if self.usage is None else counters(self.usage),
        }
        cost = {"total_estimated_cost": _rounded(self.total_estimated_cost), "total_estimated_cost_version": ""}
        given = {name: value for name, value in own.items() if value is not None}
        return super().values() | given | (cost if self.total_estimated_cost is not None else {})


class SpanBatchUpdate(Ids, kw_only=True):
    update: SpanUpdate | None = None
    merge_tags: bool | None = None

    def violations(self) -> list[str]:
        wrong_update = ["update must not be null"] if self.update is None else self.update.violations()
        return super().violations() + wrong_update

    def patch(self, caller: Caller, now: int) -> Patch:
        assert self.update is not None
        return self.update.patch_for_many(caller, now, bool(self.merge_tags))


class SpanListQuery(ListQuery, kw_only=True):
    trace_id: UUID | None = None
    type: SpanType | None = None

    def filters_of_parameters(self) -> list[Filter]:
        return equals("trace_id", self.trace_id) + equals("type", self.type)


class SpanSearchBody(SearchBody, kw_only=True):
    trace_id: UUID | None = None
    type: SpanType | None = None

    def filters_of_parameters(self) -> list[Filter]:
        return equals("trace_id", self.trace_id) + equals("type", self.type)


class SpanView(RecordedView, kw_only=True, omit_defaults=True):
    project_name: str | None = None
    trace_id: str
    parent_span_id: str | None = None
    type: str | None = None
    model: str | None = None
    provider: str | None = None
    total_estimated_cost: Decimal | None = None
    total_estimated_cost_version: str | None = None


def span_view(
    record: SpanRecord,
    exclude: frozenset[str] = frozenset(),
    truncate: bool = False,
    project_name: str | None = None,
) -> SpanView:
    span = record.span
    view = SpanView(
        **shared_view(span, record.scores, record.comments, truncate),
        project_name=project_name,
        trace_id=span.trace_id,
        parent_span_id=span.parent_span_id,
        type=span.type,
        metadata=json_value(span.metadata),
        model=span.model,
        provider=span.provider,
        usage=span.usage or None,
        total_estimated_cost=span.total_estimated_cost or None,
        total_estimated_cost_version=span.total_estimated_cost_version or None,
    )
    return without(view, exclude)


def _cost_violations(cost: Decimal | None, at: str) -> list[str]:
    if cost is None:
        return []
    if cost.is_nan() or cost < 0:
        return [f"{at}totalEstimatedCost must be greater than or equal to 0"]
    if cost >= COST_LIMIT:
        return [f"{at}totalEstimatedCost must be less than {COST_LIMIT}"]
    return []


def _rounded(cost: Decimal | None) -> Decimal | None:
    return None if cost is None else cost.quantize(_TWELVE_DIGITS, ROUND_HALF_UP, _EXACT)
