"""Runs on a runtime that does what the message says: their order, their ends, and what they leave."""

import asyncio
from typing import Any

import pytest

from tests.agents.fake_runtime import NO_MODEL, QUESTION, FakeRuntime
from tests.agents.threads import a_stored_run, a_stored_thread, saying, told
from weft.agents.runs import CANCELLED, SERVER_RESTARTED, SERVER_STOPPED, Runs
from weft.agents.thread_states import ThreadStates
from weft.errors import (
    AgentGone,
    AgentThreadNotFound,
    ModelUnavailable,
    RunNotFound,
    StoreUnavailable,
    ThreadBusy,
    ThreadNotInterrupted,
)
from weft.model.agent_thread import AgentThread, ThreadProgress
from weft.model.run import MultitaskStrategy, Run
from weft.registry import Registry
from weft.registry.runs import RunQuery
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE


@pytest.fixture
async def thread(registry: Registry) -> AgentThread:
    return await a_stored_thread(registry)


async def start(runs: Runs, thread: AgentThread, text: str, strategy: MultitaskStrategy = "enqueue") -> Run:
    return await runs.start(thread, "user", saying(text, strategy))


async def held(runs: Runs, fake: FakeRuntime, thread: AgentThread) -> Run:
    """A run that goes on until it is released or stopped."""
    run = await start(runs, thread, "hold")
    await fake.holding.wait()
    return run


async def now(registry: Registry, thread: AgentThread) -> AgentThread:
    return await registry.agent_threads.get(WORKSPACE, thread.id)


async def record(registry: Registry, run: Run) -> Run:
    return await registry.runs.get(WORKSPACE, run.thread_id, run.id)


class TestEnds:
    async def test_success(self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        run = await start(runs, thread, "hello")
        assert (await now(registry, thread)).status == "busy"
        events = await told(runs, run)
        assert [event.event for event in events] == ["metadata", "values", "values"]
        assert events[0].data == f'{{"run_id":"{run.id}","attempt":1}}'
        assert (await record(registry, run)).status == "success"
        after = await now(registry, thread)
        assert (after.status, after.metadata["first_message_preview"]) == ("idle", "hello")
        values = {"messages": ["hello", "said hello"]}
        assert await registry.agent_threads.values([thread.id]) == {thread.id: values}
        assert [tracer.end for tracer in fake.traced] == [(values, None, False)]

    async def test_failure(self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        run = await start(runs, thread, "fail")
        last = (await told(runs, run))[-1]
        assert (last.event, last.data) == ("error", '{"error":"ValueError","message":"as asked"}')
        error = {"error": "ValueError", "message": "as asked"}
        ended, after = await record(registry, run), await now(registry, thread)
        assert (ended.status, ended.error) == ("error", error)
        assert (after.status, after.error) == ("error", error)
        assert [tracer.end for tracer in fake.traced] == [(None, ValueError, False)]

    async def test_question(self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        run = await start(runs, thread, "ask")
        assert await runs.result(run) == {"messages": ["ask"], "__interrupt__": [QUESTION]}
        after = await now(registry, thread)
        assert (after.status, after.interrupts) == ("interrupted", {"task": [QUESTION]})
        assert (await record(registry, run)).status == "interrupted"
        assert [tracer.end for tracer in fake.traced] == [({"messages": ["ask"]}, None, True)]

    async def test_next_message_goes_on(self, registry: Registry, runs: Runs, thread: AgentThread) -> None:
        for text in ("fail", "ask", "hello"):
            await runs.result(await start(runs, thread, text))
        after = await now(registry, thread)
        assert (after.status, after.error, after.interrupts) == ("idle", None, {})

    async def test_nobody_needs_to_follow(self, registry: Registry, runs: Runs, thread: AgentThread) -> None:
        run = await start(runs, thread, "hello")
        follower = runs.follow(run.id)
        await anext(follower)
        await follower.aclose()
        assert await runs.result(run) == {"messages": ["hello", "said hello"]}

    async def test_command_takes_the_place_of_input(self, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        command: dict[str, Any] = {"resume": {"decisions": []}}
        await runs.result(await runs.start(thread, "user", saying("filler", command=command)))
        assert (fake.jobs[0].input, fake.jobs[0].command) == (None, command)


class TestRefused:
    async def test_agent_that_was_deleted(self, registry: Registry, runs: Runs, thread: AgentThread) -> None:
        await registry.agents.delete(WORKSPACE, thread.agent_id)
        with pytest.raises(AgentGone):
            await start(runs, thread, "hello")

    async def test_agent_that_cannot_run(self, registry: Registry, runs: Runs) -> None:
        thread = await a_stored_thread(registry, runtime=NO_MODEL)
        with pytest.raises(ModelUnavailable):
            await start(runs, thread, "hello")
        assert await registry.runs.find(RunQuery(WORKSPACE, thread.id)) == []
        assert (await now(registry, thread)).status == "idle"

    async def test_thread_that_was_deleted(self, registry: Registry, runs: Runs, thread: AgentThread) -> None:
        await registry.agent_threads.delete(WORKSPACE, thread.id)
        with pytest.raises(AgentThreadNotFound):
            await start(runs, thread, "hello")


class TestOneAfterTheOther:
    async def test_enqueue(self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        first, second = await held(runs, fake, thread), await start(runs, thread, "second")
        assert (first.status, second.status) == ("running", "pending")
        fake.released.set()
        await told(runs, first)
        assert await runs.result(second) == {"messages": ["hold", "said hold", "second", "said second"]}
        assert (await now(registry, thread)).status == "idle"

    async def test_reject(self, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        first = await held(runs, fake, thread)
        with pytest.raises(ThreadBusy):
            await start(runs, thread, "second", "reject")
        fake.released.set()
        await told(runs, first)
        await runs.result(await start(runs, thread, "third", "reject"))

    async def test_interrupt(self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        first, second = await held(runs, fake, thread), await start(runs, thread, "second", "interrupt")
        assert await runs.result(second) == {"messages": ["hold", "second", "said second"]}
        ended = await record(registry, first)
        assert (ended.status, ended.error) == ("interrupted", CANCELLED)

    async def test_rollback(self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        await runs.result(await start(runs, thread, "before"))
        first, second = await held(runs, fake, thread), await start(runs, thread, "second", "rollback")
        assert await runs.result(second) == {"messages": ["before", "said before", "second", "said second"]}
        with pytest.raises(RunNotFound):
            await record(registry, first)

    async def test_threads_do_not_wait_for_each_other(
        self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread
    ) -> None:
        await held(runs, fake, thread)
        other = await a_stored_thread(registry)
        assert await runs.result(await start(runs, other, "hello")) == {"messages": ["hello", "said hello"]}


class TestCancel:
    async def test_run_that_goes_on(
        self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread
    ) -> None:
        run = await held(runs, fake, thread)
        await runs.cancel(run)
        ended, after = await record(registry, run), await now(registry, thread)
        assert (ended.status, ended.error) == ("interrupted", CANCELLED)
        assert (after.status, after.error) == ("interrupted", CANCELLED)
        assert [event.event for event in await told(runs, run)] == ["metadata", "values", "error"]
        assert [tracer.end for tracer in fake.traced] == [(None, asyncio.CancelledError, False)]

    async def test_run_that_waits(self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        first, second = await held(runs, fake, thread), await start(runs, thread, "second")
        await runs.cancel(second)
        assert (await record(registry, second)).status == "interrupted"
        assert [event.event for event in await told(runs, second)] == ["metadata", "error"]
        assert (await now(registry, thread)).status == "busy"
        fake.released.set()
        assert await runs.result(first) == {"messages": ["hold", "said hold"]}
        assert len(fake.jobs) == 1

    async def test_run_that_has_ended(self, registry: Registry, runs: Runs, thread: AgentThread) -> None:
        run = await start(runs, thread, "hello")
        await runs.result(run)
        await runs.cancel(run, "rollback")
        assert (await record(registry, run)).status == "success"

    async def test_rollback_leaves_nothing(
        self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread
    ) -> None:
        run = await held(runs, fake, thread)
        await runs.cancel(run, "rollback")
        assert (await fake.state(thread))["values"] == {"messages": []}
        assert (await now(registry, thread)).status == "idle"
        with pytest.raises(RunNotFound):
            await runs.result(run)

    async def test_rollback_of_what_waits_leaves_the_rest(
        self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread
    ) -> None:
        first, second = await held(runs, fake, thread), await start(runs, thread, "second")
        await runs.cancel(second, "rollback")
        assert (await now(registry, thread)).status == "busy"
        fake.released.set()
        assert await runs.result(first) == {"messages": ["hold", "said hold"]}

    async def test_thread_that_is_deleted(
        self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread
    ) -> None:
        first, second = await held(runs, fake, thread), await start(runs, thread, "second")
        await runs.delete_thread(WORKSPACE, thread.id)
        for run in (first, second):
            with pytest.raises(RunNotFound):
                await record(registry, run)
            assert await told(runs, run) == []
        assert (await fake.state(thread))["values"] == {"messages": []}

    async def test_memories_go_with_their_agent(
        self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread
    ) -> None:
        unused = await a_stored_thread(registry)
        await told(runs, await start(runs, thread, "hello"))
        for agent_id in (unused.agent_id, thread.agent_id, thread.agent_id):
            await runs.delete_agent(WORKSPACE, agent_id)
        assert set(fake.forgotten) == {thread.agent_id}
        assert (await now(registry, thread)).status == "idle"


class TestRestart:
    async def test_killed_server(self, registry: Registry, runs: Runs, thread: AgentThread) -> None:
        run = a_stored_run(thread)
        await registry.runs.create(run, ThreadProgress("busy", run.created_at))
        await runs.recover()
        ended, after = await record(registry, run), await now(registry, thread)
        assert (ended.status, ended.error) == ("error", SERVER_RESTARTED)
        assert (after.status, after.error) == ("error", SERVER_RESTARTED)
        assert [(event.sequence, event.event) for event in await told(runs, run)] == [(1, "error")]
        assert await runs.result(await start(runs, thread, "hello")) == {"messages": ["hello", "said hello"]}

    async def test_stopped_server(self, registry: Registry, runs: Runs, fake: FakeRuntime, thread: AgentThread) -> None:
        first, second = await held(runs, fake, thread), await start(runs, thread, "second")
        await runs.close()
        assert fake.closed
        for run in (first, second):
            ended = await record(registry, run)
            assert (ended.status, ended.error) == ("interrupted", SERVER_STOPPED)
        assert (await now(registry, thread)).status == "interrupted"
        with pytest.raises(StoreUnavailable):
            await start(runs, thread, "hello")


class TestStates:
    @pytest.fixture
    def states(self, registry: Registry, runs: Runs) -> ThreadStates:
        return ThreadStates(registry, runs)

    async def test_resolving_an_interrupt(
        self, registry: Registry, runs: Runs, states: ThreadStates, thread: AgentThread
    ) -> None:
        await runs.result(await start(runs, thread, "ask"))
        await states.resolve_interrupt(thread)
        after = await now(registry, thread)
        assert (after.status, after.interrupts) == ("idle", {})
        with pytest.raises(ThreadNotInterrupted):
            await states.resolve_interrupt(thread)

    async def test_busy_thread_stays_as_it_is(
        self, runs: Runs, fake: FakeRuntime, states: ThreadStates, thread: AgentThread
    ) -> None:
        await held(runs, fake, thread)
        for change in (states.resolve_interrupt(thread), states.update(thread, {}, None), states.copy(thread)):
            with pytest.raises(ThreadBusy):
                await change

    async def test_copy_has_the_state(self, runs: Runs, states: ThreadStates, thread: AgentThread) -> None:
        await runs.result(await start(runs, thread, "hello"))
        copy = await states.copy(thread)
        assert copy.id != thread.id
        assert (await states.get(copy))["values"] == {"messages": ["hello", "said hello"]}
