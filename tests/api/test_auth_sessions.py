"""Connecting to MCP servers that are protected by OAuth: providers, sessions, the way back, tokens."""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.mcp_servers import SCOPE, TOOLS, OAuthServer, answering_server, oauth_server, open_server
from weft.model.ids import new_id

SERVERS = "/v1/deepagents/mcp-servers"
SESSIONS = "/v1/deepagents/auth-sessions"
TOOLS_PATH = "/v1/deepagents/mcp/tools"
CALLBACK = "http://weft/v1/deepagents/oauth/callback"


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    registry_client.headers["X-Api-Key"] = "k"
    return registry_client


@pytest.fixture(scope="module")
def running() -> Iterator[OAuthServer]:
    with oauth_server() as server:
        yield server


@pytest.fixture
def protected(running: OAuthServer) -> OAuthServer:
    """As if it had just been started."""
    running.authorization.__init__()  # type: ignore[misc]
    return running


async def add(client: httpx.AsyncClient, url: str, mode: str = "per_user_dynamic_client") -> str:
    body = {"name": "rows", "url": url, "auth_type": "oauth", "oauth_mode": mode}
    return str((await client.post(SERVERS, json=body)).json()["id"])


async def register(client: httpx.AsyncClient, server_id: str) -> str:
    reply = await client.post(f"{SERVERS}/{server_id}/oauth-provider", json={})
    assert reply.status_code == 200, reply.text
    return str(reply.json()["oauth_provider_id"])


async def start(client: httpx.AsyncClient, provider_id: str, strategy: str = "CREATE") -> dict[str, Any]:
    body = {"provider_id": provider_id, "scopes": [], "strategy": strategy}
    reply = await client.post(SESSIONS, json=body)
    assert reply.status_code == (201 if "id" in reply.json() else 200), reply.text
    return dict(reply.json())


async def agree(session: dict[str, Any]) -> str:
    """Does as a browser does; where it is sent back to."""
    async with httpx.AsyncClient() as browser:
        reply = await browser.get(session["verification_url"])
    assert reply.status_code == 302, reply.text
    assert reply.headers["Location"].startswith(f"{CALLBACK}?")
    return reply.headers["Location"]


async def come_back(client: httpx.AsyncClient, url: str) -> httpx.Response:
    key = client.headers.pop("X-Api-Key")
    reply = await client.get(url)
    client.headers["X-Api-Key"] = key
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<script" not in reply.text
    return reply


async def connect(client: httpx.AsyncClient, protected: OAuthServer) -> str:
    """The id of the provider."""
    provider_id = await register(client, await add(client, protected.url))
    reply = await come_back(client, await agree(await start(client, provider_id)))
    assert (reply.status_code, "You are connected." in reply.text) == (200, True)
    return provider_id


async def status(client: httpx.AsyncClient, session: dict[str, Any]) -> str:
    reply = await client.get(f"{SESSIONS}/{session['id']}")
    assert reply.json() == {"id": session["id"], "status": reply.json()["status"]}
    return str(reply.json()["status"])


async def tools(client: httpx.AsyncClient, protected: OAuthServer) -> httpx.Response:
    return await client.get(TOOLS_PATH, params={"url": protected.url, "force_refresh": True})


def error(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


class TestProvider:
    async def test_registered_once(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        id = await add(client, protected.url)
        assert await register(client, id) == await register(client, id)
        (registered,) = protected.authorization.clients.values()
        assert [str(uri) for uri in registered.redirect_uris or []] == [CALLBACK]
        assert registered.client_name == "Weft"

    async def test_under_another_address_again_until_it_is_used(
        self, client: httpx.AsyncClient, protected: OAuthServer
    ) -> None:
        id = await add(client, protected.url)
        first = await register(client, id)
        there = {"Host": "elsewhere.test"}
        assert (await client.post(f"{SERVERS}/{id}/oauth-provider", headers=there)).json()["oauth_provider_id"] == first
        assert len(protected.authorization.clients) == 2

    async def test_stays_while_somebody_is_connected(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        await connect(client, protected)
        (server,) = (await client.get(SERVERS)).json()
        await client.post(f"{SERVERS}/{server['id']}/oauth-provider", headers={"Host": "elsewhere.test"})
        assert len(protected.authorization.clients) == 1

    async def test_of_a_server_without_oauth(self, client: httpx.AsyncClient) -> None:
        with open_server() as url:
            reply = await client.post(f"{SERVERS}/{await add(client, url)}/oauth-provider")
        assert error(reply) == (400, "oauth_not_offered")

    async def test_of_something_else(self, client: httpx.AsyncClient) -> None:
        with answering_server(200, "hello") as url:
            reply = await client.post(f"{SERVERS}/{await add(client, url)}/oauth-provider")
        assert error(reply) == (400, "oauth_not_offered")

    async def test_of_a_server_that_is_down(self, client: httpx.AsyncClient) -> None:
        with answering_server(200) as url:
            id = await add(client, url)
        assert error(await client.post(f"{SERVERS}/{id}/oauth-provider")) == (503, "service_unavailable")


class TestConnect:
    async def test_tools_before_and_after(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        provider_id = await register(client, await add(client, protected.url))
        assert error(await tools(client, protected)) == (502, "upstream_auth_failed")
        session = await start(client, provider_id)
        assert session.keys() == {"id", "status", "provider_id", "verification_url", "metadata"}
        assert (session["status"], session["provider_id"]) == ("PENDING", provider_id)
        assert await status(client, session) == "PENDING"
        await come_back(client, await agree(session))
        assert await status(client, session) == "COMPLETED"
        assert [tool["name"] for tool in (await tools(client, protected)).json()["tools"]] == list(TOOLS)

    async def test_who_is_not_connected_cannot_invoke_and_sees_no_headers(
        self, client: httpx.AsyncClient, protected: OAuthServer
    ) -> None:
        id = await add(client, protected.url)
        await client.patch(f"{SERVERS}/{id}", json={"headers": [{"key": "X-Team", "value": "fin"}]})
        (server,) = (await client.get(SERVERS)).json()
        assert (server["can_invoke"], "headers" in server) == (False, False)
        await come_back(client, await agree(await start(client, await register(client, id))))
        server = (await client.get(f"{SERVERS}/{id}")).json()
        assert ("can_invoke" in server, server["headers"]) == (False, [{"key": "X-Team", "value": "fin"}])

    async def test_asks_for_what_the_server_wants(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        session = await start(client, await register(client, await add(client, protected.url)))
        asked = parse_qs(urlsplit(session["verification_url"]).query)
        assert (asked["scope"], asked["resource"]) == ([SCOPE], [protected.url])
        assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])

    async def test_no_secret_is_ever_shown(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        provider_id = await connect(client, protected)
        shown = (await client.get(SERVERS)).text + str(await start(client, provider_id, "REUSE"))
        authorization = protected.authorization
        assert [token for token in (*authorization.access, *authorization.refresh) if token in shown] == []

    async def test_in_the_shared_mode(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        provider_id = await register(client, await add(client, protected.url, "legacy_shared_provider"))
        await come_back(client, await agree(await start(client, provider_id)))
        assert (await tools(client, protected)).status_code == 200

    async def test_a_waiting_client_hears_of_it_at_once(
        self, client: httpx.AsyncClient, protected: OAuthServer
    ) -> None:
        session = await start(client, await register(client, await add(client, protected.url)))
        back = await agree(session)
        async with asyncio.timeout(20):
            waiting = asyncio.create_task(client.get(f"{SESSIONS}/{session['id']}", params={"wait_seconds": 25}))
            await asyncio.sleep(0)
            await come_back(client, back)
            assert (await waiting).json()["status"] == "COMPLETED"


class TestReuse:
    async def test_when_connected(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        provider_id = await connect(client, protected)
        expected = {"status": "COMPLETED", "provider_id": provider_id, "metadata": {}}
        assert await start(client, provider_id, "REUSE") == expected
        assert (await start(client, provider_id, "CREATE"))["status"] == "PENDING"

    async def test_when_not_connected(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        provider_id = await register(client, await add(client, protected.url))
        assert (await start(client, provider_id, "REUSE"))["status"] == "PENDING"

    async def test_when_connected_with_less(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        body = {"provider_id": await connect(client, protected), "scopes": ["rows.write"], "strategy": "REUSE"}
        assert (await client.post(SESSIONS, json=body)).status_code == 201


class TestRefresh:
    async def test_of_a_token_that_has_expired(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        protected.authorization.lifetime_s = 1
        provider_id = await connect(client, protected)
        protected.authorization.lifetime_s = 3600
        first = set(protected.authorization.access)
        replies = await asyncio.gather(*(tools(client, protected) for _ in range(5)))
        assert [reply.status_code for reply in replies] == [200] * 5
        assert len(set(protected.authorization.access) - first) == 1
        assert (await start(client, provider_id, "REUSE"))["status"] == "COMPLETED"

    async def test_that_is_refused(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        protected.authorization.lifetime_s = 1
        provider_id = await register(client, await add(client, protected.url))
        session = await start(client, provider_id)
        await come_back(client, await agree(session))
        protected.authorization.refresh.clear()
        assert error(await tools(client, protected)) == (502, "upstream_auth_failed")
        assert await status(client, session) == "TOKEN_EXPIRED"
        assert (await start(client, provider_id, "REUSE"))["status"] == "PENDING"


class TestCallback:
    async def test_access_denied(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        protected.authorization.consents = False
        session = await start(client, await register(client, await add(client, protected.url)))
        reply = await come_back(client, await agree(session))
        assert (reply.status_code, "You are not connected." in reply.text) == (400, True)
        assert await status(client, session) == "CONNECTION_REQUIRED"

    async def test_a_code_that_is_not_known(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        session = await start(client, await register(client, await add(client, protected.url)))
        state = parse_qs(urlsplit(session["verification_url"]).query)["state"][0]
        assert (await come_back(client, f"{CALLBACK}?state={state}&code=guessed")).status_code == 400
        assert await status(client, session) == "CONNECTION_REQUIRED"

    async def test_the_same_answer_twice(self, client: httpx.AsyncClient, protected: OAuthServer) -> None:
        session = await start(client, await register(client, await add(client, protected.url)))
        back = await agree(session)
        assert [(await come_back(client, back)).status_code for _ in range(2)] == [200, 400]
        assert await status(client, session) == "COMPLETED"

    @pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=y", "?state=%3Cscript%3E"])
    async def test_an_answer_that_nobody_waits_for(self, client: httpx.AsyncClient, query: str) -> None:
        assert (await come_back(client, CALLBACK + query)).status_code == 400


class TestErrors:
    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({}, 400, "missing_required_field"),
            ({"strategy": "MAYBE"}, 400, "invalid_request_body"),
            ({"scopes": ["a b"]}, 422, "invalid_request_body"),
            ({"scopes": [""]}, 422, "invalid_request_body"),
            ({"provider_id": new_id()}, 400, "oauth_provider_not_found"),
        ],
    )
    async def test_of_create(self, client: httpx.AsyncClient, body: dict[str, Any], status: int, code: str) -> None:
        whole = {"provider_id": "x", "scopes": [], "strategy": "REUSE"} | body if body else {}
        assert error(await client.post(SESSIONS, json=whole)) == (status, code)

    @pytest.mark.parametrize(("wait", "status"), [("0", 400), ("26", 400), ("soon", 400), ("1", 404)])
    async def test_of_get(self, client: httpx.AsyncClient, wait: str, status: int) -> None:
        assert (await client.get(f"{SESSIONS}/nonsense", params={"wait_seconds": wait})).status_code == status
