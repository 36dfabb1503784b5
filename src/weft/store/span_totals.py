"""What the spans of traces add up to."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from weft.model.trace import SpanTotals
from weft.store.among import Among
from weft.store.contract import Scope
from weft.store.database import Database
from weft.store.engine import Params, Rows

NO_SPANS = SpanTotals()

FEW_SPANS = 1_000

_OF_PROJECT = "p.project_id = weft_id($project_id)"
_OF_ONE_TRACE = "p.trace_id = weft_id($id)"


async def totals_of_traces(db: Database, scope: Scope, among: Among) -> dict[str, SpanTotals]:
    """By trace, of those that have spans."""
    where = f"{_OF_PROJECT} AND {among.condition('p.trace_id')}"
    totals = await _totals(db, scope._asdict() | among.params, where)
    return {trace_id: of_trace for (_, trace_id), of_trace in totals.items()}


async def totals_of_trace(db: Database, workspace_id: str, id: str) -> dict[str, SpanTotals]:
    """By project, of those in which the trace has spans: quicker for one trace, and before its project is known."""
    totals = await _totals(db, {"workspace_id": workspace_id, "id": id}, _OF_ONE_TRACE)
    return {project_id: of_project for (project_id, _), of_project in totals.items()}


async def _totals(db: Database, params: Params, where: str) -> dict[tuple[str, str], SpanTotals]:
    """By project and trace. Most traces have few spans, which are quicker added up here than grouped by the engine."""
    rows = await db.run("trace_spans", {**params, "limit": FEW_SPANS + 1}, where=where)
    if len(rows) > FEW_SPANS:
        rows = await db.run("trace_span_totals", params, where=where)
    return _by_trace(rows)


class _Group(NamedTuple):
    """Of the spans of one type, provider and usage."""

    type: str
    provider: str | None
    usage: dict[str, int]
    number: int
    cost: Decimal | None


def _by_trace(rows: Rows) -> dict[tuple[str, str], SpanTotals]:
    """By project and trace."""
    groups: dict[tuple[str, str], list[_Group]] = defaultdict(list)
    for project_id, trace_id, *group in rows:
        groups[project_id, trace_id].append(_Group(*group))
    return {key: _added_up(of_trace) for key, of_trace in groups.items()}


def _added_up(groups: Iterable[_Group]) -> SpanTotals:
    spans: dict[str, int] = defaultdict(int)
    usage: dict[str, int] = defaultdict(int)
    cost = Decimal(0)
    providers: set[str] = set()
    for group in groups:
        spans[group.type] += group.number
        cost += group.cost or 0
        if group.provider:
            providers.add(group.provider)
        for key, count in group.usage.items():
            usage[key] += group.number * count
    return SpanTotals(
        span_count=sum(spans.values()),
        llm_span_count=spans["llm"],
        has_tool_spans="tool" in spans,
        total_estimated_cost=cost,
        providers=tuple(sorted(providers)),
        usage=dict(sorted(usage.items())),
    )
