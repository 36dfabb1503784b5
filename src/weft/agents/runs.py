"""Runs of agents: tasks of the server that go on whether or not anyone follows them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal

import msgspec

from weft.agents.contract import Machinery, OpenMachinery, Runtime
from weft.agents.event_log import EventLog, first_event
from weft.agents.execution import Execution
from weft.agents.job import RunRequest
from weft.agents.outcome import Outcome, result_of
from weft.agents.preview import preview
from weft.agents.run_queue import ActiveRun, RunQueue, Stop
from weft.agents.starts import Starts
from weft.agents.trace_writer import TraceSink
from weft.agents.tracing import end_abandoned_trace
from weft.errors import AgentGone, AgentNotFound, StoreUnavailable, ThreadBusy
from weft.model.agent import AgentRevision
from weft.model.agent_thread import AgentThread, ThreadProgress
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.run import MultitaskStrategy, Run, RunEvent
from weft.registry.cache import RecentlyUsed

CancelAction = Literal["interrupt", "rollback"]

CANCELLED = {"error": "UserInterrupt", "message": "The run was cancelled"}
SERVER_STOPPED = {"error": "ServerStopped", "message": "The server was stopped while the run went on"}
SERVER_RESTARTED = {"error": "ServerRestarted", "message": "The server ended before the run did"}
STOPPING_S = 4.0  # for runs to end, once the server is asked to stop

_CACHED = 1024


class Runs:
    """`open_machinery` is called for the first that needs it: a run, a question about a state, or `prepare`."""

    def __init__(self, sink: TraceSink, open_machinery: OpenMachinery) -> None:
        self._sink = sink
        self._registry = registry = sink.registry
        self._open_machinery = open_machinery
        self._machinery: Machinery | None = None
        self._opening = asyncio.Lock()
        self._log = EventLog(registry)
        self._starts = Starts()
        self._checked: RecentlyUsed[tuple[str, str, int], bool] = RecentlyUsed(_CACHED)
        self._execution = Execution(registry, self._log, self._starts)
        self._queue = RunQueue(self._execute, lambda active: self._log.close(active.run.id))
        self._closed = False

    async def start(self, thread: AgentThread, user: str, request: RunRequest) -> Run:
        """Raises AgentThreadNotFound, AgentGone, ThreadBusy, and what the runtime has against the agent."""
        with self._starts.begin():
            revision = await self._revision(thread, request.agent_id or thread.agent_id)
            machinery = await self.machinery()
            await self._check(machinery.runtime, revision)
            return await self._begin(thread, revision, user, request, machinery)

    async def prepare(self, revision: AgentRevision) -> None:
        """What the first run of the agent would wait for. Raises what the runtime has against the agent."""
        await self._check((await self.machinery()).runtime, revision)

    def follow(self, run_id: str, after: int = 0) -> AsyncGenerator[RunEvent, None]:
        """What the run tells after the event of that number, up to its end, each once and in order."""
        return self._log.follow(run_id, after)

    async def result(self, run: Run) -> Mapping[str, Any]:
        """When the run has ended: the values of the state it left, or `{"__error__": …}`. For a run that had ended
        before, the values are those of now. Raises RunNotFound for one that was rolled back meanwhile."""
        active = self._queue.find(run.thread_id, run.id)
        if active is not None:
            await active.ended.wait()
            outcome = active.outcome
            if outcome is not None and outcome.values is not None and not active.rolled_back:
                return result_of(outcome.error, outcome.values, outcome.interrupts)
        record = await self._registry.runs.get(run.workspace_id, run.thread_id, run.id)
        thread = await self._registry.agent_threads.get(run.workspace_id, run.thread_id)
        values = await self._registry.agent_threads.values([thread.id])
        return result_of(record.error, values.get(thread.id, {}), thread.interrupts)

    async def cancel(self, run: Run, action: CancelAction = "interrupt", *, wait: bool = True) -> None:
        """Of a run that has ended, nothing happens. A rollback leaves nothing of the run."""
        active = self._queue.find(run.thread_id, run.id)
        if active is None:
            return
        self._queue.stop(active, Stop(CANCELLED, rollback=action == "rollback"))
        if wait:
            await active.ended.wait()

    async def delete(self, run: Run) -> None:
        """The record and the events, not what the run did to its thread."""
        await self.cancel(run)
        await self._registry.runs.delete(run.id)

    async def delete_thread(self, workspace_id: str, thread_id: str) -> None:
        """With its runs, which are stopped, and its states. An unknown one is passed over."""
        while True:
            await self._stop_all(self._queue.of_thread(thread_id), Stop(CANCELLED))
            with suppress(ThreadBusy):
                async with self.at_rest(thread_id):
                    return await self._delete_at_rest(workspace_id, thread_id)

    async def delete_agent(self, workspace_id: str, agent_id: str) -> None:
        """With its memories. Its threads stay, though nothing runs on them any more. An unknown one is passed over."""
        had_run = await self._registry.runs.has_run(workspace_id, agent_id)
        await self._registry.agents.delete(workspace_id, agent_id)
        if had_run:
            machinery = await self.machinery()
            await machinery.runtime.delete_memories(agent_id)

    @asynccontextmanager
    async def at_rest(self, thread_id: str) -> AsyncIterator[None]:
        """Within it, no run of the thread goes on or begins. Raises ThreadBusy."""
        async with self._queue.lock(thread_id):
            if self._queue.of_thread(thread_id):
                raise ThreadBusy(id=thread_id)
            yield

    async def machinery(self) -> Machinery:
        """Raises StoreUnavailable when the server stops, and what opening it raises."""
        async with self._opening:
            self._check_open()
            if self._machinery is None:
                self._machinery = await self._open_machinery()
            return self._machinery

    async def recover(self) -> None:
        """Marks as failed what had not ended when the server was killed."""
        told = msgspec.json.encode(SERVER_RESTARTED).decode()
        for run in await self._registry.runs.find_unfinished():
            last = await self._registry.run_events.last_sequence(run.id)
            await self._registry.run_events.put([(run.id, RunEvent(last + 1, "error", told))])
            await end_abandoned_trace(self._sink, run, SERVER_RESTARTED)
            await self._set_state(run.thread_id, Outcome("error", "error", SERVER_RESTARTED))
            await self._registry.runs.set_status(run.id, "error", SERVER_RESTARTED)

    async def stop(self) -> None:
        """Ends what goes on, as interrupted; nothing starts any more."""
        self._closed = True
        await self._stop_all(self._queue.all(), Stop(SERVER_STOPPED), STOPPING_S)

    async def close(self) -> None:
        await self.stop()
        async with self._opening:
            if self._machinery is not None:
                await self._machinery.runtime.close()

    async def _revision(self, thread: AgentThread, agent_id: str) -> AgentRevision:
        try:
            return await self._registry.agents.revision(thread.workspace_id, agent_id)
        except AgentNotFound as error:
            raise AgentGone(id=agent_id) from error

    async def _delete_at_rest(self, workspace_id: str, thread_id: str) -> None:
        gone = await self._registry.agent_threads.delete(workspace_id, thread_id)
        if gone is not None and gone.has_run:
            machinery = await self.machinery()
            await machinery.runtime.delete(thread_id)

    async def _check(self, runtime: Runtime, revision: AgentRevision) -> None:
        """An agent that has passed need not be looked at again until it changes."""
        agent = revision.agent
        seen = (agent.id, agent.revision, agent.updated_at)
        if self._checked.get(seen) is None:
            await runtime.check(revision)
            self._checked.put(seen, True, self._checked.epoch)

    def _make_way(self, thread_id: str, strategy: MultitaskStrategy) -> None:
        self._check_open()
        active = self._queue.of_thread(thread_id)
        if active and strategy == "reject":
            raise ThreadBusy(id=thread_id)
        if strategy in ("interrupt", "rollback"):
            for one in active:
                self._queue.stop(one, Stop(CANCELLED, rollback=strategy == "rollback"))

    async def _begin(
        self, thread: AgentThread, revision: AgentRevision, user: str, request: RunRequest, machinery: Machinery
    ) -> Run:
        async with self._queue.lock(thread.id):
            self._make_way(thread.id, request.multitask_strategy)
            run = _new_run(thread, revision, request, waits=bool(self._queue.of_thread(thread.id)))
            first = first_event(run.id)
            await self._registry.runs.create(run, _begun(run, revision), first)
            self._log.open(run.id, [first])
            self._queue.add(ActiveRun(run, thread, revision, user, machinery))
        return run

    async def _execute(self, active: ActiveRun) -> None:
        outcome = active.outcome = await self._execution(active)
        thread_id = active.run.thread_id
        async with self._queue.lock(thread_id):
            if self._queue.of_thread(thread_id) == (active,):
                await self._set_state(thread_id, outcome)

    async def _set_state(self, thread_id: str, outcome: Outcome) -> None:
        await self._registry.agent_threads.set_state(
            thread_id,
            status=outcome.thread_status,
            interrupts=outcome.interrupts,
            error=outcome.error,
            at=now_us(),
            values=outcome.values,
        )

    async def _stop_all(self, runs: Sequence[ActiveRun], stop: Stop, timeout_s: float | None = None) -> None:
        """From the last, so that none of those that wait begins."""
        for active in reversed(runs):
            self._queue.stop(active, stop)
        ends = [asyncio.create_task(active.ended.wait()) for active in runs]
        if ends:
            _, late = await asyncio.wait(ends, timeout=timeout_s)
            for end in late:
                end.cancel()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreUnavailable(reason="the server stops")


def _new_run(thread: AgentThread, revision: AgentRevision, request: RunRequest, waits: bool) -> Run:
    now = now_us()
    return Run(
        id=new_id(),
        workspace_id=thread.workspace_id,
        thread_id=thread.id,
        agent_id=revision.agent.id,
        status="pending" if waits else "running",
        metadata=request.metadata,
        kwargs=request.kwargs,
        multitask_strategy=request.multitask_strategy,
        trace_id=new_id(),
        error=None,
        created_at=now,
        updated_at=now,
    )


def _begun(run: Run, revision: AgentRevision) -> ThreadProgress:
    return ThreadProgress(
        "busy",
        run.created_at,
        first_message_preview=preview(run.kwargs["input"]),
        agent_name=revision.agent.name,
    )
