"""Agents with the stock `managed-deepagents` client, in both its forms."""

from collections.abc import Iterator
from typing import Any

import pytest
from managed_deepagents import AsyncClient, Client, ManagedDeepAgentsAPIError

from tests.compat.server import Server

AGENT: dict[str, Any] = {
    "name": "ledger-helper",
    "description": "Reads ledgers",
    "model": "openai:gpt-5.5",
    "system_prompt": "You check ledgers.",
    "subagents": [{"name": "auditor", "description": "Audits", "instructions": "Audit it."}],
    "files": {"skills/x/SKILL.md": '---\nname: x\ndescription: "Do x"\n---\n\n# X\n'},
    "extras": {"team": "fin"},
}


@pytest.fixture(params=["/v1/deepagents", "/v1/fleet", ""], ids=["deepagents", "fleet", "host"])
def client(request: pytest.FixtureRequest, server: Server) -> Iterator[Client]:
    with Client(api_url=server.url + request.param, api_key="k") as client:
        yield client


def test_life_of_an_agent(client: Client) -> None:
    made = client.agents.create(AGENT, include_files=True, user_timezone="Europe/Rome")
    assert made["runtime"] == {"model": {"model_id": "openai:gpt-5.5"}}
    assert sorted(made["files"]) == ["AGENTS.md", "skills/x/SKILL.md", "subagents/auditor/AGENTS.md"]
    assert made["skills"][0]["description"] == "Do x"

    changed = client.agents.update(made["id"], system_prompt="Be brief.", files={"notes.md": "n"}, include_files=True)
    assert (changed["instructions"], changed["files"]["notes.md"]["content"]) == ("Be brief.", "n")
    assert changed["revision"] != made["revision"]

    clone = client.agents.clone(made["id"], name="twin")
    assert (clone["name"], clone["system_prompt"], clone["extras"]) == ("twin", "Be brief.", {})
    assert client.agents.health(made["id"])["mcp_check"] == {"ok": True, "servers": []}

    assert client.agents.delete(made["id"]) is None
    assert client.agents.delete(made["id"]) is None
    with pytest.raises(ManagedDeepAgentsAPIError) as gone:
        client.agents.get(made["id"])
    assert (gone.value.status_code, gone.value.code) == (404, "agent_not_found")


def test_list(client: Client, project: str) -> None:
    ids = [client.agents.create(name=f"{project} {number}")["id"] for number in range(3)]
    first = client.agents.list(name=project, page_size=2, sort_by="name", sort_order="asc")
    rest = client.agents.list(name=project, page_size=2, sort_by="name", sort_order="asc", cursor=first["next_cursor"])
    assert [agent["id"] for agent in first["items"] + rest["items"]] == ids
    assert rest["next_cursor"] is None


def test_errors(client: Client) -> None:
    with pytest.raises(ManagedDeepAgentsAPIError) as refused:
        client.agents.create(description="nameless")
    assert (refused.value.status_code, refused.value.code) == (400, "missing_required_field")


def test_without_a_key(server: Server) -> None:
    with Client(api_url=server.url, api_key="") as client, pytest.raises(ManagedDeepAgentsAPIError) as refused:
        client.agents.list()
    assert (refused.value.status_code, refused.value.code, refused.value.body) == (401, None, {"error": "Unauthorized"})


async def test_async_client(server: Server) -> None:
    async with AsyncClient(api_url=server.url, api_key="k") as client:
        made = await client.agents.create(AGENT)
        assert await client.agents.get(made["id"]) == made
        renamed = await client.agents.update(made["id"], name="renamed")
        assert (renamed["name"], renamed["revision"]) == ("renamed", made["revision"])
        assert (await client.agents.clone(made["id"]))["name"] == "renamed (copy)"
        assert (await client.agents.health(made["id"]))["agent_id"] == made["id"]
        assert made["id"] in {agent["id"] for agent in (await client.agents.list())["items"]}
        await client.agents.delete(made["id"])
