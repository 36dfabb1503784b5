"""Queries for what traces, spans or threads add up to. Statements group by a slot `{bucket}` of the id's time."""

from asyncio import gather
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from weft.filters.fields import NOTHING_NEEDED, SPAN_TOTALS, SPANS, THREADS, TRACES
from weft.model.feedback_score import EntityType
from weft.model.stats import Buckets, Figures, Percentiles, Stats, Total, Totals
from weft.store.contract import Scope, Selection
from weft.store.database import Database
from weft.store.engine import Rows
from weft.store.rare_rows import SCORES, RareRow
from weft.store.selecting import selection_params, selection_slots

ONE_BUCKET = "CAST(0 AS BIGINT)"
BUCKETS = "weft_bucket(t.id, $origin_ms, $width_ms)"

_THREAD_SPANS = frozenset({"thread_spans"})


@dataclass(frozen=True, slots=True)
class Figure:
    """An aggregate over the rows `t`, and what it needs joined."""

    sql: str
    needs: frozenset[str] = NOTHING_NEEDED


@dataclass(frozen=True, slots=True)
class Kind:
    """The names of one noun's statements; `figures` gives the SQL for fields of `Figures`."""

    count: str
    matching: str
    usage: str
    figures: Mapping[str, Figure]
    always: frozenset[str] = NOTHING_NEEDED


def _durations(sql: str) -> dict[str, Figure]:
    return {"duration": Figure(f"weft_percentiles({sql})"), "average_duration": Figure(f"avg({sql})")}


def _costs(sql: str, needs: frozenset[str] = NOTHING_NEEDED) -> dict[str, Figure]:
    return {"cost": Figure(f"sum({sql})", needs), "with_cost": Figure(f"count(nullif({sql}, 0))", needs)}


_SHARED = {
    "count": Figure("count(*)"),
    "errors": Figure("count(t.error_info)"),
    "inputs": Figure("count(t.input)"),
    "outputs": Figure("count(t.output)"),
    "metadata": Figure("count(t.metadata)"),
    "tags": Figure("avg(length(t.tags))"),
}

KINDS: Mapping[EntityType, Kind] = {
    "trace": Kind(
        "trace_figures",
        "matching_traces",
        "trace_usage_figures",
        _SHARED
        | _durations(TRACES.fields["duration"].sql)
        | _costs("s.total_estimated_cost", SPAN_TOTALS)
        | {
            "spans": Figure("sum(s.span_count)", SPAN_TOTALS),
            "llm_spans": Figure("sum(s.llm_span_count)", SPAN_TOTALS),
            "threads": Figure("count(DISTINCT t.thread_id)"),
        },
    ),
    "span": Kind(
        "span_figures",
        "matching_spans",
        "span_usage_figures",
        _SHARED | _durations(SPANS.fields["duration"].sql) | _costs("t.total_estimated_cost"),
    ),
    "thread": Kind(
        "thread_figures",
        "matching_threads",
        "thread_usage_figures",
        _durations(THREADS.fields["duration"].sql)
        | _costs("u.total_estimated_cost", _THREAD_SPANS)
        | {"count": Figure("count(*)"), "errors": Figure("count(nullif(r.error_count, 0))")},
        frozenset({"thread_totals"}),
    ),
}


async def get_stats(db: Database, entity_type: EntityType, selection: Selection) -> Stats | None:
    """All that there is of a selection; None if it is empty."""
    names = KINDS[entity_type].figures.keys()
    figures, usage, scores, span_scores, failed = await gather(
        get_figures(db, entity_type, selection, names, None),
        get_usage(db, entity_type, selection, None),
        get_mean_scores(db, entity_type, selection, None),
        _span_scores(db, entity_type, selection),
        count_failed_guardrails(db, selection, None) if entity_type == "trace" else _none(),
    )
    if not figures:
        return None
    return Stats(figures[0], usage.get(0, {}), scores.get(0, {}), span_scores.get(0, {}), failed.get(0, 0))


async def get_figures(
    db: Database, entity_type: EntityType, selection: Selection, names: Collection[str], buckets: Buckets | None
) -> dict[int, Figures]:
    """The named fields of `Figures` for each bucket that is not empty, by its number."""
    kind = KINDS[entity_type]
    chosen = {name: kind.figures[name] for name in names}
    needs = kind.always.union(*(figure.needs for figure in chosen.values()))
    columns = ", ".join(figure.sql for figure in chosen.values())
    rows = await _run(db, kind.count, entity_type, selection, buckets, needs, columns=columns)
    return {int(bucket): _figures(dict(zip(chosen, values, strict=True))) for bucket, *values in rows}


async def get_usage(
    db: Database, entity_type: EntityType, selection: Selection, buckets: Buckets | None
) -> dict[int, Totals]:
    """The usage of each bucket that has any, by key."""
    return _totals(await _run(db, KINDS[entity_type].usage, entity_type, selection, buckets))


async def get_mean_scores(
    db: Database, entity_type: EntityType, selection: Selection, buckets: Buckets | None
) -> dict[int, Totals]:
    """The folded scores of each bucket that has any, by name."""
    if not await _may_have(db, selection, SCORES[entity_type]):
        return {}
    return _totals(await _run(db, "score_figures", entity_type, selection, buckets))


async def count_failed_guardrails(db: Database, selection: Selection, buckets: Buckets | None) -> dict[int, int]:
    """How many checks of traces failed in each bucket where one did."""
    if not await _may_have(db, selection, "guardrails"):
        return {}
    return dict(await _run(db, "guardrail_figures", "trace", selection, buckets))


async def usage_names(db: Database, workspace_id: str, project_id: str) -> list[str]:
    rows = await db.recall("usage_names", {"workspace_id": workspace_id, "project_id": project_id})
    return [name for (name,) in rows]


async def project_score_names(db: Database, workspace_id: str, project_ids: Sequence[str]) -> list[str]:
    params = {"workspace_id": workspace_id, "ids": list(project_ids), "everywhere": int(not project_ids)}
    return [name for (name,) in await db.run("project_score_names", params)]


async def _span_scores(db: Database, entity_type: EntityType, selection: Selection) -> dict[int, Totals]:
    if entity_type != "trace" or not await _may_have(db, selection, "span_scores"):
        return {}
    return _totals(await _run(db, "span_score_figures", entity_type, selection, None))


async def _may_have(db: Database, selection: Selection, row: RareRow) -> bool:
    return row in await db.rare_rows(Scope(selection.workspace_id, selection.project_id))


async def _none() -> dict[int, int]:
    return {}


async def _run(
    db: Database,
    statement: str,
    entity_type: EntityType,
    selection: Selection,
    buckets: Buckets | None,
    needs: frozenset[str] = NOTHING_NEEDED,
    columns: str = "",
) -> Rows:
    kind = KINDS[entity_type]
    params = selection_params(selection, entity_type) | {
        "origin_ms": buckets.origin_ms if buckets else 0,
        "width_ms": buckets.width_ms if buckets else 1,
    }
    slots = {
        "bucket": ONE_BUCKET if buckets is None else BUCKETS,
        "columns": columns,
        "matching": db.statements[kind.matching],
    }
    return await db.recall(statement, params, **slots, **selection_slots(db, selection, kind.always | needs))


def _figures(values: Mapping[str, Any]) -> Figures:
    """A sum or mean of nothing is NULL, and the percentiles of nothing are NULL or no numbers, as the engine has it."""
    present = {name: value for name, value in values.items() if value is not None}
    durations = present.pop("duration", None)
    return Figures(duration=_percentiles(durations), **present)


def _percentiles(values: Sequence[float] | None) -> Percentiles | None:
    return None if values is None or isnan(values[0]) else Percentiles(*values)


def _totals(rows: Rows) -> dict[int, Totals]:
    totals: dict[int, dict[str, Total]] = defaultdict(dict)
    for bucket, name, sum, count in rows:
        totals[int(bucket)][name] = Total(float(sum), int(count))
    return dict(totals)
