"""The Hub's directories: trees of agents, as the command line reads and commits them."""

from typing import Any

import httpx
import pytest

from weft.model.ids import new_id

AGENTS = "/v1/deepagents/agents"


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    registry_client.headers["X-Api-Key"] = "k"
    return registry_client


@pytest.fixture
async def agent(client: httpx.AsyncClient) -> dict[str, Any]:
    reply = await client.post(AGENTS, json={"name": "n", "system_prompt": "Hi", "skills": [{"name": "a"}]})
    return dict(reply.json())


def directory(id: str) -> str:
    return f"/v1/platform/hub/repos/-/{id}/directories"


async def read(client: httpx.AsyncClient, id: str, **query: str) -> dict[str, Any]:
    reply = await client.get(directory(id), params=query)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def commit(client: httpx.AsyncClient, id: str, files: dict[str, Any], **fields: str) -> httpx.Response:
    return await client.post(f"{directory(id)}/commits", json={"files": files, **fields})


def text(content: str) -> dict[str, str]:
    return {"type": "file", "content": content}


def refused(reply: httpx.Response) -> int:
    (error,) = reply.json().items()
    assert error[0] == "error"
    assert error[1]
    return reply.status_code


class TestGet:
    async def test_newest(self, client: httpx.AsyncClient, agent: dict[str, Any]) -> None:
        found = await read(client, agent["id"])
        assert found["commit_hash"] == agent["revision"]
        assert found["files"] == {
            "AGENTS.md": text("Hi"),
            "skills/a/SKILL.md": text('---\nname: "a"\ndescription: ""\n---\n\n'),
        }

    async def test_a_commit_of_before(self, client: httpx.AsyncClient, agent: dict[str, Any]) -> None:
        before = await read(client, agent["id"])
        await commit(client, agent["id"], {"AGENTS.md": None})
        for hash in (agent["revision"], agent["revision"][:8]):
            assert await read(client, agent["id"], commit=hash) == before
        assert await read(client, agent["id"], commit="latest") != before

    async def test_links(self, client: httpx.AsyncClient, agent: dict[str, Any]) -> None:
        link = {"type": "skill", "repo_handle": "shared"}
        await commit(client, agent["id"], {"skills/shared": link})
        assert (await read(client, agent["id"]))["files"]["skills/shared"] == link

    @pytest.mark.parametrize("id", [pytest.param(new_id(), id="of nothing"), "no-agent"])
    async def test_unknown(self, client: httpx.AsyncClient, id: str) -> None:
        assert refused(await client.get(directory(id))) == 404

    @pytest.mark.parametrize("hash", ["0" * 64, "v1", "%25%25%25%25%25%25%25%25"])
    async def test_an_unknown_commit(self, client: httpx.AsyncClient, agent: dict[str, Any], hash: str) -> None:
        assert refused(await client.get(f"{directory(agent['id'])}?commit={hash}")) == 404

    async def test_nobody_asks(self, registry_client: httpx.AsyncClient) -> None:
        reply = await registry_client.get(directory(new_id()), headers={"X-Api-Key": ""})
        assert (reply.status_code, reply.json()) == (401, {"error": "Unauthorized"})


class TestCommit:
    async def test_the_agent_has_the_new_tree(self, client: httpx.AsyncClient, agent: dict[str, Any]) -> None:
        files = {"AGENTS.md": text("Ho"), "skills/a/SKILL.md": None, "subagents/b/AGENTS.md": text("Help.")}
        reply = await commit(client, agent["id"], files, parent_commit=agent["revision"])
        (made,) = reply.json().values()
        after = (await client.get(f"{AGENTS}/{agent['id']}")).json()
        assert (reply.status_code, made["commit_hash"]) == (200, after["revision"])
        assert (after["system_prompt"], after["skills"]) == ("Ho", [])
        assert [part["name"] for part in after["subagents"]] == ["b"]
        found = await read(client, agent["id"])
        assert (found["commit_hash"], found["commit_id"]) == (made["commit_hash"], made["id"])

    async def test_a_stale_parent(self, client: httpx.AsyncClient, agent: dict[str, Any]) -> None:
        first = await commit(client, agent["id"], {"x": text("1")}, parent_commit=agent["revision"][:12])
        second = await commit(client, agent["id"], {"x": text("2")}, parent_commit=agent["revision"])
        assert (first.status_code, refused(second)) == (200, 409)
        assert (await read(client, agent["id"]))["files"]["x"] == text("1")

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 400),
            ({"files": []}, 400),
            ({"files": {"x": {"type": "folder"}}}, 400),
            ({"files": {}, "parent_commit": "short"}, 400),
            ({"files": {"../x": None}}, 422),
            ({"files": {"ok": {}, "/x": {}}}, 422),
            ({"files": {"x": {"type": "skill"}}}, 422),
            ({"files": {"tools.json": {"content": "no"}}}, 422),
        ],
    )
    async def test_refused_and_nothing_is_kept(
        self, client: httpx.AsyncClient, agent: dict[str, Any], body: Any, status: int
    ) -> None:
        assert refused(await client.post(f"{directory(agent['id'])}/commits", json=body)) == status
        assert (await read(client, agent["id"]))["commit_hash"] == agent["revision"]

    async def test_unknown(self, client: httpx.AsyncClient) -> None:
        assert refused(await commit(client, new_id(), {})) == 404


class TestCommits:
    async def test_newest_first(self, client: httpx.AsyncClient, agent: dict[str, Any]) -> None:
        made = (await commit(client, agent["id"], {"a.md": text("A")})).json()["commit"]
        found = (await client.get(f"{directory(agent['id'])}/commits")).json()["commits"]
        assert found[0] == made
        assert [each["commit_hash"] for each in found] == [made["commit_hash"], agent["revision"]]

    async def test_so_many(self, client: httpx.AsyncClient, agent: dict[str, Any]) -> None:
        await commit(client, agent["id"], {"a.md": text("A")})
        reply = await client.get(f"{directory(agent['id'])}/commits", params={"limit": 1})
        assert len(reply.json()["commits"]) == 1

    async def test_unknown_agent(self, client: httpx.AsyncClient) -> None:
        assert refused(await client.get(f"{directory(new_id())}/commits")) == 404


class TestDelete:
    async def test_the_agent_stays_without_files(self, client: httpx.AsyncClient, agent: dict[str, Any]) -> None:
        reply = await client.delete(directory(agent["id"]))
        assert (reply.status_code, reply.content) == (204, b"")
        assert (await read(client, agent["id"]))["files"] == {}
        assert (await client.get(f"{AGENTS}/{agent['id']}")).json()["system_prompt"] == ""

    async def test_unknown(self, client: httpx.AsyncClient) -> None:
        assert refused(await client.delete(directory(new_id()))) == 404
