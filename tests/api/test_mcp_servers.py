"""The MCP servers API."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.mcp_servers import HEADER, SECRET, TOOLS, answering_server, header_server, open_server
from weft.model.ids import new_id
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID

SERVERS = "/v1/deepagents/mcp-servers"
TOOLS_PATH = "/v1/deepagents/mcp/tools"
URL = "https://mcp.example.test/mcp"


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    registry_client.headers["X-Api-Key"] = "k"
    return registry_client


@pytest.fixture(scope="module")
def rows_url() -> Iterator[str]:
    with open_server() as url:
        yield url


async def create(client: httpx.AsyncClient, name: str = "rows", url: str = URL, **fields: object) -> dict[str, Any]:
    reply = await client.post(SERVERS, json={"name": name, "url": url, **fields})
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


def error(reply: httpx.Response) -> tuple[int, str]:
    body = reply.json()
    assert (body["status"], body["type"]) == (
        reply.status_code,
        f"https://docs.langchain.com/errors/{body['code']}",
    )
    return reply.status_code, body["code"]


class TestCreate:
    async def test_with_little(self, client: httpx.AsyncClient) -> None:
        server = await create(client, "  rows ", f" {URL} ")
        assert server["created_at"] == server["updated_at"]
        assert server == {
            "id": server["id"],
            "tenant_id": DEFAULT_WORKSPACE_ID,
            "name": "rows",
            "url": URL,
            "headers": [],
            "auth_type": "",
            "oauth_mode": "",
            "oauth_provider_id": None,
            "created_at": server["created_at"],
            "updated_at": server["updated_at"],
            "mcp_vendor_id": None,
            "vendor_id": None,
            "external_system_id": None,
        }

    async def test_with_everything(self, client: httpx.AsyncClient) -> None:
        fields: dict[str, Any] = {
            "headers": [{"key": "Authorization", "value": "Bearer s3cret"}],
            "auth_type": "headers",
            "oauth_mode": "per_user_dynamic_client",
            "oauth_provider_id": new_id(),
            "vendor_id": "acme",
            "external_system_id": "x-1",
        }
        server = await create(client, **fields)
        assert {name: server[name] for name in fields} == fields
        assert (await client.get(f"{SERVERS}/{server['id']}")).json() == server

    @pytest.mark.parametrize(
        ("name", "url"), [("other", " HTTPS://mcp.example.test/mcp/ "), ("ROWS", "https://other.example.test/mcp")]
    )
    async def test_a_name_or_a_url_that_is_taken(self, client: httpx.AsyncClient, name: str, url: str) -> None:
        await create(client)
        reply = await client.post(SERVERS, json={"name": name, "url": url})
        assert error(reply) == (409, "mcp_server_already_exists")
        assert len((await client.get(SERVERS)).json()) == 1

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"name": "rows"}, 400, "missing_required_field"),
            ({"url": URL}, 400, "missing_required_field"),
            ({"name": "  ", "url": URL}, 400, "missing_required_field"),
            ({"name": "rows", "url": ""}, 400, "missing_required_field"),
            ({"name": "rows", "url": URL, "auth_type": "magic"}, 400, "invalid_request_body"),
            ({"name": "rows", "url": URL, "oauth_provider_id": "x"}, 400, "invalid_request_body"),
            ({"name": "rows", "url": URL, "headers": [{"key": "a"}]}, 400, "missing_required_field"),
            ({"name": "rows", "url": URL, "headers": [{"key": "a b", "value": ""}]}, 422, "invalid_request_body"),
            (
                {"name": "rows", "url": URL, "headers": [{"key": "a", "value": "x\r\nb: y"}]},
                422,
                "invalid_request_body",
            ),
            ({"name": "rows", "url": URL, "headers": [{"key": "a", "value": "é"}]}, 422, "invalid_request_body"),
            (
                {"name": "rows", "url": URL, "headers": [{"key": "a", "value": ""}, {"key": "A", "value": ""}]},
                422,
                "invalid_request_body",
            ),
            ({"name": "rows", "url": "ftp://example.test"}, 400, "mcp_address_refused"),
            ({"name": "rows", "url": "https://"}, 400, "mcp_address_refused"),
            ({"name": "rows", "url": "https://[bad"}, 400, "mcp_address_refused"),
            ({"name": "rows", "url": "https://user:secret@example.test"}, 400, "mcp_address_refused"),
        ],
    )
    async def test_what_is_refused(
        self, client: httpx.AsyncClient, body: dict[str, object], status: int, code: str
    ) -> None:
        assert error(await client.post(SERVERS, json=body)) == (status, code)
        assert (await client.get(SERVERS)).json() == []

    async def test_without_a_key(self, client: httpx.AsyncClient) -> None:
        del client.headers["X-Api-Key"]
        reply = await client.get(SERVERS)
        assert (reply.status_code, reply.json()) == (401, {"error": "Unauthorized"})


class TestFind:
    async def test_the_oldest_first(self, client: httpx.AsyncClient) -> None:
        made = [await create(client, f"s{n}", f"{URL}/{n}") for n in range(3)]
        assert (await client.get("/v1/fleet/mcp-servers")).json() == made


@pytest.mark.parametrize("id", ["nonsense", pytest.param(new_id(), id="of nothing")])
class TestUnknown:
    async def test_get_and_update(self, client: httpx.AsyncClient, id: str) -> None:
        assert error(await client.get(f"{SERVERS}/{id}")) == (404, "mcp_server_not_found")
        assert error(await client.patch(f"{SERVERS}/{id}", json={})) == (404, "mcp_server_not_found")
        assert error(await client.post(f"{SERVERS}/{id}/oauth-provider")) == (404, "mcp_server_not_found")

    async def test_delete_is_done_already(self, client: httpx.AsyncClient, id: str) -> None:
        assert (await client.delete(f"{SERVERS}/{id}")).status_code == 204


class TestUpdate:
    async def test_what_is_absent_or_null_stays(self, client: httpx.AsyncClient) -> None:
        before = await create(client, headers=[{"key": "a", "value": "1"}], auth_type="headers")
        reply = await client.patch(f"{SERVERS}/{before['id']}", json={"headers": None, "url": None})
        assert {**reply.json(), "updated_at": None} == {**before, "updated_at": None}

    async def test_everything(self, client: httpx.AsyncClient) -> None:
        id = (await create(client, headers=[{"key": "a", "value": "1"}], oauth_provider_id=new_id()))["id"]
        changes: dict[str, Any] = {
            "url": f"{URL}/new",
            "headers": [],
            "auth_type": "",
            "oauth_mode": "legacy_shared_provider",
            "oauth_provider_id": None,
        }
        changed = (await client.patch(f"{SERVERS}/{id}", json={**changes, "name": "not renamed"})).json()
        assert {name: changed[name] for name in changes} == changes
        assert changed["name"] == "rows"
        assert (await client.get(f"{SERVERS}/{id}")).json() == changed

    async def test_a_url_that_is_taken_changes_nothing(self, client: httpx.AsyncClient) -> None:
        await create(client)
        other = await create(client, "other", f"{URL}/other")
        reply = await client.patch(f"{SERVERS}/{other['id']}", json={"url": URL, "auth_type": "oauth"})
        assert error(reply) == (409, "mcp_server_already_exists")
        assert (await client.get(f"{SERVERS}/{other['id']}")).json() == other


class TestDelete:
    async def test_gone_and_free_again(self, client: httpx.AsyncClient) -> None:
        id = (await create(client))["id"]
        reply = await client.delete(f"{SERVERS}/{id}")
        assert (reply.status_code, reply.content) == (204, b"")
        assert error(await client.get(f"{SERVERS}/{id}")) == (404, "mcp_server_not_found")
        await create(client)


class TestTools:
    async def test_first_from_the_server_then_from_memory(self, client: httpx.AsyncClient, rows_url: str) -> None:
        await create(client, url=rows_url)
        first, second = [(await client.get(TOOLS_PATH, params={"url": f"{rows_url}/"})).json() for _ in range(2)]
        assert [tool["name"] for tool in first["tools"]] == list(TOOLS)
        assert first["tools"][1]["description"] == "Rows of a table."
        assert first["tools"][1]["inputSchema"]["required"] == ["table"]
        assert first["fetched_at"].endswith("Z")
        assert (first["cached"], second) == (False, {**first, "cached": True})

    @pytest.mark.parametrize("forget", ["force_refresh", "update"])
    async def test_asked_for_anew(self, client: httpx.AsyncClient, rows_url: str, forget: str) -> None:
        id = (await create(client, url=rows_url))["id"]
        await client.get(TOOLS_PATH, params={"url": rows_url})
        if forget == "update":
            await client.patch(f"{SERVERS}/{id}", json={"auth_type": "headers"})
        reply = await client.get(TOOLS_PATH, params={"url": rows_url, "force_refresh": forget == "force_refresh"})
        assert reply.json()["cached"] is False

    async def test_with_a_static_header(self, client: httpx.AsyncClient) -> None:
        with header_server() as url:
            id = (await create(client, url=url, auth_type="headers"))["id"]
            assert error(await client.get(TOOLS_PATH, params={"url": url})) == (502, "upstream_auth_failed")
            await client.patch(f"{SERVERS}/{id}", json={"headers": [{"key": HEADER, "value": SECRET}]})
            reply = await client.get(TOOLS_PATH, params={"url": url})
        assert [tool["name"] for tool in reply.json()["tools"]] == list(TOOLS)

    @pytest.mark.parametrize("status", [200, 404, 503])
    async def test_of_something_else(self, client: httpx.AsyncClient, status: int) -> None:
        with answering_server(status, "hello") as url:
            await create(client, url=url)
            assert error(await client.get(TOOLS_PATH, params={"url": url})) == (502, "upstream_error")

    async def test_of_a_server_that_is_down(self, client: httpx.AsyncClient) -> None:
        with open_server() as url:
            await create(client, url=url)
        assert error(await client.get(TOOLS_PATH, params={"url": url})) == (502, "upstream_error")

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ({}, 400, "invalid_request_body"),
            ({"url": " "}, 400, "invalid_request_body"),
            ({"url": URL}, 404, "mcp_server_not_found"),
        ],
    )
    async def test_of_no_registered_server(
        self, client: httpx.AsyncClient, query: dict[str, str], status: int, code: str
    ) -> None:
        assert error(await client.get(TOOLS_PATH, params=query)) == (status, code)

    async def test_with_a_provider_of_something_else(self, client: httpx.AsyncClient) -> None:
        await create(client)
        reply = await client.get(TOOLS_PATH, params={"url": URL, "oauth_provider_id": new_id()})
        assert error(reply) == (400, "oauth_provider_not_found")
