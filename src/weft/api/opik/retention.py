"""How many days projects are kept, and what would go: Weft's own, in the manner of Opik's API."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.api.opik.wire.retention import (
    ExpiredView,
    Preview,
    RetentionView,
    RetentionWrite,
    WorkspaceRetentionView,
    expired_view,
    retention_view,
    workspace_view,
)
from weft.errors import NotFound


async def get_retention(call: Call, id: UUID) -> Json[RetentionView]:
    days = await call.services.registry.retention.get(call.caller.workspace_id, str(id))
    return Json(retention_view(days, await _default_days(call)))


async def put_retention(call: Call, id: UUID, body: RetentionWrite) -> Json[RetentionView]:
    await call.services.registry.retention.put(call.caller.workspace_id, str(id), body.days)
    return Json(retention_view(body.days, await _default_days(call)))


async def get_workspace_retention(call: Call) -> Json[WorkspaceRetentionView]:
    """What is set for the workspace, and for each of its projects."""
    retention, workspace_id = call.services.registry.retention, call.caller.workspace_id
    own = await retention.get_workspace(workspace_id)
    projects = await retention.find_of(workspace_id)
    return Json(workspace_view(own, call.services.retention.default_days, projects))


async def put_workspace_retention(call: Call, body: RetentionWrite) -> Json[RetentionView]:
    """For projects without days of their own, and for agents whose project there is none of."""
    await call.services.registry.retention.put_workspace(call.caller.workspace_id, body.days)
    return Json(retention_view(body.days, call.services.retention.default_days))


async def preview_retention(call: Call, body: Preview) -> Json[ExpiredView]:
    """What would go now, or what the change is about if it were made. Nothing goes."""
    workspace_id, change = call.caller.workspace_id, body.retention_change
    if change and change.project_id is not None:
        await call.services.registry.retention.get(workspace_id, change.project_id)
    return Json(expired_view(await call.services.retention.preview_of(workspace_id, change)))


async def _default_days(call: Call) -> int:
    own = await call.services.registry.retention.get_workspace(call.caller.workspace_id)
    return call.services.retention.default_days if own is None else own


ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/private/retention", get_workspace_retention),
    Route("PUT", "/v1/private/retention", put_workspace_retention),
    Route("POST", "/v1/private/retention/preview", preview_retention, errors=(NotFound,)),
    Route("GET", "/v1/private/projects/{id}/retention", get_retention, errors=(NotFound,)),
    Route("PUT", "/v1/private/projects/{id}/retention", put_retention, errors=(NotFound,)),
)
