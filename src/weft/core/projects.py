"""Projects together with their traces, of which the registry and the store each know one half."""

from collections.abc import Mapping, Sequence

from weft.model.page import Page
from weft.model.project import Project, ProjectActivity
from weft.registry import Registry
from weft.registry.projects import ProjectQuery
from weft.store.contract import Store

BY_ACTIVITY = "last_updated_trace_at"


async def with_activity(store: Store, workspace_id: str, project: Project) -> ProjectActivity:
    times = await store.last_trace_times(workspace_id)
    return ProjectActivity(project, times.get(project.id))


async def find_projects(
    registry: Registry, store: Store, workspace_id: str, query: ProjectQuery
) -> Page[ProjectActivity]:
    """As `Projects.find`, and may be sorted by `last_updated_trace_at` as well."""
    times = await store.last_trace_times(workspace_id)
    if query.sort is not None and query.sort.field == BY_ACTIVITY:
        every = await registry.projects.find_all(workspace_id, query.name)
        by_activity = _by_activity(every, times, descending=query.sort.direction == "DESC")
        page = Page(query.paging.number, len(every), query.paging.cut(by_activity))
    else:
        page = await registry.projects.find(workspace_id, query)
    return Page(page.page, page.total, [ProjectActivity(project, times.get(project.id)) for project in page.items])


async def delete_projects(registry: Registry, store: Store, workspace_id: str, ids: Sequence[str]) -> None:
    """Deletes projects with all that is recorded in them; unknown ids are passed over.

    The records go first, so that an interruption leaves a project to delete again, not records that no one can see.
    They go once more after the project, for what a write under way, which had looked the project up, has added since.
    """
    await _delete_records(store, workspace_id, ids)
    await registry.projects.delete_many(workspace_id, ids)
    await _delete_records(store, workspace_id, ids)


async def _delete_records(store: Store, workspace_id: str, ids: Sequence[str]) -> None:
    for id in ids:
        await store.delete_project(workspace_id, id)


def _by_activity(projects: Sequence[Project], times: Mapping[str, int], descending: bool) -> list[Project]:
    """Opik's contract: a project without traces counts with its own `last_updated_at`."""
    return sorted(projects, key=lambda project: times.get(project.id, project.last_updated_at), reverse=descending)
