"""Threads of agents by the stock client of managed deep agents, whose methods hand on replies as they are."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from managed_deepagents import AsyncClient, Client, ManagedDeepAgentsAPIError

from tests.compat.server import Server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(api_url=server.url, api_key="any") as client:
        yield client


@pytest.fixture
def agent_id(client: Client) -> str:
    return str(client.agents.create(name="helper")["id"])


@pytest.fixture
def thread_ids(client: Client, agent_id: str) -> list[str]:
    return [client.threads.create(agent_id=agent_id)["id"] for _ in range(50)]


def test_from_its_creation_to_its_end(client: Client, agent_id: str) -> None:
    id = str(uuid4())
    created = client.threads.create(agent_id=agent_id, thread_id=id, metadata={"team": "fin"})
    assert (created["id"], created["agent_id"], created["status"]) == (id, agent_id, "idle")
    updated = client.threads.update(id, title="Q3", metadata={"is_pinned": True})
    assert (updated["title"], updated["metadata"]["team"]) == ("Q3", "fin")
    assert client.threads.get(id)["title"] == "Q3"
    (found,) = client.threads.list(agent_id=agent_id, is_pinned=True, test_run=False)["threads"]
    assert found == updated
    assert [client.threads.delete(id) for _ in range(2)] == [None, None]
    with pytest.raises(ManagedDeepAgentsAPIError) as refused:
        client.threads.get(id)
    assert (refused.value.status_code, refused.value.code) == (404, "thread_not_found")


def test_searched_and_counted(client: Client, agent_id: str) -> None:
    team = str(uuid4())
    id = client.threads.create(agent_id=agent_id, metadata={"team": team, "read_status": False})["id"]
    (found,) = client.threads.search(metadata={"team": team}, select=["thread_id", "status"])
    assert found == {"thread_id": id, "status": "idle"}
    assert client.threads.count(agent_id=agent_id) == {"attention_count": 1}
    client.threads.update(id, metadata={"read_status": True})
    assert client.threads.count(agent_id=agent_id) == {"attention_count": 0}


def test_bulk_update_of_fifty(client: Client, agent_id: str, thread_ids: list[str]) -> None:
    thread_ids[7], thread_ids[30] = str(uuid4()), "not-a-thread"
    results = client.threads.bulk_update(thread_ids=thread_ids, data={"title": "Q3", "metadata": {"team": "fin"}})
    assert [result["id"] for result in results["results"]] == thread_ids
    failures = {result["id"]: result["error_code"] for result in results["results"] if result["status"] != "success"}
    assert failures == {thread_ids[7]: "thread_not_found", "not-a-thread": "invalid_thread_id"}
    titles = [thread["title"] for thread in every_thread(client, agent_id)]
    assert (titles.count("Q3"), titles.count(None)) == (48, 2)


def every_thread(client: Client, agent_id: str) -> list[dict[str, Any]]:
    """Page after page, as clients do."""
    page = client.threads.list(agent_id=agent_id)
    found = list(page["threads"])
    while page["next_cursor"]:
        page = client.threads.list(agent_id=agent_id, cursor=page["next_cursor"])
        found += page["threads"]
    return found


def test_the_asynchronous_client(server: Server, agent_id: str) -> None:
    async def use() -> None:
        async with AsyncClient(api_url=f"{server.url}/v1/fleet", api_key="any") as client:
            threads = client.threads
            id = (await threads.create(agent_id=agent_id))["id"]
            assert (await threads.update(id, title="Q3"))["title"] == "Q3"
            (result,) = (await threads.bulk_update(thread_ids=[id], data={"title": None}))["results"]
            assert result == {"id": id, "status": "success"}
            assert (await threads.get(id))["title"] is None
            assert [thread["id"] for thread in (await threads.list(agent_id=agent_id))["threads"]] == [id]
            assert [thread["thread_id"] for thread in await threads.search(ids=[id])] == [id]
            assert await threads.count(agent_id=agent_id) == {"attention_count": 0}
            assert await threads.delete(id) is None

    asyncio.run(use())
