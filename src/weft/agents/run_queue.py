"""Which runs go on and which wait: on each thread one after the other, in the order of their start."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from weft.agents.contract import Machinery, Tracer
from weft.agents.outcome import Outcome
from weft.model.agent import AgentRevision
from weft.model.agent_thread import AgentThread
from weft.model.run import Run

LOG = logging.getLogger("weft.agents")


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run ends early. A rollback leaves nothing of it."""

    error: Mapping[str, Any]
    rollback: bool = False


@dataclass(slots=True, eq=False)
class ActiveRun:
    """A run that has not ended. `streaming` is set once it goes on, `outcome` when its end is on record, `ended` when
    it is the turn of what comes after it."""

    run: Run
    thread: AgentThread
    revision: AgentRevision
    user: str
    machinery: Machinery
    stop: Stop | None = None
    streaming: asyncio.Task[None] | None = None
    tracer: Tracer | None = None
    outcome: Outcome | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def rolled_back(self) -> bool:
        return self.stop is not None and self.stop.rollback


Execute = Callable[[ActiveRun], Awaitable[None]]


class RunQueue:
    """`execute` does one run, or ends one that was stopped while it waited. `leave` is called when the run is no longer
    here."""

    def __init__(self, execute: Execute, leave: Callable[[ActiveRun], None]) -> None:
        self._execute = execute
        self._leave = leave
        self._by_thread: dict[str, deque[ActiveRun]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._workers: set[asyncio.Task[None]] = set()

    def lock(self, thread_id: str) -> asyncio.Lock:
        """Held while the status of a thread follows from what is here, or the other way round."""
        return self._locks.setdefault(thread_id, asyncio.Lock())

    def add(self, active: ActiveRun) -> None:
        of_thread = self._by_thread.setdefault(active.run.thread_id, deque())
        of_thread.append(active)
        if len(of_thread) == 1:
            self._start(self._work(active.run.thread_id))

    def of_thread(self, thread_id: str) -> tuple[ActiveRun, ...]:
        """The one that goes on, then those that wait."""
        return tuple(self._by_thread.get(thread_id, ()))

    def find(self, thread_id: str, run_id: str) -> ActiveRun | None:
        return next((active for active in self.of_thread(thread_id) if active.run.id == run_id), None)

    def all(self) -> tuple[ActiveRun, ...]:
        return tuple(active for of_thread in self._by_thread.values() for active in of_thread)

    def stop(self, active: ActiveRun, stop: Stop) -> None:
        """The first reason counts. Wait for `active.ended` to know it on record."""
        if active.stop is not None or active.ended.is_set():
            return
        active.stop = stop
        of_thread = self._by_thread[active.run.thread_id]
        if active is not of_thread[0]:
            of_thread.remove(active)
            self._start(self._end_waiting(active))
        elif active.streaming is not None:
            active.streaming.cancel()

    async def _work(self, thread_id: str) -> None:
        of_thread = self._by_thread[thread_id]
        while of_thread:
            await self._do(of_thread[0])
            self._end(of_thread.popleft())
        del self._by_thread[thread_id]

    async def _end_waiting(self, active: ActiveRun) -> None:
        await self._do(active)
        self._end(active)

    async def _do(self, active: ActiveRun) -> None:
        """Whatever happens to a run, those behind it have their turn."""
        try:
            await self._execute(active)
        except Exception as error:
            LOG.error("run not ended in order", exc_info=error, extra={"fields": {"run_id": active.run.id}})

    def _end(self, active: ActiveRun) -> None:
        self._leave(active)
        active.ended.set()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        worker = asyncio.create_task(work)
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)
