"""Metrics of a project on the wire (Opik's contract, H.2)."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from weft.api.opik.wire.values import Instant, instant_ns
from weft.core.metrics import Interval, MetricType, Number, Series, cut
from weft.core.stats import Periods
from weft.errors import InvalidInterval, TooManyPoints
from weft.model.feedback_score import EntityType
from weft.model.instants import format_ns
from weft.model.stats import Buckets, Figures

# Nearly three years of hours. A chart shows fewer by far, and every point is held in memory.
MAX_POINTS = 25_000

MAX_PROJECTS = 100

KpiEntity = Literal["traces", "spans", "threads"]
KpiType = Literal["count", "errors", "avg_duration", "total_cost"]


class Period(NamedTuple):
    """From the start to before the end, in ms since the epoch."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


class OfPeriod(Struct, kw_only=True):
    """Without an end, up to now."""

    interval_start: Instant | None = None
    interval_end: Instant | None = None

    def violations(self) -> list[str]:
        return _missing({"intervalStart": self.interval_start})

    def period(self) -> Period:
        """Raises InvalidValue and InvalidInterval."""
        start = instant_ns(self.interval_start, "interval_start") or 0
        end = instant_ns(self.interval_end, "interval_end")
        period = Period(_ms_from(start), _ms_from(time.time_ns() if end is None else end))
        if period.length_ms <= 0:
            raise InvalidInterval
        return period


class InIntervals(OfPeriod, kw_only=True):
    interval: Interval | None = None

    def violations(self) -> list[str]:
        return _missing({"interval": self.interval}) + super().violations()

    def buckets(self, period: Period, projects: int = 1) -> Buckets:
        """Raises TooManyPoints, if there were more than MAX_POINTS in all."""
        assert self.interval is not None
        buckets = cut(self.interval, period.start_ms, period.end_ms)
        if (points := buckets.count * projects) > MAX_POINTS:
            raise TooManyPoints(count=points, limit=MAX_POINTS)
        return buckets


class MetricRequest(InIntervals, kw_only=True):
    """The filters of what the metric is about count, and `query` is about the same. Opik's contract has `breakdown`
    too, which like any unknown property is not looked at."""

    metric_type: MetricType | None = None
    trace_filters: list[Any] | None = None
    span_filters: list[Any] | None = None
    thread_filters: list[Any] | None = None
    query: str | None = None

    def violations(self) -> list[str]:
        return _missing({"metricType": self.metric_type}) + super().violations()

    def filters(self, entity_type: EntityType) -> list[Any] | None:
        return {"trace": self.trace_filters, "span": self.span_filters, "thread": self.thread_filters}[entity_type]


class Point(Struct, kw_only=True):
    """`value` is null where nothing was recorded."""

    time: Instant
    value: float | None


class SeriesView(Struct, kw_only=True):
    name: str
    data: list[Point]


class MetricView(Struct, kw_only=True):
    project_id: str
    metric_type: MetricType
    interval: Interval
    results: list[SeriesView]


class TrendsRequest(InIntervals, kw_only=True):
    project_ids: list[UUID] | None = None

    def violations(self) -> list[str]:
        few_enough = 1 <= len(self.project_ids or ()) <= MAX_PROJECTS
        return ([] if few_enough else [f"projectIds size must be between 1 and {MAX_PROJECTS}"]) + super().violations()


class TrendView(Struct, kw_only=True):
    """A value of each time; null where nothing was recorded. Errors are in percent, a cost in USD."""

    project_id: str
    traces: list[float | None]
    error_rate: list[float | None]
    cost: list[float | None]


class TrendsView(Struct, kw_only=True):
    interval: Interval
    times: list[Instant]
    projects: list[TrendView]


class KpiRequest(OfPeriod, kw_only=True):
    """`filters` is a JSON array as text."""

    entity_type: KpiEntity | None = None
    filters: str | None = None
    query: str | None = None

    def violations(self) -> list[str]:
        return _missing({"entityType": self.entity_type}) + super().violations()


class Kpi(Struct, kw_only=True):
    """`errors` are in percent, a duration is in ms, a cost in USD. An average over nothing is null."""

    type: KpiType
    current_value: float | None
    previous_value: float | None


class KpiView(Struct, kw_only=True):
    stats: list[Kpi]


class UsageNames(Struct, kw_only=True):
    names: list[str]


def metric_view(project_id: str, request: MetricRequest, buckets: Buckets, series: Series) -> MetricView:
    assert request.metric_type is not None
    assert request.interval is not None
    times = _times(buckets)
    return MetricView(
        project_id=project_id,
        metric_type=request.metric_type,
        interval=request.interval,
        results=[SeriesView(name=name, data=_points(times, values)) for name, values in series.items()],
    )


def trend_view(project_id: str, buckets: Buckets, figures: Mapping[int, Figures]) -> TrendView:
    of_each = [figures.get(number) for number in range(buckets.count)]
    return TrendView(
        project_id=project_id,
        traces=[None if one is None else one.count for one in of_each],
        error_rate=[None if one is None else one.error_rate for one in of_each],
        cost=[None if one is None else _float(one.cost) for one in of_each],
    )


def trends_view(request: TrendsRequest, buckets: Buckets, trends: list[TrendView]) -> TrendsView:
    assert request.interval is not None
    return TrendsView(interval=request.interval, times=_times(buckets), projects=trends)


def kpi_view(periods: Periods) -> KpiView:
    current, previous = _kpis(periods.current), _kpis(periods.previous)
    return KpiView(
        stats=[Kpi(type=type, current_value=value, previous_value=previous[type]) for type, value in current.items()]
    )


def _kpis(figures: Figures) -> dict[KpiType, float | None]:
    return {
        "count": figures.count,
        "errors": figures.error_rate or 0,
        "avg_duration": figures.average_duration,
        "total_cost": float(figures.cost),
    }


def _times(buckets: Buckets) -> list[Instant]:
    return [format_ns(ms * 1_000_000) for ms in buckets.starts_ms()]


def _points(times: Sequence[Instant], values: Mapping[int, Number | None]) -> list[Point]:
    return [Point(time=at, value=_float(values.get(number))) for number, at in enumerate(times)]


def _float(value: Number | None) -> float | None:
    return None if value is None else float(value)


def _ms_from(ns: int) -> int:
    """The first whole ms at or after an instant."""
    return -(-ns // 1_000_000)


def _missing(values: Mapping[str, object]) -> list[str]:
    return [f"{name} must not be null" for name, value in values.items() if value is None]
