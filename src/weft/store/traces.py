"""Queries on traces."""

from asyncio import gather
from collections.abc import Callable, Sequence
from typing import NamedTuple

from weft.model.trace import SpanTotals, Trace, TraceRecord
from weft.store.among import Among
from weft.store.comments import Comments, get_comments
from weft.store.contract import Scope
from weft.store.database import Database
from weft.store.ever_seen import RareRow
from weft.store.guardrails import Guardrails, get_guardrails
from weft.store.records import Kind, get_row
from weft.store.scores import Folded, get_scores, get_span_scores
from weft.store.span_totals import NO_SPANS, totals_of_trace, totals_of_traces

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


async def get_trace(db: Database, workspace_id: str, id: str) -> TraceRecord:
    """Raises NotFound."""
    trace, totals = await gather(
        get_row(db, TRACES, workspace_id, id),
        totals_of_trace(db, workspace_id, id),
    )
    beside = await _beside(db, Scope(workspace_id, trace.project_id), [id], frozenset())
    return _record(trace, totals.get(trace.project_id, NO_SPANS), beside)


async def _complete(
    db: Database, scope: Scope, among: Among, exclude: frozenset[str]
) -> Callable[[Trace], TraceRecord]:
    totals, beside = await gather(_totals(db, scope, among, exclude), _beside(db, scope, among.ids, exclude))
    return lambda trace: _record(trace, totals.get(trace.id, NO_SPANS), beside)


async def _totals(db: Database, scope: Scope, among: Among, exclude: frozenset[str]) -> dict[str, SpanTotals]:
    return {} if exclude >= _FROM_SPANS else await totals_of_traces(db, scope, among)


def _record(trace: Trace, totals: SpanTotals, beside: "_Beside") -> TraceRecord:
    return TraceRecord(
        trace,
        totals,
        beside.scores.get(trace.id, ()),
        beside.span_scores.get(trace.id, ()),
        beside.comments.get(trace.id, ()),
        beside.guardrails.get(trace.id, ()),
    )


class _Beside(NamedTuple):
    """What others have said of traces."""

    scores: Folded
    span_scores: Folded
    comments: Comments
    guardrails: Guardrails


async def _beside(db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]) -> _Beside:
    present = frozenset() if exclude >= _BESIDE else await db.rare_rows(scope)

    def wanted(row: RareRow, field: str) -> bool:
        return row in present and field not in exclude

    return _Beside(
        await get_scores(db, scope, "trace", ids) if wanted("trace_scores", "feedback_scores") else {},
        await get_span_scores(db, scope, ids) if wanted("span_scores", "span_feedback_scores") else {},
        await get_comments(db, scope, "trace", ids) if wanted("comments", "comments") else {},
        await get_guardrails(db, scope, ids) if wanted("guardrails", "guardrails_validations") else {},
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
