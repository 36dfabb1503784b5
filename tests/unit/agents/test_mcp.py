"""How MCP servers are asked, against real ones on loopback."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from tests.mcp_servers import HEADER, SECRET, TOOLS, answering_server, header_server, oauth_server, open_server
from weft.agents.addresses import AddressRule
from weft.agents.mcp import TOOLS_KEPT_US, Mcp
from weft.errors import McpAddressRefused, McpServerFailed
from weft.model.ids import new_id
from weft.model.mcp_server import Header, McpServer
from weft.registry import Registry, open_registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE

ANY = AddressRule(allow_private=True)
PUBLIC = AddressRule(allow_private=False)
LIGHT = """
import sys, weft.app
print(sorted({name.partition(".")[0] for name in sys.modules} & {"mcp", "httpx", "cryptography", "pydantic", "anyio"}))
"""


@pytest.fixture
async def registry(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Registry]:
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield registry
    await registry.close()


async def register(registry: Registry, url: str, *headers: Header) -> None:
    server = McpServer(new_id(), WORKSPACE, url, url, headers, "headers" if headers else "", "", None, None, None, 1, 1)
    await registry.mcp_servers.create(server)


class TestProbe:
    async def test_of_a_server(self, registry: Registry) -> None:
        with open_server() as url:
            assert (await Mcp(registry, ANY).probe(url, {})).ok

    async def test_with_and_without_the_header(self, registry: Registry) -> None:
        mcp = Mcp(registry, ANY)
        with header_server() as url:
            assert (await mcp.probe(url, {HEADER: SECRET})).ok
            assert (await mcp.probe(url, {HEADER: "guess"})).error_code == "auth_failed"

    async def test_without_a_token(self, registry: Registry) -> None:
        with oauth_server() as server:
            assert (await Mcp(registry, ANY).probe(server.url, {})).error_code == "auth_failed"

    @pytest.mark.parametrize(
        ("status", "body", "code"),
        [
            (200, "hello", "invalid_response"),
            (404, "", "invalid_response"),
            (307, "", "invalid_response"),
            (403, "", "auth_failed"),
            (503, "", "unreachable"),
        ],
    )
    async def test_of_something_else(self, registry: Registry, status: int, body: str, code: str) -> None:
        with answering_server(status, body) as url:
            probe = await Mcp(registry, ANY).probe(url, {})
        assert (probe.ok, probe.error_code) == (False, code)
        assert probe.error

    @pytest.mark.parametrize(
        ("status", "kind", "told"),
        [
            (200, "text/html", "it answered 200 with 'text/html'"),
            (200, None, "it answered 200 without a content type"),
            (202, "application/json", "it answered 202 with 'application/json'"),
            (204, None, "it answered 204 without a content type"),
        ],
    )
    async def test_of_another_content_type(self, registry: Registry, status: int, kind: str | None, told: str) -> None:
        with answering_server(status, "", kind) as url:
            probe = await Mcp(registry, ANY).probe(url, {})
        assert (probe.ok, probe.error_code) == (False, "invalid_response")
        assert str(probe.error).startswith(told)

    async def test_of_nothing(self, registry: Registry) -> None:
        with answering_server(200) as url:
            pass
        probe = await Mcp(registry, ANY).probe(url, {})
        assert (probe.ok, probe.error_code) == (False, "unreachable")

    @pytest.mark.parametrize("url", ["https://127.0.0.1:1/mcp", "http://93.184.216.34/mcp"])
    async def test_of_a_private_server_where_only_public_ones_may_be_called(self, registry: Registry, url: str) -> None:
        """Each connection is looked at, whatever was checked before."""
        assert (await Mcp(registry, PUBLIC).probe(url, {})).error_code == "unreachable"


class TestHeaders:
    async def test_of_a_registered_server(self, registry: Registry) -> None:
        mcp = Mcp(registry, ANY)
        await register(registry, "http://127.0.0.1:1/mcp", Header("X-Key", "k"))
        assert await mcp.headers_for(WORKSPACE, "http://127.0.0.1:1/MCP/", "ada") == {"X-Key": "k"}
        assert await mcp.headers_for(WORKSPACE, "http://127.0.0.1:2/mcp", "ada") is None
        with pytest.raises(McpAddressRefused):
            await Mcp(registry, PUBLIC).headers_for(WORKSPACE, "http://127.0.0.1:1/mcp", "ada")


class TestTools:
    async def test_are_kept_for_five_minutes(self, registry: Registry) -> None:
        clock = Clock()
        mcp = Mcp(registry, ANY, clock)
        with open_server() as url:
            await register(registry, url)
            assert [tool["name"] for tool in (await mcp.tools(WORKSPACE, url, "ada")).tools] == list(TOOLS)
        clock.us += TOOLS_KEPT_US - 1
        assert (await mcp.tools(WORKSPACE, url, "ada")).cached
        clock.us += 1
        with pytest.raises(McpServerFailed):
            await mcp.tools(WORKSPACE, url, "ada")

    async def test_are_kept_for_each_user(self, registry: Registry) -> None:
        mcp = Mcp(registry, ANY)
        with open_server() as url:
            await register(registry, url)
            assert not (await mcp.tools(WORKSPACE, url, "ada")).cached
            assert not (await mcp.tools(WORKSPACE, url, "bob")).cached
            assert (await mcp.tools(WORKSPACE, url, "ada")).cached


class Clock:
    us = 1_000_000

    def __call__(self) -> int:
        return self.us


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    run = subprocess.run([sys.executable, "-c", LIGHT], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "['anyio']"  # which is Starlette's
