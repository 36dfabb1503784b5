"""MCP servers and their tools (the contract, B.4 and B.5)."""

from weft.api.deepagents.identity import user_id
from weft.api.deepagents.oauth_callback import redirect_uri
from weft.api.deepagents.wire.mcp_servers import (
    McpServerCreate,
    McpServerUpdate,
    McpServerView,
    OAuthProviderCreate,
    OAuthProviderView,
    ToolsQuery,
    ToolsView,
    mcp_server_view,
    tools_view,
)
from weft.api.deepagents.wire.values import path_id, uuid_text
from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.errors import (
    ExtraNotInstalled,
    McpAddressRefused,
    McpServerExists,
    McpServerFailed,
    McpServerNotFound,
    McpServerRefused,
    MissingField,
    OAuthNotOffered,
    OAuthProviderNotFound,
    OAuthUnavailable,
    SecretsUnreadable,
)

SERVERS = "/v1/deepagents/mcp-servers"
SERVER = f"{SERVERS}/{{mcp_server_id}}"


async def create_mcp_server(call: Call, body: McpServerCreate) -> Json[McpServerView]:
    server = body.server(call.caller.workspace_id)
    await call.services.mcp.add(server)
    return Json(mcp_server_view(server, connected=()), 201)


async def find_mcp_servers(call: Call) -> Json[list[McpServerView]]:
    """The oldest first."""
    servers = await call.services.registry.mcp_servers.find_all(call.caller.workspace_id)
    connected = await _connected(call)
    return Json([mcp_server_view(server, connected) for server in servers])


async def get_mcp_server(call: Call, mcp_server_id: str) -> Json[McpServerView]:
    id = path_id(mcp_server_id, McpServerNotFound)
    server = await call.services.registry.mcp_servers.get(call.caller.workspace_id, id)
    return Json(mcp_server_view(server, await _connected(call)))


async def update_mcp_server(call: Call, mcp_server_id: str, body: McpServerUpdate) -> Json[McpServerView]:
    """At another URL, users have to connect again."""
    id = path_id(mcp_server_id, McpServerNotFound)
    server = await call.services.mcp.change(call.caller.workspace_id, id, body.changes)
    return Json(mcp_server_view(server, await _connected(call)))


async def delete_mcp_server(call: Call, mcp_server_id: str) -> NoContent:
    """One that is not there is passed over. Agents keep their reference to it."""
    if id := uuid_text(mcp_server_id):
        await call.services.mcp.remove(call.caller.workspace_id, id)
    return NoContent()


async def register_oauth_provider(call: Call, mcp_server_id: str, body: OAuthProviderCreate) -> Json[OAuthProviderView]:
    """The one that is registered already, or else a new one."""
    id = path_id(mcp_server_id, McpServerNotFound)
    server = await call.services.registry.mcp_servers.get(call.caller.workspace_id, id)
    await call.services.mcp.check_address(server.url)
    provider = await call.services.mcp.oauth.register(server, user_id(call.caller), redirect_uri(call.request))
    return Json(OAuthProviderView(provider.id))


async def find_mcp_tools(call: Call, query: ToolsQuery) -> Json[ToolsView]:
    """From memory for five minutes, unless they are asked for anew."""
    found = await call.services.mcp.tools(
        call.caller.workspace_id, query.url, user_id(call.caller), query.oauth_provider_id, query.force_refresh
    )
    return Json(tools_view(found))


async def _connected(call: Call) -> set[str]:
    providers = call.services.registry.oauth_providers
    return await providers.connected_servers(call.caller.workspace_id, user_id(call.caller))


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        SERVERS,
        create_mcp_server,
        status=201,
        errors=(MissingField, McpAddressRefused, McpServerExists, SecretsUnreadable, ExtraNotInstalled),
    ),
    Route("GET", SERVERS, find_mcp_servers, errors=(SecretsUnreadable, ExtraNotInstalled)),
    Route("GET", SERVER, get_mcp_server, errors=(McpServerNotFound, SecretsUnreadable, ExtraNotInstalled)),
    Route(
        "PATCH",
        SERVER,
        update_mcp_server,
        errors=(
            MissingField,
            McpAddressRefused,
            McpServerNotFound,
            McpServerExists,
            SecretsUnreadable,
            ExtraNotInstalled,
        ),
    ),
    Route("DELETE", SERVER, delete_mcp_server),
    Route(
        "POST",
        f"{SERVER}/oauth-provider",
        register_oauth_provider,
        errors=(
            McpAddressRefused,
            OAuthNotOffered,
            McpServerNotFound,
            SecretsUnreadable,
            OAuthUnavailable,
            ExtraNotInstalled,
        ),
    ),
    Route(
        "GET",
        "/v1/deepagents/mcp/tools",
        find_mcp_tools,
        errors=(
            McpAddressRefused,
            OAuthProviderNotFound,
            McpServerNotFound,
            SecretsUnreadable,
            McpServerFailed,
            McpServerRefused,
            ExtraNotInstalled,
        ),
    ),
)
