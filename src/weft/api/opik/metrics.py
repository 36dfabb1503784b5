"""Metrics of a project over time, and the names that they come under (Opik's contract, H.2)."""

from contextlib import suppress
from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.api.opik.selection import as_of_now
from weft.api.opik.wire.metrics import (
    KpiEntity,
    KpiRequest,
    KpiView,
    MetricRequest,
    MetricView,
    Period,
    TrendsRequest,
    TrendsView,
    TrendView,
    UsageNames,
    kpi_view,
    metric_view,
    trend_view,
    trends_view,
)
from weft.api.opik.wire.projects import ProjectIdsQuery
from weft.api.opik.wire.scores import ScoreNames, score_names
from weft.core.metrics import METRICS
from weft.core.stats import compare
from weft.errors import (
    InvalidFilterOperator,
    InvalidFilters,
    InvalidFilterValue,
    InvalidInterval,
    InvalidQueryText,
    NotFound,
    TooManyPoints,
)
from weft.filters.compile import NEWEST_FIRST, both, compile_ids, split_query
from weft.filters.fields import SPANS, THREADS, TRACES, Noun
from weft.filters.query import Query, all_of
from weft.filters.syntax import parse_filters_body, parse_filters_parameter
from weft.filters.text import parse_query
from weft.model.feedback_score import EntityType
from weft.model.ids import first_id_at, last_id_at
from weft.store.contract import Selection

_NOUNS: dict[EntityType, Noun] = {"trace": TRACES, "span": SPANS, "thread": THREADS}
_KPI_ENTITIES: dict[KpiEntity, EntityType] = {"traces": "trace", "spans": "span", "threads": "thread"}
_KPI_FIGURES = ("count", "errors", "average_duration", "cost")
_TREND_FIGURES = ("count", "errors", "cost")


async def get_project_metrics(call: Call, id: UUID, body: MetricRequest) -> Json[MetricView]:
    assert body.metric_type is not None
    metric, period = METRICS[body.metric_type], body.period()
    buckets = body.buckets(period)
    noun = _NOUNS[metric.entity_type]
    filters = parse_filters_body(body.filters(metric.entity_type), noun)
    query = all_of(*filters, parse_query(body.query, noun))
    selection = await _selection(call, id, metric.entity_type, query, period)
    return Json(metric_view(str(id), body, buckets, await metric.read(call.services.store, selection, buckets)))


async def find_trends(call: Call, body: TrendsRequest) -> Json[TrendsView]:
    """Weft's own: what a list of projects draws, with one query for each. Projects that are not there are passed over,
    as one may be deleted while the list is shown."""
    ids, period = body.project_ids or (), body.period()
    buckets = body.buckets(period, len(ids))
    trends: list[TrendView] = []
    for id in ids:
        with suppress(NotFound):
            selection = await _selection(call, id, "trace", all_of(), period)
            figures = await call.services.store.get_figures("trace", selection, _TREND_FIGURES, buckets)
            trends.append(trend_view(selection.project_id, buckets, figures))
    return Json(trends_view(body, buckets, trends))


async def get_project_kpi_cards(call: Call, id: UUID, body: KpiRequest) -> Json[KpiView]:
    assert body.entity_type is not None
    entity_type, period = _KPI_ENTITIES[body.entity_type], body.period()
    noun = _NOUNS[entity_type]
    query = all_of(*parse_filters_parameter(body.filters, noun), parse_query(body.query, noun))
    both_periods = Period(period.start_ms - period.length_ms, period.end_ms)
    selection = await _selection(call, id, entity_type, query, both_periods)
    periods = await compare(
        call.services.store, entity_type, selection, _KPI_FIGURES, period.start_ms, period.length_ms
    )
    return Json(kpi_view(periods))


async def find_project_score_names(call: Call, query: ProjectIdsQuery) -> Json[ScoreNames]:
    names = await call.services.store.project_score_names(call.caller.workspace_id, query.ids())
    return Json(score_names(names))


async def find_usage_names(call: Call, id: UUID) -> Json[UsageNames]:
    project = await call.services.registry.projects.get(call.caller.workspace_id, str(id))
    return Json(UsageNames(names=await call.services.store.usage_names(call.caller.workspace_id, project.id)))


async def _selection(call: Call, project_id: UUID, entity_type: EntityType, query: Query, period: Period) -> Selection:
    """What the period has: for threads, those that began in it, with all of their traces. Raises NotFound."""
    project = await call.services.registry.projects.get(call.caller.workspace_id, str(project_id))
    where, of_traces = split_query(query, _NOUNS[entity_type])
    first, last = first_id_at(period.start_ms), last_id_at(period.end_ms - 1)
    selection = Selection(
        workspace_id=call.caller.workspace_id,
        project_id=project.id,
        where=both(where, compile_ids(first, last)),
        order=NEWEST_FIRST,
        of_traces=of_traces,
    )
    return await as_of_now(call, selection) if entity_type == "thread" else selection


_ERRORS = (NotFound, InvalidFilterOperator, InvalidFilterValue, InvalidQueryText, InvalidInterval)

ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/private/projects/{id}/metrics", get_project_metrics, errors=(*_ERRORS, TooManyPoints)),
    Route("POST", "/v1/private/projects/trends", find_trends, errors=(InvalidInterval, TooManyPoints)),
    Route("POST", "/v1/private/projects/{id}/kpi-cards", get_project_kpi_cards, errors=(*_ERRORS, InvalidFilters)),
    Route("GET", "/v1/private/projects/feedback-scores/names", find_project_score_names),
    Route("GET", "/v1/private/projects/{id}/token-usage/names", find_usage_names, errors=(NotFound,)),
)
