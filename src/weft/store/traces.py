"""Queries on traces."""

from asyncio import gather
from collections import defaultdict
from collections.abc import Sequence

from weft.model.trace import SpanTotals, Trace, TraceRecord
from weft.store.database import Database
from weft.store.records import Kind, Scope
from weft.store.scores import get_scores, get_span_scores_of_traces

# The parts of a trace that come from its spans, by the names of Opik's contract, C.7; `metadata` names providers.
_FROM_SPANS = frozenset(
    {"usage", "total_estimated_cost", "span_count", "llm_span_count", "has_tool_spans", "providers", "metadata"}
)


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


async def _complete(db: Database, scope: Scope, traces: Sequence[Trace], exclude: frozenset[str]) -> list[TraceRecord]:
    ids = [trace.id for trace in traces]
    totals, scores, span_scores = await gather(
        _span_totals(db, scope, ids, exclude),
        get_scores(db, scope, "trace", [] if "feedback_scores" in exclude else ids),
        get_span_scores_of_traces(db, scope, [] if "span_feedback_scores" in exclude else ids),
    )
    none = SpanTotals()
    return [TraceRecord(t, totals.get(t.id, none), scores.get(t.id, ()), span_scores.get(t.id, ())) for t in traces]


async def _span_totals(db: Database, scope: Scope, ids: list[str], exclude: frozenset[str]) -> dict[str, SpanTotals]:
    if exclude >= _FROM_SPANS:
        return {}
    params = scope._asdict() | {"ids": ids}
    totals, usages = await gather(db.run("trace_span_totals", params), db.run("trace_usage", params))
    usage: dict[str, dict[str, int]] = defaultdict(dict)
    for trace_id, key, tokens in usages:
        usage[trace_id][key] = int(tokens)
    return {
        trace_id: SpanTotals(
            span_count=span_count,
            llm_span_count=int(llm_span_count),
            has_tool_spans=bool(has_tool_spans),
            total_estimated_cost=cost,
            providers=tuple(sorted(provider for provider in providers if provider)),
            usage=usage.get(trace_id, {}),
        )
        for trace_id, span_count, llm_span_count, has_tool_spans, cost, providers in totals
    }


TRACES = Kind(
    entity_type="trace",
    row=Trace,
    find="find_trace_ids",
    count="count_traces",
    get="get_traces",
    load="load_traces",
    complete=_complete,
)
