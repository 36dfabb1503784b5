"""Agents' threads found by what is in them, and counted."""

from typing import Any

import pytest

from tests.api.agent_threads import THREADS, WAITING, ThreadCalls, error
from weft.model.ids import new_id


async def search(threads: ThreadCalls, **body: Any) -> list[dict[str, Any]]:
    reply = await threads.client.post(f"{THREADS}/search", json=body)
    assert reply.status_code == 200, reply.text
    return list(reply.json())


async def attention(threads: ThreadCalls, **params: str) -> int:
    reply = await threads.client.get(f"{THREADS}/count", params=params)
    assert reply.json().keys() == {"attention_count"}
    return int(reply.json()["attention_count"])


class TestSearch:
    async def test_an_item(self, threads: ThreadCalls) -> None:
        id = await threads.create(metadata={"a": 1})
        await threads.run(id, "interrupted", {"messages": [{"content": "hi"}]})
        (item,) = await search(threads)
        whole = await threads.get(id)
        names = ("thread_id", "agent_id", "title", "status", "metadata", "values", "error", "interrupts")
        stamps = ("created_at", "updated_at", "state_updated_at")
        assert item == {name: whole[name] for name in (*names, *stamps)} | {"config": {}, "context": {}}
        assert item["values"] == {"messages": [{"content": "hi"}]}

    async def test_as_the_web_interface_asks(self, threads: ThreadCalls) -> None:
        waiting, _idle = await threads.create(), await threads.create()
        await threads.run(waiting, "interrupted")
        owner = (await threads.get(waiting))["metadata"]["ls_user_id"]
        select = ["thread_id", "created_at", "updated_at", "metadata", "status", "interrupts", "state_updated_at"]
        reply = await threads.client.post(
            f"{THREADS}/search",
            json={
                "metadata": {"ls_user_id": owner, "is_test_run": False, "graph_id": "deep_agent"},
                "limit": 50,
                "offset": 0,
                "status": "interrupted",
                "sort_by": "state_updated_at",
                "sort_order": "desc",
                "select": select,
            },
        )
        (item,) = reply.json()
        assert (item["thread_id"], item["interrupts"]) == (waiting, WAITING)
        assert item.keys() == set(select)
        assert reply.headers["x-pagination-total"] == "1"

    async def test_pages_and_order(self, threads: ThreadCalls) -> None:
        ids = sorted([await threads.create() for _ in range(4)])
        reply = await threads.client.post(
            f"{THREADS}/search", json={"limit": 2, "offset": 1, "sort_by": "thread_id", "sort_order": "asc"}
        )
        assert [thread["thread_id"] for thread in reply.json()] == ids[1:3]
        assert reply.headers["x-pagination-total"] == "4"

    async def test_parts_of_metadata_and_values(self, threads: ThreadCalls) -> None:
        id, _ = await threads.create(metadata={"team": {"name": "fin", "tags": ["a", "b"]}}), await threads.create()
        await threads.run(id, "idle", {"files": {"/a.md": "x"}})
        for body in (
            {"metadata": {"team": {"tags": ["b"]}}},
            {"values": {"files": {"/a.md": "x"}}},
            {"metadata": {"team": {}}, "values": {"files": {}}, "ids": [id.upper()], "status": "idle"},
        ):
            assert [thread["thread_id"] for thread in await search(threads, **body, select=["thread_id"])] == [id]
            assert (await threads.client.post(f"{THREADS}/count", json=body)).json() == 1
        assert await search(threads, ids=[new_id()]) == await search(threads, metadata={"team": "fin"}) == []

    async def test_of_an_agent_also_those_that_have_not_run(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        agent_id = (await threads.get(id))["agent_id"]
        assert [item["thread_id"] for item in await search(threads, agent_id=agent_id)] == [id]
        assert await search(threads, agent_id=new_id()) == []

    async def test_extracts(self, threads: ThreadCalls) -> None:
        id = await threads.create(metadata={"team": "fin"})
        await threads.run(id, "idle", {"messages": [{"content": "a"}, {"content": "b"}]})
        paths = {"last": "values.messages[-1].content", "team": "metadata.team", "none": "values.messages[2].x"}
        (item,) = await search(threads, select=["thread_id"], extract=paths)
        assert item == {"thread_id": id, "extracted": {"last": "b", "team": "fin", "none": None}}

    @pytest.mark.parametrize(
        "body",
        [
            {"limit": 0},
            {"limit": 1001},
            {"offset": -1},
            {"ids": ["x"]},
            {"status": "paused"},
            {"sort_by": "title"},
            {"sort_order": "up"},
            {"select": ["nothing"]},
            {"extract": {str(n): "values.a" for n in range(11)}},
            {"extract": {"a": "values..a"}},
            {"metadata": "x"},
        ],
    )
    async def test_what_is_refused(self, threads: ThreadCalls, body: dict[str, Any]) -> None:
        assert error(await threads.client.post(f"{THREADS}/search", json=body)) == (400, "invalid_request_body")


class TestCount:
    async def test_of_those_that_need_attention(self, threads: ThreadCalls) -> None:
        waiting, failed, unread, test = [await threads.create() for _ in range(4)]
        await threads.create()
        await threads.run(waiting, "interrupted")
        await threads.run(unread, "idle")
        for id in (failed, test):
            await threads.run(id, "error")
        await threads.client.patch(f"{THREADS}/{test}", json={"metadata": {"is_test_run": True}})
        assert await attention(threads) == await attention(threads, agent_id=threads.agent_id) == 3
        assert await attention(threads, agent_id=new_id()) == 0
        await threads.client.patch(f"{THREADS}/{unread}", json={"metadata": {"read_status": True}})
        assert await attention(threads) == 2

    async def test_the_older_form_is_a_bare_number(self, threads: ThreadCalls) -> None:
        await threads.run(await threads.create(), "error")
        await threads.create()
        for body, count in ({}, 2), ({"status": "error"}, 1), ({"metadata": {"is_test_run": True}}, 0):
            assert (await threads.client.post(f"{THREADS}/count", json=body)).json() == count

    async def test_what_is_refused(self, threads: ThreadCalls) -> None:
        reply = await threads.client.get(f"{THREADS}/count", params={"agent_id": "x"})
        assert error(reply) == (400, "invalid_request_body")
