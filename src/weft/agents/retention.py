"""Once an hour, what has been kept long enough goes: of projects, and of agents, with the projects of their names."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from msgspec import Struct

from weft.agents.runs import Runs
from weft.core.retention import as_long_again, delete_expired, find_expired
from weft.errors import AgentThreadNotFound
from weft.model.ids import FIRST_ID
from weft.model.instants import now_us
from weft.model.names import name_key
from weft.model.retention import (
    AgentRecord,
    Cutoff,
    ExpiredOfProject,
    Policy,
    RetentionChange,
    cutoff,
    only_changed,
    only_of,
)
from weft.registry import Registry
from weft.store.contract import Store

LOG = logging.getLogger("weft.retention")

EVERY_S = 3600.0
AT_ONCE = 200

FindRecords = Callable[[int, str, int], Awaitable[list[AgentRecord]]]


class RetentionReport(Struct, frozen=True):
    """What goes or has gone. Projects that are kept for good are not among them."""

    projects: Sequence[ExpiredOfProject]
    agent_threads: int
    agent_runs: int


class Retention:
    """`default_days` are those of workspaces without their own. An agent whose project there is none of follows its
    workspace."""

    def __init__(self, registry: Registry, store: Store, runs: Runs, default_days: int) -> None:
        self._registry = registry
        self._store = store
        self._runs = runs
        self.default_days = default_days
        self._running = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._go_on())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def preview(self) -> RetentionReport:
        """What would go now. Raises StoreUnavailable."""
        return await self._preview(await self._policy())

    async def preview_of(self, workspace_id: str, change: RetentionChange | None = None) -> RetentionReport:
        """What would go of a workspace now, or of what a change is about if it were made. Raises StoreUnavailable."""
        policy = await self._policy()
        return await self._preview(
            only_changed(policy, workspace_id, change) if change else only_of(policy, workspace_id)
        )

    async def run(self) -> RetentionReport:
        """One after the other, if it is asked for while it goes on. Raises StoreUnavailable."""
        async with self._running:
            now_ms = now_us() // 1000
            policy = await self._policy()
            days = _AgentDays(policy)
            projects = await delete_expired(self._store, policy, now_ms)
            return RetentionReport(
                projects, await self._delete_threads(days, now_ms), await self._delete_runs(days, now_ms)
            )

    async def _go_on(self) -> None:
        while True:
            try:
                report = await self.run()
            except Exception:
                LOG.exception("retention failed")
            else:
                _log(report)
            await asyncio.sleep(EVERY_S)

    async def _policy(self) -> Policy:
        workspaces = {one.workspace_id: one.days for one in await self._registry.retention.workspaces()}
        return Policy(await self._registry.retention.all(), workspaces, self.default_days)

    async def _preview(self, policy: Policy) -> RetentionReport:
        now_ms = now_us() // 1000
        days, records = _AgentDays(policy), self._registry.agent_records
        threads = [found async for found in _old(records.find_threads, days, now_ms)]
        runs = [found async for found in _old(records.find_runs, days, now_ms)]
        projects = await find_expired(self._store, policy, now_ms)
        return RetentionReport(projects, sum(map(len, threads)), sum(map(len, runs)))

    async def _delete_threads(self, days: "_AgentDays", now_ms: int) -> int:
        count = 0
        async for threads in _old(self._registry.agent_records.find_threads, days, now_ms):
            for thread in threads:
                async with as_long_again():
                    count += await self._delete_thread(thread)
        return count

    async def _delete_thread(self, found: AgentRecord) -> bool:
        """Unless something has happened in it since it was found."""
        try:
            thread = await self._registry.agent_threads.get(found.workspace_id, found.id)
        except AgentThreadNotFound:
            return False
        if thread.state_updated_at != found.updated_at:
            return False
        await self._runs.delete_thread(found.workspace_id, found.id)
        return True

    async def _delete_runs(self, days: "_AgentDays", now_ms: int) -> int:
        count = 0
        async for runs in _old(self._registry.agent_records.find_runs, days, now_ms):
            async with as_long_again():
                await self._registry.agent_records.delete_runs([run.id for run in runs])
            count += len(runs)
        return count


class _AgentDays:
    """Days of agents: those of the projects of their names."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._own = {(one.workspace_id, name_key(one.project_name)): policy.days_of(one) for one in policy.projects}

    def latest_cutoff(self, now_ms: int) -> Cutoff | None:
        days = {*self._own.values(), *self._policy.workspaces.values(), self._policy.default_days}
        return max((one for one in (cutoff(each, now_ms) for each in days) if one is not None), default=None)

    def is_old(self, record: AgentRecord, now_ms: int) -> bool:
        own = self._own.get((record.workspace_id, name_key(record.agent_name or "")))
        before = cutoff(self._policy.days_in(record.workspace_id) if own is None else own, now_ms)
        return before is not None and record.updated_at < before.us


async def _old(find: FindRecords, days: _AgentDays, now_ms: int) -> AsyncIterator[Sequence[AgentRecord]]:
    before = days.latest_cutoff(now_ms)
    if before is None:
        return
    after_id = FIRST_ID
    while found := await find(before.us, after_id, AT_ONCE):
        after_id = found[-1].id
        if old := [record for record in found if days.is_old(record, now_ms)]:
            yield old


def _log(report: RetentionReport) -> None:
    for one in report.projects:
        LOG.info("retention", extra={"fields": {"project_id": one.project.project_id, "traces": one.expired.traces}})
    if report.agent_threads or report.agent_runs:
        fields = {"agent_threads": report.agent_threads, "agent_runs": report.agent_runs}
        LOG.info("retention of agents", extra={"fields": fields})
