"""Searches find what they would find by reading everything, however the rows are spread over blocks."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import SOMEWHERE, a_patch, a_selection, a_span, a_trace
from weft.filters.compile import NEWEST_FIRST, compile_search
from weft.filters.fields import SPANS, TRACES
from weft.model.page import Paging
from weft.model.trace import Trace
from weft.store.duckdb import search_words
from weft.store.duckdb.engine import DuckDBEngine, open_duckdb
from weft.store.sql_store import SqlStore


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_words, "BLOCK_ROWS", 2)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[DuckDBEngine]:
    opened = await open_duckdb(tmp_path / "search.duckdb", memory_limit="1GB", reader_threads=2, query_timeout_s=30)
    yield opened
    await opened.close()


@pytest.fixture
def store(engine: DuckDBEngine) -> SqlStore:
    return SqlStore(engine)


async def put(store: SqlStore, engine: DuckDBEngine, *traces: Trace) -> None:
    """One at a time, until the words of all full blocks are collected."""
    for trace in traces:
        await store.put_traces([trace])
    await words_collected(engine)


async def words_collected(engine: DuckDBEngine) -> None:
    if engine._collecting is not None:
        await engine._collecting


async def found(store: SqlStore, text: str) -> set[str]:
    where = compile_search(text, TRACES)
    everything = Paging(1, 1000)
    page = await store.find_traces(a_selection(SOMEWHERE, where=where, order=NEWEST_FIRST, paging=everything))
    streamed = {r.trace.id async for r in store.stream_traces(a_selection(SOMEWHERE, where=where, paging=everything))}
    assert streamed == {record.trace.id for record in page.items}
    assert page.total == len(page.items)
    return streamed


async def test_blocks_without_the_word_are_passed_over(store: SqlStore, engine: DuckDBEngine) -> None:
    traces = [a_trace(name="many", input=f'{{"word": "number{n}"}}') for n in range(6)]
    await put(store, engine, *traces)
    assert await engine.may_have("traces", "NUMBER3") == "(t.block IN (1) OR t.block >= 3)"
    assert await engine.may_have("traces", "nowhere") == "(t.block >= 3)"
    assert await engine.may_have("traces", "many") == "true"
    assert await found(store, "NUMBER3") == {traces[3].id}


async def test_a_block_is_not_full_before_its_last_row_is_committed(store: SqlStore, engine: DuckDBEngine) -> None:
    await put(store, engine, a_trace(), a_trace(), a_trace())
    full = engine._transaction.blocks.full
    seen = await engine.write(lambda transaction: (engine._transaction.blocks.take(1), engine._transaction.blocks.full))
    assert seen == (full, full)
    assert engine._transaction.blocks.full == full + 1


async def test_numbers_of_blocks_that_have_words_are_not_used_again(tmp_path: Path) -> None:
    traces = [a_trace(name=f"name{n}") for n in range(2)]
    for trace in traces:
        engine = await open_duckdb(tmp_path / "again", memory_limit="1GB", reader_threads=1, query_timeout_s=30)
        store = SqlStore(engine)
        await put(store, engine, trace, a_trace(name="filler"))
        assert await found(store, str(trace.name)) == {trace.id}
        await engine.write(lambda transaction: transaction.execute("DELETE FROM traces", {}))
        await engine.close()


async def test_a_row_that_is_written_again_is_found_in_its_new_block(store: SqlStore, engine: DuckDBEngine) -> None:
    first, *others = [a_trace(name=f"name{n}") for n in range(5)]
    await put(store, engine, first, *others)
    await store.patch_traces(SOMEWHERE.workspace_id, [first.id], a_patch(output='"renamed"'))
    await words_collected(engine)
    assert await found(store, "renamed") == await found(store, "name0") == {first.id}


async def test_a_row_that_moves_on_while_it_is_searched(store: SqlStore, engine: DuckDBEngine) -> None:
    first, *others = [a_trace(name=f"name{n}") for n in range(5)]
    await put(store, engine, first, *others)
    condition = await engine.may_have("traces", "name0")
    await store.patch_traces(SOMEWHERE.workspace_id, [first.id], a_patch(output='"x"'))
    await put(store, engine, *[a_trace() for _ in range(4)])
    assert await engine.read(
        f"SELECT CAST(t.id AS VARCHAR) FROM traces AS t WHERE {condition} AND name = 'name0'", {}
    ) == [(first.id,)]


@pytest.mark.parametrize("part", [slice(None), slice(9, 18), slice(-6, None)])
async def test_a_part_of_an_id(store: SqlStore, engine: DuckDBEngine, part: slice) -> None:
    traces = [a_trace() for _ in range(6)]
    await put(store, engine, *traces)
    assert traces[2].id in await found(store, traces[2].id[part].upper())


async def test_what_an_older_weft_has_written(tmp_path: Path, store: SqlStore, engine: DuckDBEngine) -> None:
    await engine.write(lambda transaction: transaction.execute("DELETE FROM search_words", {}))
    traces = [a_trace(name=f"name{n}") for n in range(4)]
    await put(store, engine, *traces)
    await engine.write(lambda transaction: transaction.execute("DELETE FROM search_words", {}))
    assert await engine.may_have("traces", "name1") == "true"
    assert await found(store, "name1") == {traces[1].id}


async def test_spans_have_blocks_too(store: SqlStore, engine: DuckDBEngine) -> None:
    spans = [a_span(model=f"model-{n}", tags=[f"tag {n}"]) for n in range(6)]
    for span in spans:
        await store.put_spans([span])
    await words_collected(engine)
    for text in ("MODEL-4", "tag 4"):
        selection = a_selection(SOMEWHERE, where=compile_search(text, SPANS))
        assert [record.span.id for record in (await store.find_spans(selection)).items] == [spans[4].id]
        assert await engine.may_have("spans", text) == "(t.block IN (2) OR t.block >= 3)"


TEXTS = st.text(st.sampled_from('abAB_1 -"\\é\u212aİßΣς\n'), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=3, max_size=6), TEXTS.filter(str.strip))
async def test_nothing_that_has_the_text_is_passed_over(
    store: SqlStore, engine: DuckDBEngine, texts: list[str], searched: str
) -> None:
    await put(store, engine, *[a_trace(name="a" + text, output=f'"{text}"') for text in texts])
    where = compile_search(searched, TRACES)
    sql = f"SELECT CAST(t.id AS VARCHAR) FROM traces AS t WHERE {where.sql}"
    assert await found(store, searched) == {id for (id,) in await engine.read(sql, where.params)}
