"""What the registry promises of runs and of what they tell, on a SQLite file."""

from typing import Any

import pytest

from tests.agents.threads import a_stored_run, a_stored_thread
from weft.errors import AgentThreadNotFound, RunNotFound
from weft.model.agent_thread import AgentThread, ThreadProgress
from weft.model.ids import new_id
from weft.model.run import Run, RunEvent
from weft.registry import Registry
from weft.registry.runs import RunQuery
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE

ERROR = {"error": "ValueError", "message": "no"}


@pytest.fixture
async def thread(registry: Registry) -> AgentThread:
    return await a_stored_thread(registry)


async def create(registry: Registry, thread: AgentThread, **values: Any) -> Run:
    run = a_stored_run(thread, **values)
    await registry.runs.create(run, ThreadProgress("busy", run.created_at))
    return run


async def ids(registry: Registry, thread: AgentThread, **query: Any) -> list[str]:
    return [run.id for run in await registry.runs.find(RunQuery(WORKSPACE, thread.id, **query))]


class TestRecords:
    async def test_what_is_created_is_what_is_got(self, registry: Registry, thread: AgentThread) -> None:
        run = await create(registry, thread, metadata={"a": ["\0", None]}, kwargs={"input": None}, trace_id=new_id())
        assert await registry.runs.get(WORKSPACE, thread.id, run.id) == run
        assert (await registry.agent_threads.get(WORKSPACE, thread.id)).status == "busy"

    async def test_thread_that_is_not_there(self, registry: Registry, thread: AgentThread) -> None:
        await registry.agent_threads.delete(WORKSPACE, thread.id)
        with pytest.raises(AgentThreadNotFound):
            await create(registry, thread)

    async def test_run_of_another_thread_is_not_found(self, registry: Registry, thread: AgentThread) -> None:
        run, other = await create(registry, thread), await a_stored_thread(registry)
        for place in ((WORKSPACE, other.id), (new_id(), thread.id)):
            with pytest.raises(RunNotFound):
                await registry.runs.get(*place, run.id)

    async def test_newest_first_in_pages(self, registry: Registry, thread: AgentThread) -> None:
        runs = [await create(registry, thread, created_at=number) for number in range(5)]
        newest_first = [run.id for run in runs[::-1]]
        assert await ids(registry, thread) == newest_first
        assert await ids(registry, thread, limit=2, offset=1) == newest_first[1:3]

    async def test_those_that_have_not_ended(self, registry: Registry, thread: AgentThread) -> None:
        waiting, going = await create(registry, thread, status="pending"), await create(registry, thread)
        ended = await create(registry, thread)
        await registry.runs.set_status(ended.id, "error", ERROR)
        assert [run.id for run in await registry.runs.find_unfinished()] == [waiting.id, going.id]
        assert await ids(registry, thread, status="error") == [ended.id]
        assert (await registry.runs.get(WORKSPACE, thread.id, ended.id)).error == ERROR


class TestEvents:
    async def test_go_with_their_run_and_that_with_its_thread(self, registry: Registry, thread: AgentThread) -> None:
        first, second = await create(registry, thread), await create(registry, thread)
        events = [RunEvent(number, "values", "{}") for number in (1, 2, 3)]
        await registry.run_events.put([(run.id, event) for event in events for run in (first, second)])
        assert await registry.run_events.find_after(first.id, 1, 1) == [events[1]]
        assert await registry.run_events.last_sequence(first.id) == 3
        await registry.runs.delete(first.id)
        assert await registry.run_events.last_sequence(first.id) == 0
        assert await registry.run_events.find_after(second.id, 0, 10) == events
        await registry.agent_threads.delete(WORKSPACE, thread.id)
        assert await registry.run_events.last_sequence(second.id) == 0
