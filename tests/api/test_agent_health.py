"""The health of agents: real MCP servers are asked."""

from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.api.agent_calls import AGENTS, TOOL, create
from tests.api.agent_threads import error
from tests.mcp_servers import HEADER, SECRET, answering_server, header_server, open_server
from weft.model.ids import new_id


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    registry_client.headers["X-Api-Key"] = "k"
    return registry_client


class TestHealth:
    async def health(self, client: httpx.AsyncClient, *urls: str) -> dict[str, Any]:
        """Of an agent whose subagents each have a tool on one of the servers."""
        subagents = [
            {"name": f"s{place}", "tools": {"tools": [TOOL | {"mcp_server_url": url}]}}
            for place, url in enumerate(urls)
        ]
        agent = await create(client, subagents=subagents)
        reply = await client.get(f"{AGENTS}/{agent['id']}/health")
        body = dict(reply.json())
        assert (reply.status_code, body.pop("agent_id")) == (200, agent["id"])
        assert body.pop("checked_at")
        check: dict[str, Any] = body.pop("mcp_check")
        assert body == {}
        return check

    async def test_without_servers(self, client: httpx.AsyncClient) -> None:
        assert await self.health(client) == {"ok": True, "servers": []}

    async def test_each_server_once(self, client: httpx.AsyncClient) -> None:
        with open_server() as url:
            check = await self.health(client, url, f"{url}/")
        assert check == {"ok": True, "servers": [{"url": url, "name": "acme", "ok": True, "is_default": False}]}

    async def test_a_registered_server_gets_its_headers(self, client: httpx.AsyncClient) -> None:
        with header_server() as url:
            refused = await self.health(client, url)
            headers = [{"key": HEADER, "value": SECRET}]
            await client.post("/v1/deepagents/mcp-servers", json={"name": "rows", "url": url, "headers": headers})
            allowed = await self.health(client, url)
        assert (refused["ok"], refused["servers"][0]["error_code"]) == (False, "auth_failed")
        assert allowed["ok"] is True

    async def test_what_may_be_wrong(self, client: httpx.AsyncClient) -> None:
        with ExitStack() as servers:
            nobody, good = "http://127.0.0.1:9/mcp", servers.enter_context(open_server())
            strange = servers.enter_context(answering_server(404, "hello"))
            check = await self.health(client, good, nobody, strange)
        assert check["ok"] is False
        codes = [server.get("error_code") for server in check["servers"]]
        assert codes == [None, "unreachable", "invalid_response"]

    async def test_unknown(self, client: httpx.AsyncClient) -> None:
        assert error(await client.get(f"{AGENTS}/{new_id()}/health")) == (404, "agent_not_found")
