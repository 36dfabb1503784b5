"""The newest rows are found, wherever they were looked for first."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import a_project, a_selection, a_trace
from weft.model.ids import first_id_at, id_time_ms, last_id_at, new_id
from weft.model.page import Paging
from weft.model.trace import Trace
from weft.store.contract import Selection
from weft.store.duckdb import extent
from weft.store.duckdb.engine import DuckDBEngine, open_duckdb
from weft.store.sql_store import SqlStore

# Few and far apart, or many at once, so that guesses are too narrow, too wide and right.
TIMES = st.lists(st.one_of(st.integers(0, 20), st.integers(0, 10**9)), max_size=30)


@pytest.fixture
async def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DuckDBEngine]:
    """That guesses for every table."""
    monkeypatch.setattr(extent, "SMALL", 0)
    monkeypatch.setattr(extent, "ROOM", 2)
    monkeypatch.setattr(extent, "FRESH_S", 0)
    engine = await open_duckdb(tmp_path / "weft.duckdb", memory_limit="1GB", reader_threads=2, query_timeout_s=30)
    yield engine
    await engine.close()


async def ids(store: SqlStore, selection: Selection) -> list[str]:
    return [record.trace.id for record in (await store.find_traces(selection)).items]


def newest(traces: Sequence[Trace], from_id: str, to_id: str, paging: Paging) -> list[str]:
    found = sorted((trace.id for trace in traces if from_id <= trace.id <= to_id), reverse=True)
    return found[paging.offset : paging.offset + paging.limit]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=TIMES, window=st.tuples(st.integers(0, 30), st.integers(0, 10**9)), page=st.integers(1, 3))
async def test_pages_are_those_of_all_rows(
    engine: DuckDBEngine, times: list[int], window: tuple[int, int], page: int
) -> None:
    store, project = SqlStore(engine), a_project()
    traces = [a_trace(project, id=new_id(ms)) for ms in times]
    await store.put_traces([*traces, *(a_trace(a_project(), id=new_id(ms)) for ms in times)])
    from_id, to_id = first_id_at(window[0]), last_id_at(window[1])
    paging = Paging(page, 5)
    found = await ids(store, a_selection(project, from_id=from_id, to_id=to_id, paging=paging))
    assert found == newest(traces, from_id, to_id, paging)


async def test_the_newest_of_many_are_looked_for_near_the_end(engine: DuckDBEngine) -> None:
    project = a_project()
    await SqlStore(engine).put_traces([a_trace(project, id=new_id(ms)) for ms in range(0, 100_000, 100)])
    from_id = await engine.likely_from("traces", last_id_at(10**9), 50, None)
    assert from_id is not None
    assert id_time_ms(from_id) == 99_900 - 2 * 50 * 99_900 // 1000


async def test_those_that_are_one_in_ten_are_looked_for_among_more(engine: DuckDBEngine) -> None:
    project = a_project()
    await SqlStore(engine).put_traces([a_trace(project, id=new_id(ms)) for ms in range(0, 100_000, 100)])
    from_id = await engine.likely_from("traces", last_id_at(10**9), 10, 100)
    assert from_id is not None
    assert id_time_ms(from_id) == 99_900 - 2 * 99_900 // 10
    assert await engine.likely_from("traces", last_id_at(10**9), 50, 100) is None


async def test_there_is_no_guess_for_few_rows(engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extent, "SMALL", 20_000)
    await SqlStore(engine).put_traces([a_trace()])
    assert await engine.likely_from("traces", last_id_at(10**9), 50, None) is None
