"""Queries for what traces, spans or threads add up to. Statements group by a slot `{bucket}` of the id's time."""

from asyncio import gather
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, Literal

from weft.filters.fields import NOTHING_NEEDED, SPANS, THREADS, TRACES
from weft.model.feedback_score import EntityType
from weft.model.stats import Buckets, Figures, Percentiles, Stats, Total, Totals
from weft.store.contract import Scope, Selection
from weft.store.database import Database
from weft.store.engine import Rows
from weft.store.ever_seen import SCORES, RareRow
from weft.store.selecting import selection_params, selection_slots

ONE_BUCKET = "CAST(0 AS BIGINT)"
BUCKETS = "weft_bucket(t.id, $origin_ms, $width_ms)"

_THREAD_SPANS = frozenset({"thread_spans"})

Source = Literal["rows", "spans", "spending"]
"""What figures are computed from: the rows themselves, or for each row its spans, or its spans' usage and cost."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An aggregate over the rows `t` of a source, and what it needs joined."""

    sql: str
    needs: frozenset[str] = NOTHING_NEEDED
    source: Source = "rows"


@dataclass(frozen=True, slots=True)
class Kind:
    """The names of one noun's statements; `figures` gives the SQL for fields of `Figures`, `usage` that for one key of
    a row's usage, and `any_usage` is the statement for keys that are too many to name."""

    statements: Mapping[Source, str]
    matching: str
    any_usage: str
    figures: Mapping[str, Figure]
    usage: str = "sum(CAST(weft_usage(p.usage, {key}) AS DOUBLE))"
    always: frozenset[str] = NOTHING_NEEDED


def _durations(sql: str) -> dict[str, Figure]:
    return {"duration": Figure(f"weft_percentiles({sql})"), "average_duration": Figure(f"avg({sql})")}


def _costs(sql: str, needs: frozenset[str] = NOTHING_NEEDED, source: Source = "rows") -> dict[str, Figure]:
    return {
        "cost": Figure(f"sum({sql})", needs, source),
        "with_cost": Figure(f"count(nullif({sql}, 0))", needs, source),
    }


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
        {"rows": "trace_figures", "spans": "trace_span_figures", "spending": "trace_spending_figures"},
        "matching_traces",
        "trace_usage_figures",
        _SHARED
        | _durations(TRACES.fields["duration"].sql)
        | _costs("t.cost", source="spending")
        | {
            "spans": Figure("count(*)", source="spans"),
            "llm_spans": Figure("sum(CASE WHEN t.type = 'llm' THEN 1 ELSE 0 END)", source="spans"),
            "threads": Figure("count(DISTINCT t.thread_id)"),
        },
    ),
    "span": Kind(
        {"rows": "span_figures", "spending": "span_spending_figures"},
        "matching_spans",
        "span_usage_figures",
        _SHARED | _durations(SPANS.fields["duration"].sql) | _costs("t.total_estimated_cost"),
        usage="CAST(weft_usage(t.usage, {key}) AS DOUBLE)",
    ),
    "thread": Kind(
        {"rows": "thread_figures", "spending": "thread_spending_figures"},
        "matching_threads",
        "thread_usage_figures",
        _durations(THREADS.fields["duration"].sql)
        | _costs("u.total_estimated_cost", _THREAD_SPANS)
        | {"count": Figure("count(*)"), "errors": Figure("count(nullif(r.error_count, 0))")},
        always=frozenset({"thread_totals"}),
    ),
}


async def get_stats(db: Database, entity_type: EntityType, selection: Selection) -> Stats | None:
    """All that there is of a selection; None if it is empty."""
    keys = await _usage_keys(db, selection)
    own, any_usage, scores, span_scores, failed = await gather(
        _add_up(db, entity_type, selection, None, KINDS[entity_type].figures, keys or []),
        _any_usage(db, entity_type, selection, None) if keys is None else _none(),
        get_mean_scores(db, entity_type, selection, None),
        _span_scores(db, entity_type, selection),
        count_failed_guardrails(db, selection, None) if entity_type == "trace" else _none(),
    )
    if not own:
        return None
    figures, usage = own[0]
    usage = any_usage.get(0, usage)
    return Stats(figures, usage, scores.get(0, {}), span_scores.get(0, {}), failed.get(0, 0))


async def get_figures(
    db: Database, entity_type: EntityType, selection: Selection, names: Collection[str], buckets: Buckets | None
) -> dict[int, Figures]:
    """The named fields of `Figures` for each bucket that is not empty, by its number."""
    found = await _add_up(db, entity_type, selection, buckets, {"count", *names}, [])
    return {bucket: figures for bucket, (figures, _) in found.items()}


async def get_usage(
    db: Database, entity_type: EntityType, selection: Selection, buckets: Buckets | None
) -> dict[int, Totals]:
    """The usage of each bucket that has any, by key."""
    keys = await _usage_keys(db, selection)
    if keys is None:
        return await _any_usage(db, entity_type, selection, buckets)
    found = await _add_up(db, entity_type, selection, buckets, [], keys)
    return {bucket: usage for bucket, (_, usage) in found.items() if usage}


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


async def _none() -> dict[int, Any]:
    return {}


async def _usage_keys(db: Database, selection: Selection) -> list[str] | None:
    """None for too many to name."""
    keys = await db.usage_keys(Scope(selection.workspace_id, selection.project_id))
    return None if keys is None else sorted(keys)


async def _any_usage(
    db: Database, entity_type: EntityType, selection: Selection, buckets: Buckets | None
) -> dict[int, Totals]:
    return _totals(await _run(db, KINDS[entity_type].any_usage, entity_type, selection, buckets))


async def _add_up(
    db: Database,
    entity_type: EntityType,
    selection: Selection,
    buckets: Buckets | None,
    names: Collection[str],
    keys: Sequence[str],
) -> dict[int, tuple[Figures, Totals]]:
    """The named figures and the usage under these keys, by bucket. Each source is read once, all at the same time."""
    kind = KINDS[entity_type]
    chosen = {name: kind.figures[name] for name in names} | _usage_columns(keys)
    sources = sorted({figure.source for figure in chosen.values()})
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for rows in await gather(*(_read(db, entity_type, selection, buckets, source, chosen, keys) for source in sources)):
        for bucket, values in rows:
            found[bucket].update(values)
    return {bucket: (_figures(values, names), _usage(values, keys)) for bucket, values in found.items()}


async def _read(
    db: Database,
    entity_type: EntityType,
    selection: Selection,
    buckets: Buckets | None,
    source: Source,
    chosen: Mapping[str, Figure],
    keys: Sequence[str],
) -> list[tuple[int, dict[str, Any]]]:
    """Of the chosen columns those of one source, by bucket."""
    kind = KINDS[entity_type]
    of_source = {name: figure for name, figure in chosen.items() if figure.source == source}
    columns = ", ".join(figure.sql for figure in of_source.values())
    needs = frozenset[str]().union(*(figure.needs for figure in of_source.values()))
    params = {f"usage_{number}": key for number, key in enumerate(keys)}
    usage = "".join(f", {kind.usage.format(key='$' + name)} AS {name}" for name in params)
    rows = await _run(
        db, kind.statements[source], entity_type, selection, buckets, needs, params, columns=columns, usage=usage
    )
    return [(int(bucket), dict(zip(of_source, values, strict=True))) for bucket, *values in rows]


def _usage_columns(keys: Sequence[str]) -> dict[str, Figure]:
    """Of each key the sum and the number of rows that have it."""
    return {
        f"{aggregate}_{number}": Figure(f"{aggregate}(t.usage_{number})", source="spending")
        for number in range(len(keys))
        for aggregate in ("sum", "count")
    }


async def _run(
    db: Database,
    statement: str,
    entity_type: EntityType,
    selection: Selection,
    buckets: Buckets | None,
    needs: frozenset[str] = NOTHING_NEEDED,
    more_params: Mapping[str, object] | None = None,
    **more_slots: str,
) -> Rows:
    kind = KINDS[entity_type]
    params = selection_params(selection, entity_type) | {
        "origin_ms": buckets.origin_ms if buckets else 0,
        "width_ms": buckets.width_ms if buckets else 1,
        **(more_params or {}),
    }
    slots = {
        "bucket": ONE_BUCKET if buckets is None else BUCKETS,
        "spans_of_threads": db.statements["spans_of_threads"],
        "matching": db.statements[kind.matching],
        **more_slots,
    }
    return await db.recall(statement, params, **slots, **selection_slots(db, selection, kind.always | needs))


def _figures(values: Mapping[str, Any], names: Collection[str]) -> Figures:
    """A sum or mean of nothing is NULL, and the percentiles of nothing are NULL or no numbers, as the engine has it."""
    present = {name: value for name in names if (value := values.get(name)) is not None}
    durations = present.pop("duration", None)
    return Figures(duration=_percentiles(durations), **present)


def _percentiles(values: Sequence[float] | None) -> Percentiles | None:
    return None if values is None or isnan(values[0]) else Percentiles(*values)


def _usage(values: Mapping[str, Any], keys: Sequence[str]) -> Totals:
    return {
        key: Total(float(values[f"sum_{number}"]), count)
        for number, key in enumerate(keys)
        if (count := values.get(f"count_{number}"))
    }


def _totals(rows: Rows) -> dict[int, Totals]:
    totals: dict[int, dict[str, Total]] = defaultdict(dict)
    for bucket, name, sum, count in rows:
        totals[int(bucket)][name] = Total(float(sum), int(count))
    return dict(totals)
