"""What is configured for the caller's workspace (Opik's contract, H.5)."""

from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.workspaces import (
    ConfigurationView,
    ConfigurationWrite,
    WorkspaceVersion,
    configuration_view,
)
from weft.errors import ConfigurationNotFound

# Opik's contract: the workspaces in which everything belongs to a project, as it does here.
WORKSPACE_VERSION = "version_2"


async def get_configuration(call: Call) -> Json[ConfigurationView]:
    configuration = await call.services.registry.workspaces.configuration(call.caller.workspace_id)
    if configuration is None:
        raise ConfigurationNotFound()
    return Json(configuration_view(configuration))


async def put_configuration(call: Call, body: ConfigurationWrite) -> Json[ConfigurationView]:
    configuration = body.configuration
    await call.services.registry.workspaces.put_configuration(call.caller.workspace_id, configuration)
    return Json(configuration_view(configuration))


async def delete_configuration(call: Call) -> NoContent:
    await call.services.registry.workspaces.delete_configuration(call.caller.workspace_id)
    return NoContent()


async def get_workspace_version(call: Call) -> Json[WorkspaceVersion]:
    return Json(WorkspaceVersion(WORKSPACE_VERSION))


ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/private/workspaces/configurations", get_configuration, errors=(ConfigurationNotFound,)),
    Route("PUT", "/v1/private/workspaces/configurations", put_configuration),
    Route("DELETE", "/v1/private/workspaces/configurations", delete_configuration),
    Route("GET", "/v1/private/workspaces/versions", get_workspace_version),
)
