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
from weft.store.rare_tables import RareTable, rare_tables
from weft.store.records import Kind
from weft.store.scores import Folded, get_scores, get_span_scores

# The parts of a trace that come from its spans, by the names of Opik's contract, C.7; `metadata` names providers.
_FROM_SPANS = frozenset(
    {"usage", "total_estimated_cost", "span_count", "llm_span_count", "has_tool_spans", "providers", "metadata"}
)
_BESIDE = frozenset({"feedback_scores", "span_feedback_scores", "comments", "guardrails_validations"})


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
    totals, beside = await gather(_span_totals(db, scope, ids, exclude), _beside(db, scope, ids, exclude))
    none = SpanTotals()

    def record(trace: Trace) -> TraceRecord:
        return TraceRecord(
            trace,
            totals.get(trace.id, none),
            beside.scores.get(trace.id, ()),
            beside.span_scores.get(trace.id, ()),
            beside.comments.get(trace.id, ()),
            beside.guardrails.get(trace.id, ()),
        )

    return record


class _Beside(NamedTuple):
    """What others have said of traces."""

    scores: Folded
    span_scores: Folded
    comments: Comments
    guardrails: Guardrails


async def _beside(db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]) -> _Beside:
    present = frozenset() if exclude >= _BESIDE else await rare_tables(db, scope)

    def wanted(table: RareTable, field: str) -> bool:
        return table in present and field not in exclude

    return _Beside(
        await get_scores(db, scope, "trace", ids) if wanted("trace_scores", "feedback_scores") else {},
        await get_span_scores(db, scope, ids) if wanted("span_scores", "span_feedback_scores") else {},
        await get_comments(db, scope, "trace", ids) if wanted("comments", "comments") else {},
        await get_guardrails(db, scope, ids) if wanted("guardrails", "guardrails_validations") else {},
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
