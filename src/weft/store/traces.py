"""Queries on traces."""

from asyncio import gather
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from weft.model.trace import SpanTotals, Trace, TraceRecord
from weft.store.comments import Comments, get_comments
from weft.store.contract import Scope
from weft.store.database import Database
from weft.store.guardrails import Guardrails, get_guardrails
from weft.store.rare_tables import rare_tables
from weft.store.records import Kind
from weft.store.scores import Folded, get_trace_scores

# The parts of a trace that come from its spans, by the names of Opik's contract, C.7; `metadata` names providers.
_FROM_SPANS = frozenset(
    {"usage", "total_estimated_cost", "span_count", "llm_span_count", "has_tool_spans", "providers", "metadata"}
)
_SCORES = frozenset({"feedback_scores", "span_feedback_scores"})


async def trace_exists(db: Database, workspace_id: str, project_id: str, source: str | None, thread_only: bool) -> bool:
    params = {
        "workspace_id": workspace_id,
        "project_id": project_id,
        "source": source or "",
        "thread_only": int(thread_only),
    }
    return bool(await db.run("trace_exists", params))


async def last_trace_times(db: Database, workspace_id: str) -> dict[str, int]:
    return dict(await db.run("last_trace_times", {"workspace_id": workspace_id}))


async def _complete(
    db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]
) -> Callable[[Trace], TraceRecord]:
    totals, (scores, span_scores), (comments, guardrails) = await gather(
        _span_totals(db, scope, ids, exclude),
        _scores(db, scope, ids, exclude),
        _comments_and_guardrails(db, scope, ids, exclude),
    )
    none = SpanTotals()

    def record(trace: Trace) -> TraceRecord:
        return TraceRecord(
            trace,
            totals.get(trace.id, none),
            scores.get(trace.id, ()),
            span_scores.get(trace.id, ()),
            comments.get(trace.id, ()),
            guardrails.get(trace.id, ()),
        )

    return record


async def _scores(db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]) -> tuple[Folded, Folded]:
    return ({}, {}) if exclude >= _SCORES else await get_trace_scores(db, scope, ids)


async def _comments_and_guardrails(
    db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]
) -> tuple[Comments, Guardrails]:
    if exclude >= {"comments", "guardrails_validations"}:
        return {}, {}
    present = await rare_tables(db, scope)
    with_comments = "comments" in present and "comments" not in exclude
    with_guardrails = "guardrails" in present and "guardrails_validations" not in exclude
    return (
        await get_comments(db, scope, "trace", ids) if with_comments else {},
        await get_guardrails(db, scope, ids) if with_guardrails else {},
    )


async def _span_totals(
    db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]
) -> dict[str, SpanTotals]:
    if exclude >= _FROM_SPANS:
        return {}
    rows = await db.run("trace_span_totals", scope._asdict() | {"ids": list(ids)})
    of_traces: dict[str, list[_SpanGroup]] = defaultdict(list)
    for trace_id, *group in rows:
        of_traces[trace_id].append(_SpanGroup(*group))
    return {trace_id: _added_up(groups) for trace_id, groups in of_traces.items()}


class _SpanGroup(NamedTuple):
    """Either the spans of one type and provider, or (without a type) one usage counter summed over all spans."""

    type: str
    provider: str
    usage_key: str
    total: Decimal
    cost: Decimal | None


def _added_up(groups: Sequence[_SpanGroup]) -> SpanTotals:
    spans = [group for group in groups if group.type]
    usage = {group.usage_key: int(group.total) for group in groups if not group.type}
    return SpanTotals(
        span_count=sum(int(group.total) for group in spans),
        llm_span_count=sum(int(group.total) for group in spans if group.type == "llm"),
        has_tool_spans=any(group.type == "tool" for group in spans),
        total_estimated_cost=sum((group.cost for group in spans if group.cost is not None), Decimal(0)),
        providers=tuple(sorted({group.provider for group in spans if group.provider})),
        usage=dict(sorted(usage.items())),
    )


TRACES = Kind(
    entity_type="trace",
    row=Trace,
    find="find_trace_ids",
    count="count_traces",
    get="get_traces",
    get_one="get_trace",
    complete=_complete,
)
