"""What the registry promises of agents' threads, on a SQLite file."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from weft.errors import AgentThreadExists, AgentThreadNotFound, InvalidCursor
from weft.model.agent_thread import AgentThread, ThreadChanges, ThreadStatus
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.registry import Registry
from weft.registry.agent_thread_queries import SortField, ThreadQuery, ThreadSearch
from weft.registry.agent_threads import AgentThreads
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE

AGENT = new_id()
WAITING = {"task": [{"id": "1", "value": {"question": "May I?"}}]}


@pytest.fixture
def threads(registry: Registry) -> AgentThreads:
    return registry.agent_threads


async def create(threads: AgentThreads, agent_id: str = AGENT, **metadata: Any) -> AgentThread:
    return await threads.create(WORKSPACE, agent_id, "owner", metadata=metadata)


async def set_state(
    threads: AgentThreads,
    thread: AgentThread,
    status: ThreadStatus,
    at: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    interrupts = WAITING if status == "interrupted" else {}
    error = {"error": "ValueError", "message": "no"} if status == "error" else None
    await threads.set_state(
        thread.id, status=status, interrupts=interrupts, error=error, at=at or now_us(), values=values
    )


class TestCreate:
    async def test_what_is_created_is_what_is_got(self, threads: AgentThreads) -> None:
        made = await create(threads, is_pinned=True, nested={"a": ["\0", None, 10**30]})
        assert await threads.get(WORKSPACE, made.id) == made
        assert made.created_at == made.updated_at == made.state_updated_at
        assert (made.status, made.title, made.interrupts, made.error) == ("idle", None, {}, None)

    async def test_of_many_at_once_one_makes_it(self, threads: AgentThreads) -> None:
        id = new_id()
        made = await asyncio.gather(
            *(threads.create(WORKSPACE, AGENT, "owner", id=id) for _ in range(10)), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in made) == ["AgentThread"] + ["AgentThreadExists"] * 9

    async def test_one_that_exists_may_be_kept(self, threads: AgentThreads) -> None:
        made = await create(threads, a=1)
        kept = await threads.create(WORKSPACE, new_id(), "owner", id=made.id, metadata={"a": 2}, keep_existing=True)
        assert kept == made

    async def test_an_id_of_another_workspace_is_taken(self, threads: AgentThreads) -> None:
        made = await create(threads)
        with pytest.raises(AgentThreadExists):
            await threads.create(new_id(), AGENT, "owner", id=made.id, keep_existing=True)


class TestUpdate:
    async def test_order_of_the_list_stays(self, threads: AgentThreads) -> None:
        made = await create(threads, a=1)
        changed = await threads.update(WORKSPACE, made.id, ThreadChanges("Q3", {"is_pinned": True}))
        assert changed == await threads.get(WORKSPACE, made.id)
        assert (changed.title, changed.metadata["a"], changed.metadata["is_pinned"]) == ("Q3", 1, True)
        assert changed.updated_at > made.updated_at
        assert changed.state_updated_at == made.state_updated_at

    async def test_unknown_or_in_another_workspace(self, threads: AgentThreads) -> None:
        made = await create(threads)
        for workspace, id in ((new_id(), made.id), (WORKSPACE, new_id())):
            with pytest.raises(AgentThreadNotFound):
                await threads.get(workspace, id)
            with pytest.raises(AgentThreadNotFound):
                await threads.update(workspace, id, ThreadChanges("x"))
            with pytest.raises(AgentThreadNotFound):
                await threads.copy_row(workspace, id, new_id())
            assert await threads.delete(workspace, id) is None
        assert await threads.get(WORKSPACE, made.id) == made

    async def test_edits_at_once_are_all_kept(self, threads: AgentThreads) -> None:
        made = await create(threads)
        await asyncio.gather(
            *(threads.update(WORKSPACE, made.id, ThreadChanges(metadata={f"k{n}": n})) for n in range(20))
        )
        assert {f"k{n}": n for n in range(20)}.items() <= (await threads.get(WORKSPACE, made.id)).metadata.items()


class TestUpdateMany:
    async def test_one_that_fails_leaves_the_others(self, threads: AgentThreads) -> None:
        first, last = await create(threads), await create(threads)
        ids = [first.id, new_id(), last.id]
        outcomes = await threads.update_many(WORKSPACE, ids, ThreadChanges("Q3"))
        assert [outcome.id for outcome in outcomes] == ids
        assert [type(outcome.error) for outcome in outcomes] == [type(None), AgentThreadNotFound, type(None)]
        assert [(await threads.get(WORKSPACE, id)).title for id in (first.id, last.id)] == ["Q3", "Q3"]


class TestSetState:
    async def test_of_a_run_from_start_to_end(self, threads: AgentThreads) -> None:
        made = await create(threads)
        await set_state(threads, made, "busy", at=made.created_at + 1)
        assert await threads.values([made.id]) == {}
        await set_state(threads, made, "interrupted", at=made.created_at + 2, values={"messages": ["\0"]})
        thread = await threads.get(WORKSPACE, made.id)
        assert (thread.status, thread.interrupts, thread.error) == ("interrupted", WAITING, None)
        assert thread.updated_at == thread.state_updated_at == made.created_at + 2
        assert await threads.values([made.id, new_id()]) == {made.id: {"messages": ["\0"]}}

    async def test_values_stay_unless_there_are_new_ones(self, threads: AgentThreads) -> None:
        made = await create(threads)
        for values in ({"n": 1}, None, {"n": 2}, None):
            await set_state(threads, made, "idle", values=values)
        assert await threads.values([made.id]) == {made.id: {"n": 2}}

    async def test_a_deleted_thread_stays_deleted(self, threads: AgentThreads) -> None:
        made = await create(threads)
        await set_state(threads, made, "idle", values={"n": 1})
        deleted = await threads.delete(WORKSPACE, made.id)
        assert deleted is not None
        assert deleted.has_run
        await set_state(threads, made, "error", values={"n": 2})
        assert await threads.values([made.id]) == {}
        with pytest.raises(AgentThreadNotFound):
            await threads.get(WORKSPACE, made.id)


class TestCopy:
    async def test_with_values(self, threads: AgentThreads) -> None:
        made = await create(threads, a=1)
        await set_state(threads, made, "interrupted", values={"n": 1})
        copy = await threads.copy_row(WORKSPACE, made.id, new_id())
        assert await threads.get(WORKSPACE, copy.id) == copy
        assert (copy.status, copy.metadata["a"]) == ("interrupted", 1)
        await set_state(threads, made, "idle", values={"n": 2})
        assert (await threads.values([copy.id]))[copy.id] == {"n": 1}


class TestFind:
    async def test_pages_are_stable_while_threads_come_and_go(self, threads: AgentThreads) -> None:
        made = [await create(threads) for _ in range(6)]
        for thread in made:
            await set_state(threads, thread, "idle", at=1000 + made.index(thread) // 3)
        expected = sorted(made, key=lambda thread: (made.index(thread) // 3, thread.id), reverse=True)
        first, cursor = await threads.find(WORKSPACE, ThreadQuery(AGENT, 2))
        await create(threads)
        await threads.delete(WORKSPACE, first[1].id)
        second, cursor = await threads.find(WORKSPACE, ThreadQuery(AGENT, 2, cursor))
        third, end = await threads.find(WORKSPACE, ThreadQuery(AGENT, 2, cursor))
        assert [thread.id for thread in (*first, *second, *third)] == [thread.id for thread in expected]
        assert end is None

    async def test_filters(self, threads: AgentThreads) -> None:
        plain, pinned = await create(threads), await create(threads, is_pinned=True)
        test, failed = await create(threads, is_test_run=True), await create(threads)
        await create(threads, agent_id=new_id())
        await set_state(threads, failed, "error")

        async def found(query: ThreadQuery) -> set[str]:
            return {thread.id for thread in (await threads.find(WORKSPACE, query))[0]}

        assert await found(ThreadQuery(AGENT)) == {plain.id, pinned.id, failed.id}
        assert await found(ThreadQuery(AGENT, is_pinned=True)) == {pinned.id}
        assert await found(ThreadQuery(AGENT, is_pinned=False)) == {plain.id, failed.id}
        assert await found(ThreadQuery(AGENT, is_test_run=True)) == {test.id}
        assert await found(ThreadQuery(AGENT, status="idle")) == {plain.id, pinned.id}
        assert await found(ThreadQuery(AGENT, needs_attention=True)) == {failed.id}

    async def test_a_flag_follows_an_edit(self, threads: AgentThreads) -> None:
        made = await create(threads)
        await threads.update(WORKSPACE, made.id, ThreadChanges(metadata={"is_test_run": True}))
        assert await threads.find(WORKSPACE, ThreadQuery(AGENT)) == ([], None)

    @pytest.mark.parametrize("cursor", ["x", "é", "bnVsbA", "WyJhIiwgMSwgImIiXQ"])
    async def test_what_is_no_cursor(self, threads: AgentThreads, cursor: str) -> None:
        with pytest.raises(InvalidCursor):
            await threads.find(WORKSPACE, ThreadQuery(AGENT, cursor=cursor))


class TestSearch:
    async def test_by_metadata_and_values(self, threads: AgentThreads) -> None:
        first, second = await create(threads, a=1, b={"c": [1, 2]}), await create(threads, a=1)
        await set_state(threads, second, "idle", values={"messages": [{"content": "hi", "type": "human"}]})

        async def found(**fields: Any) -> list[str]:
            search = ThreadSearch(**fields)
            total, page = await threads.search(WORKSPACE, search)
            assert total == len(page) == await threads.count(WORKSPACE, search)
            return [thread.id for thread in page]

        assert await found(metadata={"a": 1}, descending=False) == [first.id, second.id]
        assert await found(metadata={"b": {"c": [2]}}) == [first.id]
        assert await found(metadata={"a": True}) == []
        assert await found(values={"messages": [{"content": "hi"}]}) == [second.id]
        assert await found(values={"messages": [{"content": "hi"}]}, metadata={"b": {}}) == []
        assert await found(values={"messages": [{"content": "hi"}]}, metadata={"a": 0.5}) == []
        assert await found(values={"none": 0.5}, metadata={"a": 1}) == []
        assert await found(ids=[first.id, new_id()]) == [first.id]
        assert await found(ids=[]) == []

    @pytest.mark.parametrize("metadata", [{}, {"a": 1}, {"a": 1, "half": 0.5}])
    @pytest.mark.parametrize("descending", [True, False])
    async def test_order_and_page(self, threads: AgentThreads, metadata: dict[str, int], descending: bool) -> None:
        made = [await create(threads, a=1, half=0.5) for _ in range(5)]
        made[2] = await threads.update(WORKSPACE, made[2].id, ThreadChanges("x"))
        orders: dict[SortField, Callable[[AgentThread], tuple[object, str]]] = {
            "thread_id": lambda thread: ("", thread.id),
            "created_at": lambda thread: (thread.created_at, thread.id),
            "updated_at": lambda thread: (thread.updated_at, thread.id),
            "status": lambda thread: (thread.status, thread.id),
        }
        for field, key in orders.items():
            search = ThreadSearch(metadata=metadata, sort_by=field, descending=descending, limit=2, offset=1)
            expected = sorted(made, key=key, reverse=descending)[1:3]
            assert await threads.search(WORKSPACE, search) == (5, expected)

    async def test_not_in_another_workspace(self, threads: AgentThreads) -> None:
        made = await create(threads, a=1)
        for search in (ThreadSearch(), ThreadSearch(metadata={"a": 1}), ThreadSearch(ids=[made.id])):
            assert await threads.search(new_id(), search) == (0, [])


class TestCountNeedingAttention:
    async def test_by_agent_and_without_test_runs(self, threads: AgentThreads) -> None:
        other = new_id()
        states: list[tuple[str, ThreadStatus]]
        states = [(AGENT, "interrupted"), (AGENT, "error"), (other, "error"), (AGENT, "busy")]
        for agent, status in states:
            await set_state(threads, await create(threads, agent), status)
        await set_state(threads, await create(threads, is_test_run=True), "error")
        await create(threads, read_status=False)
        assert await threads.count_needing_attention(WORKSPACE) == 4
        assert await threads.count_needing_attention(WORKSPACE, AGENT) == 3
        assert await threads.count_needing_attention(WORKSPACE, new_id()) == 0
