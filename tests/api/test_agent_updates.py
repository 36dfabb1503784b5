"""The agents API: changed and cloned."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.agent_calls import AGENTS, DEFAULT_PERMISSIONS, LEDGER, contents, create, get, patch
from tests.api.agent_threads import error
from weft.model.ids import new_id


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    registry_client.headers["X-Api-Key"] = "k"
    return registry_client


class TestUpdate:
    async def test_values_leave_the_tree_alone(self, client: httpx.AsyncClient) -> None:
        before = await create(client, **LEDGER | {"name": "a"})
        given = {"name": "b", "extras": {"x": 1}, "runtime": {"model": {"model_id": "c:d"}}, "permissions": {}}
        after = await patch(client, before["id"], **given)
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"name", "extras", "runtime", "updated_at"}
        assert after["extras"] == {"x": 1}

    @pytest.mark.parametrize("field", ["system_prompt", "tools", "subagents", "skills", "files", "deleted_paths"])
    async def test_what_stands_in_files_makes_a_commit(self, client: httpx.AsyncClient, field: str) -> None:
        before = await create(client, **LEDGER | {"name": "a"})
        given = LEDGER | {"files": {"x": {}}, "deleted_paths": ["tools.json"]}
        after = await patch(client, before["id"], **{field: given[field]})
        assert after["revision"] != before["revision"]

    async def test_skills_are_replaced_and_other_parts_stay(self, client: httpx.AsyncClient) -> None:
        before = await create(client, **LEDGER | {"name": "a"})
        after = await patch(client, before["id"], skills=[{"name": "new"}])
        assert [skill["name"] for skill in after["skills"]] == ["new"]
        assert [after[name] for name in ("system_prompt", "tools", "subagents")] == [
            before[name] for name in ("system_prompt", "tools", "subagents")
        ]

    async def test_files_one_by_one(self, client: httpx.AsyncClient) -> None:
        agent = await create(client, files={"a": {"content": "1"}, "b": {"content": "2"}})
        await patch(client, agent["id"], files={"b": {"content": "3"}, "c": {}}, deleted_paths=["a", "gone"])
        assert contents(await get(client, agent["id"], include_files="true")) == {"b": "3", "c": ""}

    async def test_null_clears(self, client: httpx.AsyncClient) -> None:
        agent = await create(client, **LEDGER | {"name": "a"})
        fields = ("description", "runtime", "system_prompt", "tools", "subagents", "skills", "extras")
        after = await patch(client, agent["id"], **dict.fromkeys(fields))
        empty = await create(client)
        assert [after[name] for name in fields] == [empty[name] for name in fields]

    async def test_nothing_to_change(self, client: httpx.AsyncClient) -> None:
        agent = await create(client)
        assert await patch(client, agent["id"]) == agent

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"name": ""}, (400, "missing_required_field")),
            ({"name": None}, (400, "invalid_request_body")),
            ({"files": {"/a": {}}}, (422, "invalid_file_path")),
            ({"deleted_paths": ["../a"]}, (422, "invalid_file_path")),
            ({"system_prompt": "x", "deleted_paths": ["AGENTS.md"]}, (422, "field_file_conflict")),
            ({"files": {"tools.json": {"content": "7"}}}, (422, "invalid_file")),
        ],
    )
    async def test_all_or_nothing(self, client: httpx.AsyncClient, body: dict[str, Any], expected: Any) -> None:
        agent = await create(client)
        reply = await client.patch(f"{AGENTS}/{agent['id']}", json={"description": "new", "files": {"ok": {}}, **body})
        assert error(reply) == expected
        assert await get(client, agent["id"]) == agent

    async def test_unknown(self, client: httpx.AsyncClient) -> None:
        assert error(await client.patch(f"{AGENTS}/{new_id()}", json={"name": "n"})) == (404, "agent_not_found")

    async def test_files_of_many_at_once_are_all_kept(self, client: httpx.AsyncClient) -> None:
        id = (await create(client))["id"]
        await asyncio.gather(*(patch(client, id, files={f"f{number}": {}}) for number in range(6)))
        assert len(contents(await get(client, id, include_files="true"))) == 6


class TestClone:
    async def test_what_is_copied_and_what_starts_anew(self, client: httpx.AsyncClient) -> None:
        given = LEDGER | {"permissions": {"identity": "shared"}, "files": {"notes.md": {"content": "x"}}}
        source = (await client.post(f"{AGENTS}?include_files=true", json=given)).json()
        reply = await client.post(f"{AGENTS}/{source['id']}/clone?include_files=true")
        clone = reply.json()
        assert reply.status_code == 201
        own = {"id", "created_at", "updated_at"}
        assert {name: value for name, value in clone.items() if name not in own} == {
            name: value for name, value in source.items() if name not in own
        } | {"name": "ledger-helper (copy)", "extras": {}, "permissions": DEFAULT_PERMISSIONS}

    async def test_with_a_name_and_permissions(self, client: httpx.AsyncClient) -> None:
        source = await create(client)
        body = {"name": "twin", "permissions": {"visibility": "user"}}
        clone = (await client.post(f"{AGENTS}/{source['id']}/clone", json=body)).json()
        assert (clone["name"], clone["permissions"]["visibility"]) == ("twin", "user")

    async def test_refused(self, client: httpx.AsyncClient) -> None:
        source = await create(client)
        blank = await client.post(f"{AGENTS}/{source['id']}/clone", json={"name": " "})
        unknown = await client.post(f"{AGENTS}/{new_id()}/clone", json={})
        assert [error(blank), error(unknown)] == [(400, "missing_required_field"), (404, "agent_not_found")]
