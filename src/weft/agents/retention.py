"""Once an hour, what has been kept long enough goes: of projects, and of agents, with the projects of their names."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from msgspec import Struct

from weft.agents.runs import Runs
from weft.core.retention import as_long_again, delete_expired, find_expired
from weft.errors import AgentThreadNotFound
from weft.model.ids import FIRST_ID
from weft.model.instants import now_us
from weft.model.names import name_key
from weft.model.retention import AgentRecord, Cutoff, ExpiredOfProject, cutoff
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
    """`default_days` are those of projects without their own, and of agents whose project there is none of."""

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
        """Raises StoreUnavailable."""
        now_ms = now_us() // 1000
        policy = await self._policy()
        records = self._registry.agent_records
        threads = [found async for found in _old(records.find_threads, policy, now_ms)]
        runs = [found async for found in _old(records.find_runs, policy, now_ms)]
        projects = await find_expired(self._registry, self._store, self.default_days, now_ms)
        return RetentionReport(projects, sum(map(len, threads)), sum(map(len, runs)))

    async def run(self) -> RetentionReport:
        """One after the other, if it is asked for while it goes on. Raises StoreUnavailable."""
        async with self._running:
            now_ms = now_us() // 1000
            policy = await self._policy()
            projects = await delete_expired(self._registry, self._store, self.default_days, now_ms)
            return RetentionReport(
                projects, await self._delete_threads(policy, now_ms), await self._delete_runs(policy, now_ms)
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

    async def _policy(self) -> "_Policy":
        projects = await self._registry.retention.all()
        own = {(one.workspace_id, name_key(one.project_name)): one.days_or(self.default_days) for one in projects}
        return _Policy(own, self.default_days)

    async def _delete_threads(self, policy: "_Policy", now_ms: int) -> int:
        count = 0
        async for threads in _old(self._registry.agent_records.find_threads, policy, now_ms):
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

    async def _delete_runs(self, policy: "_Policy", now_ms: int) -> int:
        count = 0
        async for runs in _old(self._registry.agent_records.find_runs, policy, now_ms):
            async with as_long_again():
                await self._registry.agent_records.delete_runs([run.id for run in runs])
            count += len(runs)
        return count


class _Policy:
    """Days by workspace and key of a project's name."""

    def __init__(self, own: Mapping[tuple[str, str], int], default_days: int) -> None:
        self._own = own
        self._default_days = default_days

    def latest_cutoff(self, now_ms: int) -> Cutoff | None:
        cutoffs = [cutoff(days, now_ms) for days in {*self._own.values(), self._default_days}]
        return max((one for one in cutoffs if one is not None), default=None)

    def is_old(self, record: AgentRecord, now_ms: int) -> bool:
        days = self._own.get((record.workspace_id, name_key(record.agent_name or "")), self._default_days)
        before = cutoff(days, now_ms)
        return before is not None and record.updated_at < before.us


async def _old(find: FindRecords, policy: _Policy, now_ms: int) -> AsyncIterator[Sequence[AgentRecord]]:
    before = policy.latest_cutoff(now_ms)
    if before is None:
        return
    after_id = FIRST_ID
    while found := await find(before.us, after_id, AT_ONCE):
        after_id = found[-1].id
        if old := [record for record in found if policy.is_old(record, now_ms)]:
            yield old


def _log(report: RetentionReport) -> None:
    for one in report.projects:
        LOG.info("retention", extra={"fields": {"project_id": one.project.project_id, "traces": one.expired.traces}})
    if report.agent_threads or report.agent_runs:
        fields = {"agent_threads": report.agent_threads, "agent_runs": report.agent_runs}
        LOG.info("retention of agents", extra={"fields": fields})
