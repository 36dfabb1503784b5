"""Stats on the wire (Opik's contract, B.10, E)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

from weft.api.opik.wire.pages import PageQuery, PageView
from weft.api.opik.wire.selection import ListQuery, equals
from weft.api.opik.wire.spans import SpanType
from weft.api.opik.wire.values import Instant
from weft.core.stats import Periods, ProjectStats
from weft.filters.syntax import Filter
from weft.model.stats import Figures, Percentiles, Stats, Totals

_NO_DURATION = Percentiles(0, 0, 0)


class StatsQuery(Struct, kw_only=True):
    """What a list is asked with, but for its order, its page and how much of each."""

    project_id: UUID | None = None
    project_name: str | None = None
    filters: str | None = None
    query: str | None = None
    search: str | None = None
    from_time: Instant | None = None
    to_time: Instant | None = None

    @property
    def of_list(self) -> ListQuery:
        return ListQuery(
            project_id=self.project_id,
            project_name=self.project_name,
            filters=self.filters,
            query=self.query,
            search=self.search,
            from_time=self.from_time,
            to_time=self.to_time,
        )


class SpanStatsQuery(StatsQuery, kw_only=True):
    trace_id: UUID | None = None
    type: SpanType | None = None

    def filters_of_parameters(self) -> list[Filter]:
        return equals("trace_id", self.trace_id) + equals("type", self.type)


class CountStat(Struct, kw_only=True, tag_field="type", tag="COUNT"):
    name: str
    value: int


class AverageStat(Struct, kw_only=True, tag_field="type", tag="AVG"):
    name: str
    value: float


class PercentageStat(Struct, kw_only=True, tag_field="type", tag="PERCENTAGE"):
    name: str
    value: Percentiles


Stat = CountStat | AverageStat | PercentageStat


class StatsView(Struct, kw_only=True):
    """Opik's contract: of nothing there are no stats."""

    stats: list[Stat]


class ProjectStatsQuery(PageQuery, kw_only=True):
    """`filters` and `query` are those of traces."""

    name: str | None = None
    sorting: str | None = None
    filters: str | None = None
    query: str | None = None
    from_time: Instant | None = None
    to_time: Instant | None = None


class MeanScoreView(Struct, kw_only=True):
    name: str
    value: float


class ErrorCountView(Struct, kw_only=True, omit_defaults=True):
    """`deviation` is how many more errors the last days had than the days before, also in percent of these."""

    count: int
    deviation: int
    deviation_percentage: int | None = None


class ProjectFigures(Struct, kw_only=True, omit_defaults=True):
    feedback_scores: list[MeanScoreView] | None = None
    duration: Percentiles | None = None
    total_estimated_cost: float | None = None
    total_estimated_cost_sum: float | None = None
    usage: dict[str, float] | None = None
    trace_count: int | None = None
    thread_count: int | None = None
    guardrails_failed_count: int | None = None
    error_count: ErrorCountView | None = None


class ProjectStatsView(ProjectFigures, kw_only=True, omit_defaults=True):
    project_id: str


class ProjectStatsPage(PageView[ProjectStatsView], kw_only=True, omit_defaults=True):
    pass


def trace_stats_view(stats: Stats | None) -> StatsView:
    return StatsView(stats=list(_of_traces(stats)) if stats else [])


def span_stats_view(stats: Stats | None) -> StatsView:
    return StatsView(stats=list(_of_spans(stats)) if stats else [])


def thread_stats_view(stats: Stats | None) -> StatsView:
    return StatsView(stats=list(_of_threads(stats)) if stats else [])


def project_figures(of: ProjectStats) -> dict[str, Any]:
    """The fields of `ProjectFigures`."""
    figures, stats = of.stats.figures, of.stats
    return {
        "feedback_scores": [MeanScoreView(name=name, value=total.mean) for name, total in stats.scores.items()],
        "duration": figures.duration,
        "total_estimated_cost": float(figures.mean_cost),
        "total_estimated_cost_sum": float(figures.cost),
        "usage": {key: total.mean for key, total in stats.usage.items()},
        "trace_count": figures.count,
        "thread_count": figures.threads,
        "guardrails_failed_count": stats.guardrails_failed,
        "error_count": _error_count(figures.errors, of.errors),
    }


def _error_count(count: int, errors: Periods) -> ErrorCountView:
    before, deviation = errors.previous.errors, errors.current.errors - errors.previous.errors
    return ErrorCountView(
        count=count,
        deviation=deviation,
        deviation_percentage=round(100 * deviation / before) if before else None,
    )


def _of_traces(stats: Stats) -> Iterator[Stat]:
    figures = stats.figures
    yield CountStat(name="trace_count", value=figures.count)
    yield from _of_rows(figures)
    yield AverageStat(name="llm_span_count", value=figures.llm_spans / figures.count)
    yield AverageStat(name="span_count", value=figures.spans / figures.count)
    yield from _of_costs(figures)
    yield from _means("usage", stats.usage)
    yield from _means("feedback_scores", stats.scores)
    yield from _means("span_feedback_scores", stats.span_scores)
    yield CountStat(name="guardrails_failed_count", value=stats.guardrails_failed)
    yield CountStat(name="error_count", value=figures.errors)


def _of_spans(stats: Stats) -> Iterator[Stat]:
    figures = stats.figures
    yield CountStat(name="span_count", value=figures.count)
    yield from _of_rows(figures)
    yield from _of_costs(figures)
    yield from _means("usage", stats.usage)
    yield from _means("feedback_scores", stats.scores)
    yield CountStat(name="error_count", value=figures.errors)


def _of_threads(stats: Stats) -> Iterator[Stat]:
    figures = stats.figures
    yield CountStat(name="thread_count", value=figures.count)
    yield _duration(figures)
    yield from _of_costs(figures)
    yield from _means("usage", stats.usage)
    yield from _means("feedback_scores", stats.scores)
    yield CountStat(name="error_count", value=figures.errors)


def _of_rows(figures: Figures) -> Iterator[Stat]:
    yield _duration(figures)
    yield CountStat(name="input", value=figures.inputs)
    yield CountStat(name="output", value=figures.outputs)
    yield CountStat(name="metadata", value=figures.metadata)
    yield AverageStat(name="tags", value=figures.tags)


def _duration(figures: Figures) -> Stat:
    return PercentageStat(name="duration", value=figures.duration or _NO_DURATION)


def _of_costs(figures: Figures) -> Iterator[Stat]:
    yield AverageStat(name="total_estimated_cost", value=float(figures.mean_cost))
    yield AverageStat(name="total_estimated_cost_sum", value=float(figures.cost))


def _means(head: str, totals: Totals) -> Iterator[Stat]:
    for key, total in totals.items():
        yield AverageStat(name=f"{head}.{key}", value=total.mean)
