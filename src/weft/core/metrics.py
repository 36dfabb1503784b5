"""Project metrics over time (Opik's contract, H.2): how time is cut, and which figures a metric is made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Literal, NamedTuple

from weft.model.feedback_score import EntityType
from weft.model.stats import Buckets, Figures, Totals
from weft.store.contract import Selection, Store

Interval = Literal["HOURLY", "DAILY", "WEEKLY", "TOTAL"]
MetricType = Literal[
    "FEEDBACK_SCORES",
    "TRACE_COUNT",
    "TOKEN_USAGE",
    "DURATION",
    "COST",
    "GUARDRAILS_FAILED_COUNT",
    "TRACE_AVERAGE_DURATION",
    "TRACE_ERROR_RATE",
    "SPAN_FEEDBACK_SCORES",
    "SPAN_COUNT",
    "SPAN_TOKEN_USAGE",
    "SPAN_DURATION",
    "SPAN_COST",
    "SPAN_AVERAGE_DURATION",
    "SPAN_ERROR_RATE",
    "THREAD_FEEDBACK_SCORES",
    "THREAD_COUNT",
    "THREAD_DURATION",
    "THREAD_COST",
    "THREAD_AVERAGE_DURATION",
]
Number = int | float | Decimal
Series = Mapping[str, Mapping[int, Number | None]]
"""By name, and then by the number of the bucket; a bucket in which nothing was recorded is not there."""

_HOUR_MS = 3_600_000
_WIDTHS_MS = {"HOURLY": _HOUR_MS, "DAILY": 24 * _HOUR_MS, "WEEKLY": 7 * 24 * _HOUR_MS}
_FIRST_MONDAY_MS = 4 * 24 * _HOUR_MS  # 1970-01-05T00:00:00Z


class Metric(NamedTuple):
    entity_type: EntityType
    read: Callable[[Store, Selection, Buckets], Awaitable[Series]]


def cut(interval: Interval, start_ms: int, end_ms: int) -> Buckets:
    """The hours, days or weeks (from Monday, UTC) that the time from the start to before the end touches, or that time
    as a whole."""
    if interval == "TOTAL":
        return Buckets(start_ms, end_ms - start_ms, 1)
    width = _WIDTHS_MS[interval]
    origin = start_ms - (start_ms - _FIRST_MONDAY_MS) % width
    return Buckets(origin, width, -(-(end_ms - origin) // width))


def _of_figures(
    entity_type: EntityType, reads: Sequence[str], lines: Mapping[str, Callable[[Figures], Number | None]]
) -> Metric:
    async def read(store: Store, selection: Selection, buckets: Buckets) -> Series:
        figures = await store.get_figures(entity_type, selection, reads, buckets)
        return {name: {number: value(of) for number, of in figures.items()} for name, value in lines.items()}

    return Metric(entity_type, read)


def _durations(entity_type: EntityType, prefix: str) -> Metric:
    def percentile(name: str) -> Callable[[Figures], float | None]:
        return lambda figures: getattr(figures.duration, name) if figures.duration else None

    return _of_figures(
        entity_type, ["duration"], {f"{prefix}.{name}": percentile(name) for name in ("p50", "p90", "p99")}
    )


def _count(entity_type: EntityType, name: str) -> Metric:
    return _of_figures(entity_type, ["count"], {name: attrgetter("count")})


def _average_duration(entity_type: EntityType) -> Metric:
    return _of_figures(entity_type, ["average_duration"], {"avg_duration": attrgetter("average_duration")})


def _error_rate(entity_type: EntityType) -> Metric:
    return _of_figures(entity_type, ["count", "errors"], {"error_rate": attrgetter("error_rate")})


def _cost(entity_type: EntityType) -> Metric:
    return _of_figures(entity_type, ["cost"], {"cost": attrgetter("cost")})


def _usage(entity_type: EntityType) -> Metric:
    async def read(store: Store, selection: Selection, buckets: Buckets) -> Series:
        return _by_name(await store.get_usage(entity_type, selection, buckets), "sum")

    return Metric(entity_type, read)


def _scores(entity_type: EntityType) -> Metric:
    async def read(store: Store, selection: Selection, buckets: Buckets) -> Series:
        return _by_name(await store.get_mean_scores(entity_type, selection, buckets), "mean")

    return Metric(entity_type, read)


async def _failed_guardrails(store: Store, selection: Selection, buckets: Buckets) -> Series:
    return {"failed": await store.count_failed_guardrails(selection, buckets)}


def _by_name(totals: Mapping[int, Totals], value: str) -> Series:
    names = sorted({name for of_bucket in totals.values() for name in of_bucket})
    return {
        name: {number: getattr(found[name], value) for number, found in totals.items() if name in found}
        for name in names
    }


METRICS: Mapping[MetricType, Metric] = {
    "FEEDBACK_SCORES": _scores("trace"),
    "TRACE_COUNT": _count("trace", "traces"),
    "TOKEN_USAGE": _usage("trace"),
    "DURATION": _durations("trace", "duration"),
    "COST": _cost("trace"),
    "GUARDRAILS_FAILED_COUNT": Metric("trace", _failed_guardrails),
    "TRACE_AVERAGE_DURATION": _average_duration("trace"),
    "TRACE_ERROR_RATE": _error_rate("trace"),
    "SPAN_FEEDBACK_SCORES": _scores("span"),
    "SPAN_COUNT": _count("span", "spans"),
    "SPAN_TOKEN_USAGE": _usage("span"),
    "SPAN_DURATION": _durations("span", "duration"),
    "SPAN_COST": _cost("span"),
    "SPAN_AVERAGE_DURATION": _average_duration("span"),
    "SPAN_ERROR_RATE": _error_rate("span"),
    "THREAD_FEEDBACK_SCORES": _scores("thread"),
    "THREAD_COUNT": _count("thread", "threads"),
    "THREAD_DURATION": _durations("thread", "thread_duration"),
    "THREAD_COST": _cost("thread"),
    "THREAD_AVERAGE_DURATION": _average_duration("thread"),
}
