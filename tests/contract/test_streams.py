"""What a store promises about streams, and about reading on while others write."""

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import a_project, a_score, a_selection, a_span, a_trace
from weft.model.ids import new_id
from weft.model.page import Paging
from weft.model.trace import Trace
from weft.store.contract import Scope, Selection, Store
from weft.store.records import CHUNK_ROWS

pytestmark = pytest.mark.asyncio(loop_scope="session")

a_few = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def some_traces(project: Scope, count: int, first_ms: int = 1) -> list[Trace]:
    """Newest last."""
    return [a_trace(project, id=new_id(first_ms + number)) for number in range(count)]


def ids_of(traces: list[Trace]) -> list[str]:
    """Newest first, as they are read."""
    return [trace.id for trace in reversed(traces)]


async def streamed(store: Store, selection: Selection) -> list[str]:
    return [record.trace.id async for record in store.stream_traces(selection)]


async def test_a_stream_has_all_and_the_newest_first(store: Store, project: Scope) -> None:
    traces = some_traces(project, CHUNK_ROWS + 1)
    await store.put_traces(traces)
    assert await streamed(store, a_selection(project, paging=Paging(1, 2000))) == ids_of(traces)


async def test_a_stream_of_nothing_is_empty(store: Store, project: Scope) -> None:
    assert await streamed(store, a_selection(project)) == []


async def test_a_stream_stops_at_its_limit_and_goes_on_below_its_last_id(store: Store, project: Scope) -> None:
    traces = some_traces(project, 5)
    await store.put_traces(traces)
    first = await streamed(store, a_selection(project, paging=Paging(1, 3)))
    rest = await streamed(store, a_selection(project, paging=Paging(1, 3), before_id=first[-1]))
    assert first + rest == ids_of(traces)


async def test_streamed_records_are_whole(store: Store, project: Scope) -> None:
    trace = a_trace(project, input="{}")
    span = a_span(project, trace_id=trace.id)
    await store.put_traces([trace])
    await store.put_spans([span])
    await store.put_scores([a_score(trace), a_score(span)])
    traces = [record async for record in store.stream_traces(a_selection(project))]
    spans = [record async for record in store.stream_spans(a_selection(project))]
    assert traces == [await store.get_trace(project.workspace_id, trace.id)]
    assert spans == [await store.get_span(project.workspace_id, span.id)]


async def test_a_stream_of_large_rows_has_them_all(store: Store, project: Scope) -> None:
    payload = '"' + "x" * 3_000_000 + '"'
    traces = [a_trace(project, id=new_id(ms), input=payload) for ms in range(4)]
    await store.put_traces(traces)
    assert await streamed(store, a_selection(project)) == ids_of(traces)


async def test_a_reader_that_leaves_early_leaves_the_store_usable(store: Store, project: Scope) -> None:
    traces = some_traces(project, 3)
    await store.put_traces(traces)
    async with aclosing(store.stream_traces(a_selection(project))) as stream:
        assert (await anext(stream)).trace.id == traces[-1].id
    await store.delete_traces(project.workspace_id, [traces[0].id])
    assert await streamed(store, a_selection(project)) == ids_of(traces[1:])


async def test_what_is_deleted_meanwhile_is_not_missing_from_a_stream(
    store: Store, project: Scope, request: pytest.FixtureRequest
) -> None:
    if "clickhouse" in request.node.callspec.id:
        reason = "ClickHouse has no snapshot that several queries could share"
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    traces = some_traces(project, 2 * CHUNK_ROWS + 10)
    await store.put_traces(traces)
    stream = store.stream_traces(a_selection(project, paging=Paging(1, 2000)))
    first = await anext(stream)
    await store.delete_project(*project)
    assert [first.trace.id] + [record.trace.id async for record in stream] == ids_of(traces)


async def test_reading_goes_on_while_many_write(store: Store, project: Scope) -> None:
    traces = some_traces(project, 20)
    await store.put_traces(traces)
    newer = some_traces(project, 20, first_ms=10_000)
    window = a_selection(project, to_id=traces[-1].id, paging=Paging(1, 100))
    reads = [streamed(store, window) for _ in range(5)]
    results = await asyncio.gather(*reads, *(store.create_trace(trace) for trace in newer))
    assert results == [ids_of(traces)] * 5 + [None] * 20


@a_few
@given(count=st.integers(0, 8), size=st.integers(1, 5), added=st.integers(0, 3))
async def test_pages_of_a_window_have_each_row_once_while_rows_are_added(
    store: Store, count: int, size: int, added: int
) -> None:
    project = a_project()
    traces = some_traces(project, count)
    await store.put_traces(traces)
    window = traces[-1].id if traces else new_id(1)
    found: list[str] = []
    for number in range(1, count // size + 2):
        selection = a_selection(project, to_id=window, paging=Paging(number, size))
        page, _ = await asyncio.gather(store.find_traces(selection), add_newer(store, project, number, added))
        assert page.total == count
        found += [record.trace.id for record in page.items]
    assert found == ids_of(traces)


@a_few
@given(count=st.integers(1, 8), size=st.integers(1, 5), added=st.integers(0, 3))
async def test_streams_by_cursor_have_each_row_once_while_rows_are_added(
    store: Store, count: int, size: int, added: int
) -> None:
    project = a_project()
    traces = some_traces(project, count)
    await store.put_traces(traces)
    found = await streamed(store, a_selection(project, paging=Paging(1, size)))
    while len(found) % size == 0:
        selection = a_selection(project, paging=Paging(1, size), before_id=found[-1])
        more, _ = await asyncio.gather(streamed(store, selection), add_newer(store, project, len(found), added))
        if not more:
            break
        found += more
    assert found == ids_of(traces)


async def add_newer(store: Store, project: Scope, turn: int, count: int) -> None:
    for trace in some_traces(project, count, first_ms=100_000 * turn):
        await store.create_trace(trace)
