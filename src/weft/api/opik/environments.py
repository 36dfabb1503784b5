"""Environments (Opik's contract, H.5)."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import Created, Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.environments import (
    EnvironmentPage,
    EnvironmentUpdate,
    EnvironmentView,
    EnvironmentWrite,
    environment_page,
    environment_view,
)
from weft.api.opik.wire.recorded import Ids
from weft.errors import EnvironmentExists, EnvironmentLimitReached, EnvironmentNotFound, InvalidId


async def create_environment(call: Call, body: EnvironmentWrite) -> Created:
    caller = call.caller
    id = await call.services.registry.environments.create(
        caller.workspace_id, body.name or "", caller.user_name, body.id_text, body.changes
    )
    return Created(id)


async def find_environments(call: Call) -> Json[EnvironmentPage]:
    return Json(environment_page(await call.services.registry.environments.find_all(call.caller.workspace_id)))


async def get_environment(call: Call, id: UUID) -> Json[EnvironmentView]:
    return Json(environment_view(await call.services.registry.environments.get(call.caller.workspace_id, str(id))))


async def update_environment(call: Call, id: UUID, body: EnvironmentUpdate) -> NoContent:
    caller = call.caller
    await call.services.registry.environments.update(caller.workspace_id, str(id), body.changes, caller.user_name)
    return NoContent()


async def delete_environments(call: Call, body: Ids) -> NoContent:
    await call.services.registry.environments.delete_many(call.caller.workspace_id, body.texts())
    return NoContent()


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/v1/private/environments",
        create_environment,
        errors=(InvalidId, EnvironmentExists, EnvironmentLimitReached),
    ),
    Route("GET", "/v1/private/environments", find_environments),
    Route("GET", "/v1/private/environments/{id}", get_environment, errors=(EnvironmentNotFound,)),
    Route(
        "PATCH",
        "/v1/private/environments/{id}",
        update_environment,
        errors=(EnvironmentNotFound, EnvironmentExists),
    ),
    Route("POST", "/v1/private/environments/delete", delete_environments),
)
