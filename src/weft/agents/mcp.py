"""MCP servers: which there are, what they are told of who asks, and what tools they have."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from weft.agents.addresses import AddressRule
from weft.agents.mcp_values import Probe, ProbeError, ToolList
from weft.agents.oauth import OAuth
from weft.errors import (
    ExtraNotInstalled,
    McpAddressRefused,
    McpServerFailed,
    McpServerNotFound,
    McpServerRefused,
    McpServerUnreachable,
    WeftError,
)
from weft.model.instants import now_us
from weft.model.mcp_server import McpServer, McpServerChanges
from weft.registry import Registry
from weft.registry.cache import RecentlyUsed

if TYPE_CHECKING:
    from weft.agents.runtime.mcp_client import McpClient
    from weft.agents.runtime.oauth_client import OAuthHttp

TOOLS_KEPT_US = 5 * 60 * 1_000_000

_CACHED = 1024
_PROBE_ERRORS: tuple[tuple[type[WeftError], ProbeError], ...] = (
    (McpServerRefused, "auth_failed"),
    (McpServerUnreachable, "unreachable"),
    (McpAddressRefused, "unreachable"),
    (McpServerFailed, "invalid_response"),
)


class Mcp:
    """Cheap to make: what speaks the protocol is loaded with the first call. Raises ExtraNotInstalled then."""

    def __init__(self, registry: Registry, rule: AddressRule, now: Callable[[], int] = now_us) -> None:
        self._registry = registry
        self._rule = rule
        self._now = now
        self._client: McpClient | None = None
        self._tools: RecentlyUsed[tuple[str, str, str | None], ToolList] = RecentlyUsed(_CACHED)
        self.oauth = OAuth(registry, self._oauth_http)

    async def check_address(self, url: str) -> None:
        """Raises McpAddressRefused."""
        await self._rule.check(url)

    async def add(self, server: McpServer) -> None:
        """Raises McpAddressRefused and McpServerExists."""
        await self.check_address(server.url)
        await self._registry.mcp_servers.create(server)

    async def change(self, workspace_id: str, id: str, changes: McpServerChanges) -> McpServer:
        """The server as it is then. Raises McpServerNotFound, McpAddressRefused and McpServerExists."""
        if isinstance(changes.url, str):
            await self.check_address(changes.url)
        try:
            return await self._registry.mcp_servers.update(workspace_id, id, changes)
        finally:
            self._tools.clear()

    async def remove(self, workspace_id: str, id: str) -> None:
        try:
            await self._registry.mcp_servers.delete(workspace_id, id)
        finally:
            self._tools.clear()

    async def headers_for(self, workspace_id: str, url: str, user_id: str) -> dict[str, str] | None:
        """What is sent to the server at the URL for this user: its static headers, and the user's token if there is
        one. None when no such server is registered. Raises McpAddressRefused and McpServerUnreachable."""
        server = await self._registry.mcp_servers.find_by_url(workspace_id, url)
        if server is None:
            return None
        await self.check_address(server.url)
        return await self._headers(server, user_id)

    async def probe(self, url: str, headers: Mapping[str, str]) -> Probe:
        """One `initialize`, which has ten seconds."""
        client = await self._loaded()
        try:
            await client.initialize(url, headers)
        except tuple(kind for kind, _ in _PROBE_ERRORS) as error:
            code = next(code for kind, code in _PROBE_ERRORS if isinstance(error, kind))
            return Probe(False, code, str(error.fields["reason"]))
        return Probe(True)

    async def tools(
        self, workspace_id: str, url: str, user_id: str, provider_id: str | None = None, refresh: bool = False
    ) -> ToolList:
        """The tools that the server at the URL has for this user, from memory if it was asked not long ago.

        Raises McpServerNotFound, OAuthProviderNotFound, McpAddressRefused, McpServerFailed and McpServerRefused.
        """
        epoch = self._tools.epoch
        server = await self._registry.mcp_servers.find_by_url(workspace_id, url)
        if server is None:
            raise McpServerNotFound(id=url)
        key = (server.id, user_id, provider_id)
        known = self._tools.get(key)
        if known and not refresh and self._now() < known.fetched_at + TOOLS_KEPT_US:
            return replace(known, cached=True)
        headers = await self._headers(server, user_id, provider_id)
        client = await self._loaded()
        found = ToolList(await client.list_tools(server.url, headers), self._now())
        self._tools.put(key, found, epoch)
        return found

    async def _headers(self, server: McpServer, user_id: str, provider_id: str | None = None) -> dict[str, str]:
        if server.auth_type == "headers":
            return server.static_headers
        provider = await self.oauth.provider(server, user_id, provider_id)
        token = await self.oauth.token(provider, user_id) if provider else None
        return server.static_headers | ({"Authorization": f"Bearer {token.access_token}"} if token else {})

    async def _oauth_http(self) -> "OAuthHttp":
        return (await self._loaded()).oauth

    async def _loaded(self) -> "McpClient":
        if self._client is None:
            self._client = await asyncio.to_thread(_load, self._rule)
        return self._client


def _load(rule: AddressRule) -> "McpClient":
    """In a thread, as it takes a second or two."""
    try:
        from weft.agents.runtime.mcp_client import McpClient
    except ImportError as error:
        raise ExtraNotInstalled(extra="agents", package="mcp") from error
    return McpClient(rule)
