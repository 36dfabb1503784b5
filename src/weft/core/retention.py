"""What is recorded in projects goes when it has been kept long enough, a slice at a time, so that nobody waits."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from weft.model.retention import Cutoff, Expired, ExpiredOfProject, Policy, ProjectRetention, cutoff
from weft.store.contract import Scope, Store

FOUND_AT_ONCE = 20_000
TRACES_OF_SLICE = 500
THREADS_OF_SLICE = 500


async def find_expired(store: Store, policy: Policy, now_ms: int) -> list[ExpiredOfProject]:
    """Of every project that is not kept for good."""
    found = []
    for project in policy.projects:
        days = policy.days_of(project)
        if before := cutoff(days, now_ms):
            found.append(ExpiredOfProject(project, days, await store.count_expired(_scope(project), before)))
    return found


async def delete_expired(store: Store, policy: Policy, now_ms: int) -> list[ExpiredOfProject]:
    """What went. May be interrupted at any moment: the next time goes on."""
    found = [one for one in await find_expired(store, policy, now_ms) if one.expired != Expired()]
    for one in found:
        before = cutoff(one.days, now_ms)
        assert before is not None
        await _delete_traces(store, _scope(one.project), before)
        await store.delete_lost(_scope(one.project), before)
        await _delete_threads(store, _scope(one.project), before)
    return found


@asynccontextmanager
async def as_long_again() -> AsyncIterator[None]:
    """Leaves the writer to others for as long as what is within has taken."""
    began = time.monotonic()
    yield
    await asyncio.sleep(time.monotonic() - began)


async def _delete_traces(store: Store, scope: Scope, before: Cutoff) -> None:
    while ids := await store.expired_trace_ids(scope, before, FOUND_AT_ONCE):
        for start in range(0, len(ids), TRACES_OF_SLICE):
            async with as_long_again():
                await store.delete_traces(scope.workspace_id, ids[start : start + TRACES_OF_SLICE], scope.project_id)


async def _delete_threads(store: Store, scope: Scope, before: Cutoff) -> None:
    count = THREADS_OF_SLICE
    while count == THREADS_OF_SLICE:
        async with as_long_again():
            count = await store.delete_empty_threads(scope, before, THREADS_OF_SLICE)


def _scope(project: ProjectRetention) -> Scope:
    return Scope(project.workspace_id, project.project_id)
