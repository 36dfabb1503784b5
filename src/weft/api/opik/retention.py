"""How many days a project is kept: Weft's own, in the manner of Opik's API."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.api.opik.wire.retention import RetentionView, RetentionWrite, retention_view
from weft.errors import NotFound


async def get_retention(call: Call, id: UUID) -> Json[RetentionView]:
    days = await call.services.registry.retention.get(call.caller.workspace_id, str(id))
    return Json(retention_view(days, call.services.retention.default_days))


async def put_retention(call: Call, id: UUID, body: RetentionWrite) -> Json[RetentionView]:
    await call.services.registry.retention.put(call.caller.workspace_id, str(id), body.days)
    return Json(retention_view(body.days, call.services.retention.default_days))


ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/private/projects/{id}/retention", get_retention, errors=(NotFound,)),
    Route("PUT", "/v1/private/projects/{id}/retention", put_retention, errors=(NotFound,)),
)
