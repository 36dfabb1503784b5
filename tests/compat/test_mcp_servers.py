"""MCP servers with the stock `managed-deepagents` client and the stock `deepagents` command."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from managed_deepagents import AsyncClient, Client, ManagedDeepAgentsAPIError

from tests.compat.command import Command
from tests.compat.server import Server
from tests.mcp_servers import HEADER, SECRET, TOOLS, header_server, oauth_server, open_server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(api_url=server.url, api_key="k") as client:
        yield client


@pytest.fixture
def name() -> str:
    return f"rows {uuid4()}"


def agree(verification_url: str) -> None:
    """Does as a browser does, up to the page at the end."""
    reply = httpx.get(verification_url, follow_redirects=True)
    assert (reply.status_code, "You are connected." in reply.text) == (200, True)


def test_life_of_a_server(client: Client, name: str) -> None:
    with header_server() as url:
        made = client.mcp_servers.create(name=name, url=url, auth_type="headers")
        assert client.mcp_servers.get(made["id"]) == made
        with pytest.raises(ManagedDeepAgentsAPIError) as refused:
            client.mcp_servers.list_tools(url=url)
        assert (refused.value.status_code, refused.value.code) == (502, "upstream_auth_failed")

        changed = client.mcp_servers.update(made["id"], headers=[{"key": HEADER, "value": SECRET}])
        assert changed in client.mcp_servers.list()
        listed = client.mcp_servers.list_tools(url=url)
        assert ([tool["name"] for tool in listed["tools"]], listed["cached"]) == (list(TOOLS), False)
        assert client.mcp_servers.list_tools(url=url) == {**listed, "cached": True}
        assert client.mcp_servers.list_tools(url=url, force_refresh=True)["cached"] is False

    assert client.mcp_servers.delete(made["id"]) is None
    assert client.mcp_servers.delete(made["id"]) is None
    with pytest.raises(ManagedDeepAgentsAPIError) as gone:
        client.mcp_servers.get(made["id"])
    assert (gone.value.status_code, gone.value.code) == (404, "mcp_server_not_found")


def test_connected_by_oauth(client: Client, name: str) -> None:
    with oauth_server() as protected:
        made = client.mcp_servers.create(
            name=name, url=protected.url, auth_type="oauth", oauth_mode="per_user_dynamic_client"
        )
        provider_id = client.mcp_servers.register_oauth_provider(made["id"])["oauth_provider_id"]
        session = client.auth_sessions.create(provider_id=provider_id, scopes=[], strategy="REUSE")
        assert session["status"] == "PENDING"
        agree(session["verification_url"])
        assert client.auth_sessions.get(session["id"]) == {"id": session["id"], "status": "COMPLETED"}
        again = client.auth_sessions.create(provider_id=provider_id, scopes=[], strategy="REUSE")
        assert again["status"] == "COMPLETED"
        listed = client.mcp_servers.list_tools(url=protected.url, oauth_provider_id=provider_id)
        assert [tool["name"] for tool in listed["tools"]] == list(TOOLS)


async def test_async_client(server: Server, name: str) -> None:
    async with AsyncClient(api_url=server.url, api_key="k") as client:
        with open_server() as url:
            made = await client.mcp_servers.create(name=name, url=url)
            listed = await client.mcp_servers.list_tools(url=url)
        assert [tool["name"] for tool in listed["tools"]] == list(TOOLS)
        await client.mcp_servers.delete(made["id"])


def test_command_with_a_header(server: Server, tmp_path: Path, client: Client, name: str) -> None:
    command = Command(tmp_path, server)
    with header_server() as url:
        said = command("mcp-servers", "add", "--url", url, "--name", name, "--header", f"{HEADER}={SECRET}")
        assert "fetch_rows" in said
        assert name in command("mcp-servers", "list")
        assert "fetch_rows" in command("mcp-servers", "tools", f"{url}/")
        command("mcp-servers", "update", name, "--clear-headers")
        assert "upstream_auth_failed" in command("mcp-servers", "tools", name, fails=True)
    (made,) = [found for found in client.mcp_servers.list() if found["name"] == name]
    assert made["headers"] == []
    command("mcp-servers", "delete", name, "--yes")
    assert made["id"] not in {found["id"] for found in client.mcp_servers.list()}


def test_command_with_oauth(server: Server, tmp_path: Path, name: str) -> None:
    command = Command(tmp_path, server)
    with oauth_server() as protected:
        said = command(
            *("mcp-servers", "add", "--url", protected.url, "--name", name, "--auth-type", "oauth"),
            *("--connect", "--no-browser", "--timeout", "0"),
        )
        agree(next(word for word in said.split() if word.startswith("http") and "code_challenge=" in word))
        assert "connection is ready" in command("mcp-servers", "connect", name, "--no-browser")
        assert "fetch_rows" in command("mcp-servers", "tools", name)
