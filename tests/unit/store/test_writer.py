"""Group commit on a real DuckDB: all are answered, and each for itself."""

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import duckdb
import pytest

from tests.factories import SOMEWHERE, a_patch, a_selection, a_target, a_trace
from weft.errors import NotFound, TraceExists
from weft.model.page import Paging
from weft.model.trace import Trace
from weft.store.contract import Scope, Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore
from weft.store.unit_of_work import UnitOfWork
from weft.store.writer import MAX_GROUP


async def open_store(folder: Path) -> SqlStore:
    path = folder / "weft.duckdb"
    return SqlStore(await open_duckdb(path, memory_limit="1GB", reader_threads=1, query_timeout_s=30))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(tmp_path)
    yield store
    await store.close()


async def names(store: Store) -> set[str | None]:
    page = await store.find_traces(a_selection(SOMEWHERE, paging=Paging(1, 10_000)))
    return {record.trace.name for record in page.items}


async def test_many_writes_at_once_are_all_answered_and_all_there(store: Store) -> None:
    traces = [a_trace(name=str(number)) for number in range(3 * MAX_GROUP + 1)]
    await asyncio.gather(*(store.create_trace(trace) for trace in traces))
    assert await names(store) == {trace.name for trace in traces}


async def test_what_is_answered_can_be_read_at_once(store: Store) -> None:
    async def write_and_read(trace: Trace) -> str:
        await store.create_trace(trace)
        return (await store.get_trace(trace.workspace_id, trace.id)).trace.id

    traces = [a_trace() for _ in range(10)]
    assert await asyncio.gather(*map(write_and_read, traces)) == [trace.id for trace in traces]


async def test_writes_of_one_group_see_those_before_them(store: Store) -> None:
    trace = a_trace()
    patches = [a_patch(at=number, name=str(number), add=(str(number),)) for number in range(2000, 2020)]
    await asyncio.gather(store.create_trace(trace), *(store.patch_trace(a_target(trace), patch) for patch in patches))
    written = (await store.get_trace(trace.workspace_id, trace.id)).trace
    assert (written.name, written.tags) == ("2019", [str(number) for number in range(2000, 2020)])


async def test_the_rows_of_a_write_are_freed_with_it(store: Store) -> None:
    gc.collect()
    gc.disable()
    try:
        await store.create_trace(a_trace())
        assert not [found for found in gc.get_objects() if isinstance(found, UnitOfWork)]
    finally:
        gc.enable()


async def test_a_refused_write_fails_alone(store: Store) -> None:
    first, last = a_trace(name="first"), a_trace(name="last")
    again = a_trace(id=first.id, name="again")
    writes = [store.create_trace(trace) for trace in (first, again, last)]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), TraceExists, type(None)]
    assert await names(store) == {"first", "last"}


async def test_a_write_that_the_engine_cannot_take_fails_alone(store: Store) -> None:
    broken = a_trace(id="no id", name="broken")
    writes = [store.put_traces([trace]) for trace in (a_trace(name="first"), broken, a_trace(name="last"))]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), duckdb.ConversionException, type(None)]
    assert await names(store) == {"first", "last"}


async def test_a_write_that_fails_has_written_nothing(store: Store) -> None:
    with pytest.raises(duckdb.ConstraintException):
        await store.put_traces([a_trace(name="whole"), a_trace(Scope("workspace", "no id"), name="broken")])
    assert await names(store) == set()


async def test_a_waiter_that_is_cancelled_does_not_lose_the_write(store: Store) -> None:
    trace = a_trace()
    waiter = asyncio.create_task(store.create_trace(trace))
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    await store.create_trace(a_trace())
    assert (await store.get_trace(trace.workspace_id, trace.id)).trace.id == trace.id


async def test_a_refusal_that_nobody_waits_for_harms_no_one(store: Store) -> None:
    trace = a_trace()
    await store.create_trace(trace)
    waiter = asyncio.create_task(store.create_trace(trace))
    await asyncio.sleep(0)
    waiter.cancel()
    await store.patch_trace(a_target(trace), a_patch(name="x"))
    assert await names(store) == {"x"}


async def test_closing_waits_for_what_was_handed_in(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    traces = [a_trace(name=str(number)) for number in range(MAX_GROUP + 1)]
    writes = asyncio.gather(*(store.create_trace(trace) for trace in traces))
    await asyncio.sleep(0)
    await store.close()
    await writes
    reopened = await open_store(tmp_path)
    assert await names(reopened) == {trace.name for trace in traces}
    await reopened.close()


async def test_a_deletion_takes_what_was_written_just_before_and_spares_what_comes_after(store: Store) -> None:
    trace = a_trace(name="before")
    await asyncio.gather(
        store.create_trace(trace),
        store.delete_traces(trace.workspace_id, [trace.id]),
        store.create_trace(a_trace(name="after")),
    )
    with pytest.raises(NotFound):
        await store.get_trace(trace.workspace_id, trace.id)
    assert await names(store) == {"after"}
