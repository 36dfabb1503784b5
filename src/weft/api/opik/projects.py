"""Projects (Opik's contract, H.2)."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import Created, Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.projects import (
    ProjectIds,
    ProjectPage,
    ProjectPageQuery,
    ProjectRetrieve,
    ProjectUpdate,
    ProjectView,
    ProjectWrite,
    project_page,
    project_view,
)
from weft.core import projects, stats
from weft.errors import InvalidSorting, NotFound, ProjectExists, ProjectNotFound
from weft.filters.sorting import parse_sorting
from weft.model.instants import now_us
from weft.registry.projects import ProjectQuery


async def create_project(call: Call, body: ProjectWrite) -> Created:
    project = await call.services.registry.projects.create(
        call.caller.workspace_id, body.name or "", call.caller.user_name, body.description, body.visibility
    )
    return Created(project.id)


async def find_projects(call: Call, query: ProjectPageQuery) -> Json[ProjectPage]:
    wanted = ProjectQuery(query.name, parse_sorting(query.sorting), query.paging)
    page = await projects.find_projects(call.services.registry, call.services.store, call.caller.workspace_id, wanted)
    return Json(project_page(page))


async def get_project(call: Call, id: UUID) -> Json[ProjectView]:
    project = await call.services.registry.projects.get(call.caller.workspace_id, str(id))
    return Json(project_view(await projects.with_activity(call.services.store, call.caller.workspace_id, project)))


async def retrieve_project(call: Call, body: ProjectRetrieve) -> Json[ProjectView]:
    project = await call.services.registry.projects.find_by_name(call.caller.workspace_id, body.name or "")
    if project is None:
        raise ProjectNotFound()
    activity = await projects.with_activity(call.services.store, call.caller.workspace_id, project)
    if not body.wants_stats:
        return Json(project_view(activity))
    everything = stats.everything(call.caller.workspace_id, project.id)
    return Json(project_view(activity, await stats.project_stats(call.services.store, everything, now_us() // 1000)))


async def update_project(call: Call, id: UUID, body: ProjectUpdate) -> NoContent:
    await call.services.registry.projects.update(call.caller.workspace_id, str(id), body.changes, call.caller.user_name)
    return NoContent()


async def delete_project(call: Call, id: UUID) -> NoContent:
    await projects.delete_projects(call.services.registry, call.services.store, call.caller.workspace_id, [str(id)])
    return NoContent()


async def delete_projects(call: Call, body: ProjectIds) -> NoContent:
    ids = [str(id) for id in body.ids or ()]
    await projects.delete_projects(call.services.registry, call.services.store, call.caller.workspace_id, ids)
    return NoContent()


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/private/projects", create_project, errors=(ProjectExists,)),
    Route("GET", "/v1/private/projects", find_projects, errors=(InvalidSorting,)),
    Route("GET", "/v1/private/projects/{id}", get_project, errors=(NotFound,)),
    Route("PATCH", "/v1/private/projects/{id}", update_project, errors=(NotFound, ProjectExists)),
    Route("DELETE", "/v1/private/projects/{id}", delete_project),
    Route("POST", "/v1/private/projects/delete", delete_projects),
    Route("POST", "/v1/private/projects/retrieve", retrieve_project, errors=(ProjectNotFound,)),
)
