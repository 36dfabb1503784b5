"""Stats of traces, spans, threads and whole projects (Opik's contract, B.10, B.23, H.1, E)."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.api.opik.selection import as_of_now, list_selection
from weft.api.opik.wire.projects import SORTABLE_BY
from weft.api.opik.wire.selection import ListQuery
from weft.api.opik.wire.stats import (
    ProjectStatsPage,
    ProjectStatsQuery,
    ProjectStatsView,
    SpanStatsQuery,
    StatsQuery,
    StatsView,
    project_figures,
    span_stats_view,
    thread_stats_view,
    trace_stats_view,
)
from weft.core.projects import find_projects
from weft.core.stats import project_stats
from weft.errors import (
    InvalidFilterOperator,
    InvalidFilters,
    InvalidFilterValue,
    InvalidQueryText,
    InvalidSorting,
    InvalidTimeWindow,
    NotFound,
    ProjectRequired,
)
from weft.filters.fields import SPANS, THREADS, TRACES
from weft.filters.sorting import parse_sorting
from weft.model.instants import now_us
from weft.registry.projects import ProjectQuery


async def get_trace_stats(call: Call, query: StatsQuery) -> Json[StatsView]:
    selection = await list_selection(call, query.of_list, TRACES)
    return Json(trace_stats_view(await call.services.store.get_stats("trace", selection)))


async def get_span_stats(call: Call, query: SpanStatsQuery) -> Json[StatsView]:
    selection = await list_selection(call, query.of_list, SPANS, query.filters_of_parameters())
    return Json(span_stats_view(await call.services.store.get_stats("span", selection)))


async def get_thread_stats(call: Call, query: StatsQuery) -> Json[StatsView]:
    selection = await as_of_now(call, await list_selection(call, query.of_list, THREADS))
    return Json(thread_stats_view(await call.services.store.get_stats("thread", selection)))


async def find_project_stats(call: Call, query: ProjectStatsQuery) -> Json[ProjectStatsPage]:
    services, caller = call.services, call.caller
    wanted = ProjectQuery(query.name, parse_sorting(query.sorting), query.paging)
    page = await find_projects(services.registry, services.store, caller.workspace_id, wanted)
    views = [await _project_stats_view(call, query, item.project.id) for item in page.items]
    return Json(
        ProjectStatsPage(page=page.page, size=len(views), total=page.total, content=views, sortable_by=SORTABLE_BY)
    )


async def _project_stats_view(call: Call, query: ProjectStatsQuery, project_id: str) -> ProjectStatsView:
    of_project = ListQuery(
        project_id=UUID(project_id),
        filters=query.filters,
        query=query.query,
        from_time=query.from_time,
        to_time=query.to_time,
    )
    selection = await list_selection(call, of_project, TRACES)
    stats = await project_stats(call.services.store, selection, now_us() // 1000)
    return ProjectStatsView(project_id=project_id, **project_figures(stats))


_FILTERS = (InvalidFilters, InvalidFilterOperator, InvalidFilterValue, InvalidQueryText, InvalidTimeWindow)
_SELECTION = (ProjectRequired, NotFound, *_FILTERS)

ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/private/traces/stats", get_trace_stats, errors=_SELECTION),
    Route("GET", "/v1/private/spans/stats", get_span_stats, errors=_SELECTION),
    Route("GET", "/v1/private/traces/threads/stats", get_thread_stats, errors=_SELECTION),
    Route("GET", "/v1/private/projects/stats", find_project_stats, errors=(*_FILTERS, InvalidSorting)),
)
