"""The agents API: made, found, read, deleted."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.agent_calls import AGENTS, DEFAULT_PERMISSIONS, LEDGER, MCP_URL, TOOL, contents, create, get, patch
from tests.api.agent_threads import error
from weft.model.ids import new_id
from weft.registry import open_registry
from weft.registry.agents import Agents
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    registry_client.headers["X-Api-Key"] = "k"
    return registry_client


@pytest.fixture
async def agents(client: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[Agents]:
    """Of the registry of `client`, for what no reply tells."""
    registry = await open_registry(tmp_path / "registry.sqlite")
    yield registry.agents
    await registry.close()


class TestWhoAsks:
    async def test_nobody(self, registry_client: httpx.AsyncClient) -> None:
        reply = await registry_client.get(AGENTS)
        assert (reply.status_code, reply.json()) == (401, {"error": "Unauthorized"})

    async def test_the_other_base_has_the_same_agents(self, client: httpx.AsyncClient) -> None:
        agent = await create(client)
        reply = await client.get(f"/v1/fleet/agents/{agent['id']}")
        assert reply.json() == agent


class TestCreate:
    async def test_with_everything(self, client: httpx.AsyncClient) -> None:
        reply = await client.post(f"{AGENTS}?include_files=true", json=LEDGER)
        agent = reply.json()
        assert reply.status_code == 201
        assert {field: agent[field] for field in LEDGER} == LEDGER
        assert agent["instructions"] == agent["system_prompt"]
        assert agent["permissions"] == DEFAULT_PERMISSIONS
        assert (agent["access_level"], agent["is_owner"], len(agent["revision"])) == ("WRITE", True, 64)
        assert contents(agent)["subagents/auditor/AGENTS.md"] == '---\ndescription: "Audits"\n---\n\nAudit it.'
        assert agent == await get(client, agent["id"], include_files="1")

    async def test_with_a_name_only(self, client: httpx.AsyncClient) -> None:
        agent = await create(client, " helper ")
        assert {name: agent[name] for name in ("name", "description", "runtime", "backend", "extras")} == {
            "name": "helper",
            "description": "",
            "runtime": {},
            "backend": {"type": "state"},
            "extras": {},
        }
        assert (agent["system_prompt"], agent["subagents"], agent["skills"]) == ("", [], [])
        assert agent["tools"] == {"tools": [], "interrupt_config": {}}
        assert "files" not in agent
        assert agent["created_at"].endswith("+00:00")

    async def test_the_new_name_of_the_prompt_wins(self, client: httpx.AsyncClient) -> None:
        assert (await create(client, instructions="old"))["system_prompt"] == "old"
        assert (await create(client, instructions="old", system_prompt="new"))["instructions"] == "new"

    async def test_null_is_as_absent(self, client: httpx.AsyncClient) -> None:
        fields = ("name", "description", "permissions", "runtime", "backend", "tools", "skills", "files", "extras")
        reply = await client.post(AGENTS, json=dict.fromkeys(fields) | {"name": "n"})
        agent = reply.json()
        assert (agent["permissions"], agent["backend"]) == (DEFAULT_PERMISSIONS, {"type": "state"})

    async def test_time_zones(self, client: httpx.AsyncClient, agents: Agents) -> None:
        zones = []
        for headers in ({"X-User-Timezone": "Europe/Rome"}, {}, {"X-User-Timezone": "Mars/Olympus"}):
            id = (await client.post(AGENTS, json={"name": "n"}, headers=headers)).json()["id"]
            zones.append((await agents.get(DEFAULT_WORKSPACE_ID, id)).timezone)
        assert zones == ["Europe/Rome", "UTC", "UTC"]

    async def test_unknown_fields_are_passed_over(self, client: httpx.AsyncClient) -> None:
        assert "colour" not in await create(client, colour="red")

    async def test_permissions_as_given(self, client: httpx.AsyncClient) -> None:
        given = {"identity": "shared", "shared_users": {"run": ["u1"]}}
        shared = {"read": [], "run": ["u1"], "update": []}
        agent = await create(client, permissions=given)
        assert agent["permissions"] == DEFAULT_PERMISSIONS | {"identity": "shared", "shared_users": shared}

    @pytest.mark.parametrize(
        ("given", "stored"),
        [
            ({}, {"type": "state"}),
            ({"type": "default"}, {"type": "state"}),
            ({"type": "sandbox"}, {"type": "sandbox", "sandbox_config": {"scope": "thread"}}),
            (
                {"type": "sandbox", "sandbox_config": {"scope": "agent", "policy_ids": ["p"], "idle_ttl_seconds": 60}},
                {"type": "sandbox", "sandbox_config": {"scope": "agent", "policy_ids": ["p"], "idle_ttl_seconds": 60}},
            ),
            (
                {"type": "thread_scoped_sandbox", "sandbox": {"snapshot_id": "s"}},
                {"type": "sandbox", "sandbox_config": {"scope": "thread", "snapshot_id": "s"}},
            ),
            ({"type": "agent_scoped_sandbox"}, {"type": "sandbox", "sandbox_config": {"scope": "agent"}}),
        ],
    )
    async def test_backends_of_all_generations(
        self, client: httpx.AsyncClient, given: dict[str, Any], stored: dict[str, Any]
    ) -> None:
        assert (await create(client, backend=given))["backend"] == stored

    @pytest.mark.parametrize(
        ("given", "stored"),
        [
            ({"model": {"id": "a:b"}}, {"model": {"id": "a:b", "model_id": "a:b"}}),
            ({"model": " a:b "}, {"model": {"model_id": "a:b"}}),
            (
                {"model": {"model_id": "a:b", "temperature": 0}, "x": 1},
                {"model": {"model_id": "a:b", "temperature": 0}, "x": 1},
            ),
            ({"model": None}, {"model": None}),
        ],
    )
    async def test_spellings_of_the_model(
        self, client: httpx.AsyncClient, given: dict[str, Any], stored: dict[str, Any]
    ) -> None:
        assert (await create(client, runtime=given))["runtime"] == stored

    async def test_tools_are_completed(self, client: httpx.AsyncClient) -> None:
        tools = {"tools": [{"name": "fetch_rows", "mcp_server_url": MCP_URL}]}
        agent = await create(client, tools=tools, subagents=[{"name": "a", "tools": tools}])
        whole = TOOL | {"mcp_server_name": MCP_URL, "display_name": "fetch_rows"}
        assert agent["tools"]["tools"] == agent["subagents"][0]["tools"]["tools"] == [whole]

    async def test_files_and_links(self, client: httpx.AsyncClient) -> None:
        link = {"type": "skill", "repo_handle": "shared", "commit_id": "c"}
        files = {"AGENTS.md": {"content": "Hi"}, "skills/shared": link, "skills/x/SKILL.md": {"content": "Do"}}
        reply = await client.post(f"{AGENTS}?include_files=true", json={"name": "n", "files": files})
        agent = reply.json()
        assert agent["files"] == {"AGENTS.md": {"type": "file", "content": "Hi"}, "skills/shared": link} | {
            "skills/x/SKILL.md": {"type": "file", "content": "Do"}
        }
        assert agent["system_prompt"] == "Hi"
        assert [skill["name"] for skill in agent["skills"]] == ["x"]

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({}, (400, "missing_required_field")),
            ({"name": " \t"}, (400, "missing_required_field")),
            ({"name": None}, (400, "invalid_request_body")),
            ({"name": 7}, (400, "invalid_request_body")),
            ([], (400, "invalid_request_body")),
            ({"backend": {"type": "cloud"}}, (400, "invalid_request_body")),
            ({"permissions": {"identity": "nobody"}}, (400, "invalid_request_body")),
            ({"runtime": {"model": 7}}, (400, "invalid_request_body")),
            ({"runtime": {"model": {"model_id": 7}}}, (400, "invalid_request_body")),
            ({"skills": [{"type": "remote", "name": "a"}]}, (400, "invalid_request_body")),
            ({"subagents": [{}]}, (400, "missing_required_field")),
            ({"subagents": [{"name": "a/b"}]}, (422, "invalid_request_body")),
            ({"skills": [{"name": "a"}, {"name": "a"}]}, (422, "invalid_request_body")),
            ({"tools": {"tools": [TOOL | {"mcp_server_url": "acme"}]}}, (422, "invalid_request_body")),
            ({"subagents": [{"name": "a", "tools": {"tools": [TOOL | {"name": ""}]}}]}, (422, "invalid_request_body")),
            ({"files": {"a": {"type": "skill"}}}, (422, "invalid_request_body")),
            ({"files": {"a": {"type": "skill", "repo_handle": "r", "content": "x"}}}, (422, "invalid_request_body")),
            ({"files": {"../a": {}}}, (422, "invalid_file_path")),
            ({"skills": [{"name": "a", "files": {"../../AGENTS.md": ""}}]}, (422, "invalid_file_path")),
            ({"files": {"tools.json": {"content": "{"}}}, (422, "invalid_file")),
            ({"system_prompt": "a", "files": {"AGENTS.md": {"content": "b"}}}, (422, "field_file_conflict")),
        ],
    )
    async def test_refused_and_nothing_is_kept(
        self, client: httpx.AsyncClient, body: Any, expected: tuple[int, str]
    ) -> None:
        named = {"name": "n", **body} if body else body
        reply = await client.post(AGENTS, json=named if isinstance(body, dict) else body)
        assert error(reply) == expected
        assert (await client.get(AGENTS)).json()["items"] == []

    async def test_a_body_that_is_no_json(self, client: httpx.AsyncClient) -> None:
        assert error(await client.post(AGENTS, content=b"{")) == (400, "invalid_request_body")

    async def test_a_document_nested_too_deeply(self, client: httpx.AsyncClient) -> None:
        deep: Any = "x"
        for _ in range(400):
            deep = [deep]
        assert error(await client.post(AGENTS, json={"name": "n", "extras": {"x": deep}})) == (
            400,
            "invalid_request_body",
        )


class TestGet:
    @pytest.mark.parametrize("id", [pytest.param(new_id(), id="of nothing"), "7", "AGENTS.md", "%00"])
    async def test_unknown(self, client: httpx.AsyncClient, id: str) -> None:
        assert error(await client.get(f"{AGENTS}/{id}")) == (404, "agent_not_found")

    async def test_an_id_in_capitals(self, client: httpx.AsyncClient) -> None:
        agent = await create(client)
        assert await get(client, agent["id"].upper()) == agent

    async def test_a_flag_that_is_none(self, client: httpx.AsyncClient) -> None:
        reply = await client.get(f"{AGENTS}/{new_id()}?include_files=perhaps")
        assert error(reply) == (400, "invalid_request_body")


class TestList:
    async def test_newest_change_first_in_pages(self, client: httpx.AsyncClient) -> None:
        ids = [(await create(client, name))["id"] for name in "abc"]
        await patch(client, ids[0], description="new")
        first = (await client.get(AGENTS, params={"page_size": 2})).json()
        assert [agent["id"] for agent in first["items"]] == [ids[0], ids[2]]
        second = (await client.get(AGENTS, params={"page_size": 2, "cursor": first["next_cursor"]})).json()
        assert ([agent["id"] for agent in second["items"]], second["next_cursor"]) == ([ids[1]], None)

    async def test_an_item_is_an_agent_without_its_tree(self, client: httpx.AsyncClient) -> None:
        agent = await create(client, **{**LEDGER, "name": "n"})
        (item,) = (await client.get(AGENTS)).json()["items"]
        tree = {"revision", "system_prompt", "instructions", "tools", "subagents", "skills"}
        assert item == {name: value for name, value in agent.items() if name not in tree}

    async def test_by_name(self, client: httpx.AsyncClient) -> None:
        for name in ("Ledger 2", "ledger 1", "other"):
            await create(client, name)
        query = {"name": "LEDGER", "sort_by": "name", "sort_order": "asc"}
        items = (await client.get(AGENTS, params=query)).json()["items"]
        assert [item["name"] for item in items] == ["ledger 1", "Ledger 2"]

    @pytest.mark.parametrize("query", ["page_size=0", "page_size=101", "page_size=x", "sort_by=id", "sort_order=up"])
    async def test_parameters_that_are_none(self, client: httpx.AsyncClient, query: str) -> None:
        assert error(await client.get(f"{AGENTS}?{query}")) == (400, "invalid_request_body")

    @pytest.mark.parametrize(
        "cursor", ["x", "%00", "…", "W10", "WyJ1cGRhdGVkX2F0IGRlc2MiLCB0cnVlLCAiYSJd", "bnVsbA", "WzEsMl0"]
    )
    async def test_a_cursor_that_is_none(self, client: httpx.AsyncClient, cursor: str) -> None:
        assert error(await client.get(AGENTS, params={"cursor": cursor})) == (400, "invalid_cursor")


class TestDelete:
    async def test_again_and_again(self, client: httpx.AsyncClient) -> None:
        agent = await create(client)
        for id in (agent["id"], agent["id"], "no-agent"):
            reply = await client.delete(f"{AGENTS}/{id}")
            assert (reply.status_code, reply.content) == (204, b"")
        assert error(await client.get(f"{AGENTS}/{agent['id']}")) == (404, "agent_not_found")
