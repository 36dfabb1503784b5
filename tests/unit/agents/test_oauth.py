"""Tokens that are renewed, whatever happens to those who wait for them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.mcp_servers import OAuthServer, oauth_server
from weft.agents.addresses import AddressRule
from weft.agents.mcp import Mcp
from weft.model.ids import new_id
from weft.model.mcp_server import McpServer
from weft.model.oauth import OAuthProvider
from weft.registry import Registry, open_registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE


@pytest.fixture
async def registry(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Registry]:
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield registry
    await registry.close()


async def connected(mcp: Mcp, registry: Registry, protected: OAuthServer) -> OAuthProvider:
    """Ada's provider, with a token that must be renewed."""
    server = McpServer(new_id(), WORKSPACE, "rows", protected.url, (), "oauth", "", None, None, None, 1, 1)
    await registry.mcp_servers.create(server)
    provider = await mcp.oauth.register(server, "ada", "http://weft.test/callback")
    protected.authorization.lifetime_s = 1
    _, url = await mcp.oauth.start(WORKSPACE, "ada", provider.id, [])
    async with httpx.AsyncClient() as browser:
        back = parse_qs(urlsplit((await browser.get(url)).headers["Location"]).query)
    await mcp.oauth.finish(back["state"][0], back["code"][0])
    protected.authorization.lifetime_s = 3600
    return provider


async def test_a_renewal_goes_on_when_nobody_waits_for_it(registry: Registry) -> None:
    mcp = Mcp(registry, AddressRule(allow_private=True))
    loop = asyncio.get_running_loop()
    with oauth_server() as protected:
        provider = await connected(mcp, registry, protected)
        asking = asyncio.create_task(mcp.oauth.token(provider, "ada"))
        protected.authorization.on_refresh = lambda: loop.call_soon_threadsafe(asking.cancel)
        with pytest.raises(asyncio.CancelledError):
            await asking
        token = await mcp.oauth.token(provider, "ada")
        assert token is not None
        assert token.access_token in protected.authorization.access
        assert len(protected.authorization.access) == 2


async def test_one_renewal_serves_all_who_ask(registry: Registry) -> None:
    mcp = Mcp(registry, AddressRule(allow_private=True))
    with oauth_server() as protected:
        provider = await connected(mcp, registry, protected)
        tokens = await asyncio.gather(*(mcp.oauth.token(provider, "ada") for _ in range(5)))
    assert len({token.access_token for token in tokens if token}) == 1
    assert len(protected.authorization.access) == 2
