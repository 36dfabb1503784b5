"""For any records and any query, each engine finds what the slow, obvious evaluator finds."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.contract.test_filter_language import Bench, each_noun, records_of
from tests.contract.test_thread_filters import filled, found
from tests.reference.filters import Record, holds
from tests.reference.queries import some_queries
from tests.reference.records import a_trace_record, trace_records
from weft.filters.compile import compile_query, split_query
from weft.filters.fields import SPANS, THREADS, TRACES, Noun
from weft.filters.query import all_of, conjuncts
from weft.filters.syntax import Filter
from weft.filters.text import parse_query
from weft.store.contract import Store
from weft.store.engine import Engine

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUERIES = 40

a_few = settings(
    max_examples=2, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
once = settings(a_few, max_examples=1)


@each_noun
@a_few
@given(st.data())
async def test_every_query_finds_what_the_evaluator_finds(engine: Engine, noun: Noun, data: st.DataObject) -> None:
    traces = data.draw(trace_records())
    records = records_of(noun, traces)
    of_nouns = {of: records_of(of, traces) for of in (noun, SPANS)}
    bench = Bench(engine)
    await bench.put(traces)
    queries = data.draw(some_queries(noun, of_nouns, QUERIES))
    answers = await bench.find(noun, [compile_query(query, noun) for query in queries])
    expected = [{r["id"] for r in records if holds(query, r, noun)} for query in queries]
    wrong = [problem for problem in zip(queries, answers, expected, strict=True) if problem[1] != problem[2]]
    assert not wrong


@once
@given(st.data())
async def test_every_query_finds_the_threads_that_the_evaluator_finds(store: Store, data: st.DataObject) -> None:
    threads = await filled(store, data)
    traces = [trace for of_thread in threads.traces.values() for trace in of_thread]
    of_nouns = {THREADS: threads.records(), TRACES: traces, SPANS: records_of(SPANS, traces)}
    for query in data.draw(some_queries(THREADS, of_nouns, QUERIES)):
        where, of_traces = split_query(query, THREADS)
        selection = threads.found_by(where=where, of_traces=of_traces)
        asked = [part for part in conjuncts(query) if isinstance(part, Filter) and THREADS.fields[part.field].of_traces]
        rest = all_of(*(part for part in conjuncts(query) if part not in asked))
        expected = {r["id"] for r in threads.records(asked) if holds(rest, r, THREADS)}
        assert set(await found(store, selection)) == expected, query


async def test_not_finds_what_has_no_value(engine: Engine) -> None:
    traces = [a_trace_record(0, ttft=5.0), a_trace_record(1, ttft=1.0), a_trace_record(2)]
    assert await numbers(engine, traces, "not ttft > 2") == [1, 2]
    assert await numbers(engine, traces, "not not ttft > 2") == [0]
    assert await numbers(engine, traces, "ttft not in (1, 7)") == [0, 2]
    assert await numbers(engine, traces, "not (ttft > 2 or ttft < 2)") == [2]


async def test_and_binds_closer_than_or(engine: Engine) -> None:
    traces = [a_trace_record(0, name="a"), a_trace_record(1, name="b", ttft=1.0), a_trace_record(2, name="b")]
    assert await numbers(engine, traces, 'name = "a" or name = "b" and ttft = 1') == [0, 1]
    assert await numbers(engine, traces, '(name = "a" or name = "b") and ttft = 1') == [1]


async def numbers(engine: Engine, traces: Sequence[Record], text: str) -> list[int]:
    """Which of the traces a query finds."""
    bench = Bench(engine)
    await bench.put(traces)
    [ids] = await bench.find(TRACES, [compile_query(parse_query(text, TRACES), TRACES)])
    return [number for number, trace in enumerate(traces) if trace["id"] in ids]
