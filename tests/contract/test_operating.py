"""What a store tells of itself, and copies of it."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.contract.endless_writer import open_store
from tests.factories import SOMEWHERE, a_project, a_selection, a_span, a_trace
from weft.errors import StoreUnavailable
from weft.model.page import Paging
from weft.model.table_stats import TableStats
from weft.store.contract import Store
from weft.store.engine import Engine

HOUR_US = 3600 * 1_000_000


@pytest.mark.asyncio(loop_scope="session")
async def test_rows_by_when_they_came(store: Store) -> None:
    before = {one.table: one for one in await store.table_stats(100 * HOUR_US)}["spans"]
    project = a_project()
    stamps = [99.5, 80, 50]
    await store.put_spans([a_span(project, stamp=int(stamp * HOUR_US), input='"12345678"') for stamp in stamps])
    after = {one.table: one for one in await store.table_stats(100 * HOUR_US)}["spans"]
    assert after == TableStats("spans", before.rows + 3, before.bytes + 30, before.last_hour + 1, before.last_day + 2)


@pytest.mark.asyncio(loop_scope="session")
async def test_an_engine_with_means_of_its_own_says_so(engine: Engine, tmp_path: Path) -> None:
    if type(engine).__name__ == "ClickHouseEngine":
        with pytest.raises(StoreUnavailable, match="BACKUP"):
            await engine.copy_to(tmp_path / "copy")


async def test_a_copy_made_while_writing_is_whole_up_to_some_write(tmp_path: Path) -> None:
    store = await open_store(tmp_path / 'o\'ne "weft".duckdb')
    written: list[str] = []
    copied = asyncio.Event()

    async def write() -> None:
        while not copied.is_set() or not written:
            trace = a_trace(name=f"{len(written)}")
            await store.put_traces([trace])
            await store.put_spans([a_span(SOMEWHERE, trace_id=trace.id, name=trace.name) for _ in range(3)])
            written.append(trace.id)

    writing = asyncio.create_task(write())
    await store.put_traces([a_trace(name="first")])
    await store.copy_to(tmp_path / "copy.duckdb")
    copied.set()
    await writing
    await store.close()
    copy = await open_store(tmp_path / "copy.duckdb")
    page = await copy.find_traces(a_selection(SOMEWHERE, paging=Paging(1, 10_000)))
    found = {record.trace.id for record in page.items} & set(written)
    assert found == set(written[: len(found)])
    assert (await copy.find_spans(a_selection(SOMEWHERE))).total // 3 in (len(found), len(found) - 1)
    await copy.close()
    assert set(os.listdir(tmp_path)) == {'o\'ne "weft".duckdb', "copy.duckdb"}


async def test_nothing_else_can_be_written_by_sql(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "weft.duckdb")
    with pytest.raises(Exception, match="file system operations are disabled"):
        await store._engine.read(f"ATTACH '{tmp_path}/other.duckdb' AS other", {})
    await store.close()
