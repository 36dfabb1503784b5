"""One run from its start to its end: its events, its trace, its record."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from weft.agents.contract import TracedRun
from weft.agents.event_log import EventLog
from weft.agents.job import job_of
from weft.agents.outcome import Outcome, ended, failed, stopped
from weft.agents.run_queue import ActiveRun
from weft.agents.starts import Starts
from weft.registry import Registry

LOG = logging.getLogger("weft.agents")

CHECKPOINTS = 50  # that are looked at together


class Execution:
    def __init__(self, registry: Registry, log: EventLog, starts: Starts) -> None:
        self._registry = registry
        self._log = log
        self._starts = starts

    async def __call__(self, active: ActiveRun) -> Outcome:
        """Returns when its end is on record. Failures of the record itself are logged."""
        outcome = await self._run(active)
        try:
            return await self._record(active, outcome)
        except Exception as error:
            LOG.error("run not recorded", exc_info=error, extra={"fields": {"run_id": active.run.id}})
            return outcome

    async def _run(self, active: ActiveRun) -> Outcome:
        if active.stop is not None:
            return stopped(active.stop.error)
        active.streaming = asyncio.create_task(self._stream(active))
        await asyncio.wait([active.streaming])
        outcome = await _outcome(active, active.streaming)
        if active.tracer is not None:
            await active.tracer.finish(outcome.values, outcome.cause, bool(outcome.interrupts))
        return outcome

    async def _stream(self, active: ActiveRun) -> None:
        run = active.run
        if run.status == "pending":
            await self._registry.runs.set_status(run.id, "running")
        await self._starts.none()
        traced = TracedRun(run, active.revision, active.user, active.thread.is_test_run)
        active.tracer = active.machinery.trace(traced)
        job = job_of(run, active.thread, active.revision, [active.tracer])
        async with aclosing(active.machinery.runtime.stream(job)) as events:
            async for event, data in events:
                await self._log.append(run.id, event, data)

    async def _record(self, active: ActiveRun, outcome: Outcome) -> Outcome:
        run = active.run
        if outcome.error is not None:
            await self._tell(run.id, outcome.error)
        await self._log.flush(run.id)
        if not active.rolled_back:
            await self._registry.runs.set_status(run.id, outcome.status, outcome.error)
            return outcome
        if active.streaming is not None:
            await _undo(active)
        await self._registry.runs.delete(run.id)
        return ended(await active.machinery.runtime.state(active.thread))

    async def _tell(self, run_id: str, error: Mapping[str, Any]) -> None:
        """A run whose events cannot be written has its end on record all the same."""
        try:
            await self._log.append(run_id, "error", error)
        except Exception as failure:
            LOG.error("end of a run not told", exc_info=failure, extra={"fields": {"run_id": run_id}})


async def _outcome(active: ActiveRun, streaming: asyncio.Task[None]) -> Outcome:
    cause = asyncio.CancelledError() if streaming.cancelled() else streaming.exception()
    if cause is not None:
        return failed(cause) if active.stop is None else stopped(active.stop.error, cause)
    try:
        return ended(await active.machinery.runtime.state(active.thread))
    except Exception as error:
        return failed(error)


async def _undo(active: ActiveRun) -> None:
    """The thread is as it was before the run, which is its newest: checkpoints tell whose they are."""
    runtime, thread = active.machinery.runtime, active.thread
    before: str | None = None
    while page := await runtime.history(thread, CHECKPOINTS, before):
        before = page[-1]["checkpoint_id"]
        for state in page:
            if state["metadata"].get("run_id") != active.run.id:
                return await runtime.rewind(thread.id, state["checkpoint_id"])
    await runtime.rewind(thread.id, None)
