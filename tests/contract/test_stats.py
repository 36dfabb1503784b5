"""What a store promises about stats: over a filter they are what a slow, obvious evaluator computes over the rows."""

from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.test_filtering import a_few, found_by, put_all, some_filters
from tests.factories import a_project, a_score, a_selection, a_span, a_trace
from tests.reference.filters import matches
from tests.reference.records import trace_records
from tests.reference.stats import flat, span_stats, trace_stats
from weft.filters.compile import EVERYTHING, NOTHING, Fragment, compile_filters
from weft.filters.fields import SPANS, TRACES
from weft.model.feedback_score import EntityType
from weft.model.ids import first_id_at, last_id_at, new_id
from weft.model.stats import Buckets, Percentiles, Total
from weft.store.contract import Scope, Store
from weft.store.ever_seen import FEW

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOUR_MS = 3_600_000
NOON_MS = 1_767_268_800_000  # 2026-01-01T12:00:00Z
HOURS = Buckets(NOON_MS, HOUR_MS, 3)
SECOND_NS = 10**9


@a_few
@given(st.data())
async def test_stats_of_traces_are_what_the_evaluator_computes(store: Store, data: st.DataObject) -> None:
    records, project = data.draw(trace_records()), a_project()
    await put_all(store, project, records)
    for filters in [[], *data.draw(some_filters(TRACES, records))]:
        selection = found_by(compile_filters(filters, TRACES), project, TRACES)
        stats = await store.get_stats("trace", selection)
        found = [record for record in records if all(matches(filter, record, TRACES) for filter in filters)]
        assert (stats is None) == (not found), filters
        if stats is not None:
            assert flat(stats) == pytest.approx(trace_stats(found)), filters


@a_few
@given(st.data())
async def test_stats_of_spans_are_what_the_evaluator_computes(store: Store, data: st.DataObject) -> None:
    traces, project = data.draw(trace_records()), a_project()
    records = [span for trace in traces for span in trace["spans"]]
    await put_all(store, project, traces)
    for filters in [[], *data.draw(some_filters(SPANS, records))]:
        selection = found_by(compile_filters(filters, SPANS), project, SPANS)
        stats = await store.get_stats("span", selection)
        found = [record for record in records if all(matches(filter, record, SPANS) for filter in filters)]
        assert (stats is None) == (not found), filters
        if stats is not None:
            assert flat(stats) == pytest.approx(span_stats(found)), filters


@pytest.mark.parametrize("entity_type", get_args(EntityType))
@pytest.mark.parametrize("where", [EVERYTHING, NOTHING])
async def test_nothing_has_no_stats(store: Store, project: Scope, entity_type: EntityType, where: Fragment) -> None:
    if where is NOTHING:
        await store.put_traces([a_trace(project, thread_id="thread")])
        await store.put_spans([a_span(project)])
    assert await store.get_stats(entity_type, a_selection(project, where=where)) is None


async def test_percentiles_lie_between_two_values_in_proportion(store: Store, project: Scope) -> None:
    start = 1_700_000_000 * SECOND_NS
    ends = [start + SECOND_NS, start + 2 * SECOND_NS, None]
    await store.put_traces([a_trace(project, start_time=start, end_time=end) for end in ends])
    stats = await store.get_stats("trace", a_selection(project))
    assert stats is not None
    assert stats.figures.duration == pytest.approx(Percentiles(1500, 1900, 1990))
    assert stats.figures.average_duration == pytest.approx(1500)


async def test_a_span_of_no_trace_that_is_there_does_not_count_for_traces(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project)])
    await store.put_spans([a_span(project, usage={"total_tokens": 5}, total_estimated_cost=Decimal(1))])
    stats = await store.get_stats("trace", a_selection(project))
    assert stats is not None
    assert (stats.figures.spans, stats.figures.cost) == (0, Decimal(0))
    assert stats.usage == {}


async def test_other_projects_do_not_count(store: Store, project: Scope) -> None:
    trace, elsewhere = a_trace(project), a_trace(a_project(project.workspace_id), input='"a"')
    await store.put_traces([trace, elsewhere])
    await store.put_scores([a_score(trace, value="1"), a_score(elsewhere, value="0")])
    stats = await store.get_stats("trace", a_selection(project))
    assert stats is not None
    assert (stats.figures.count, stats.figures.inputs, stats.scores) == (1, 0, {"quality": Total(1, 1)})


async def test_figures_by_the_time_inside_the_id(store: Store, project: Scope) -> None:
    times = [NOON_MS, NOON_MS + HOUR_MS - 1, NOON_MS + 2 * HOUR_MS]
    traces = [a_trace(project, id=new_id(at), start_time=1) for at in times]
    await store.put_traces([*traces, a_trace(project, id=new_id(NOON_MS - 1))])
    await store.put_scores([a_score(trace, value=str(n)) for n, trace in enumerate(traces)])
    spans = [a_span(project, trace_id=trace.id, usage={"tokens": 1 + n}) for n, trace in enumerate(traces)]
    await store.put_spans(spans)
    selection = a_selection(project, from_id=first_id_at(NOON_MS), to_id=last_id_at(NOON_MS + 3 * HOUR_MS))

    figures = await store.get_figures("trace", selection, ["count"], HOURS)
    assert {bucket: of_bucket.count for bucket, of_bucket in figures.items()} == {0: 2, 2: 1}
    assert await store.get_mean_scores("trace", selection, HOURS) == {
        0: {"quality": Total(1, 2)},
        2: {"quality": Total(2, 1)},
    }
    assert await store.get_usage("trace", selection, HOURS) == {0: {"tokens": Total(3, 2)}, 2: {"tokens": Total(3, 1)}}
    assert await store.count_failed_guardrails(selection, HOURS) == {}


@pytest.mark.parametrize("entity_type", get_args(EntityType))
@pytest.mark.parametrize("keys", [FEW, FEW + 1])
async def test_usage_under_however_many_keys(store: Store, project: Scope, entity_type: EntityType, keys: int) -> None:
    traces = [a_trace(project, id=new_id(NOON_MS + n * HOUR_MS), thread_id=f"thread {n}") for n in range(2)]
    await store.put_traces(traces)
    few, all = {"key 0": 2}, {f"key {n}": n for n in range(keys)}
    await store.put_spans([a_span(project, trace_id=trace.id, usage=few) for trace in traces])
    everything = a_selection(project)
    await store.get_stats(entity_type, everything)
    await store.put_spans([a_span(project, trace_id=traces[0].id, usage=all)])
    stats = await store.get_stats(entity_type, everything)
    assert stats is not None
    first = Total(4, 3 if entity_type == "span" else 2)
    assert stats.usage == {"key 0": first} | {f"key {n}": Total(n, 1) for n in range(1, keys)}


async def test_names_of_usage_and_of_scores(store: Store, project: Scope) -> None:
    span, elsewhere = a_span(project, usage={"b": 1, "a": 2}), a_span(a_project(project.workspace_id), usage={"c": 1})
    await store.put_spans([span, elsewhere])
    await store.put_scores([a_score(span, "z"), a_score(a_trace(project), "y"), a_score(elsewhere, "x")])
    assert await store.usage_names(*project) == ["a", "b"]
    assert await store.project_score_names(project.workspace_id, [project.project_id]) == ["y", "z"]
    assert await store.project_score_names(project.workspace_id, []) == ["x", "y", "z"]


async def test_stats_of_threads_are_over_what_their_traces_add_up_to(store: Store, project: Scope) -> None:
    start = 1_700_000_000 * SECOND_NS
    error = '{"exception_type":"ValueError"}'
    long = [
        a_trace(project, thread_id="long", start_time=start, end_time=start + SECOND_NS),
        a_trace(project, thread_id="long", start_time=start + SECOND_NS, end_time=start + 3 * SECOND_NS),
    ]
    short = a_trace(project, thread_id="short", start_time=start, end_time=start + SECOND_NS, error_info=error)
    spent: dict[str, Any] = {"usage": {"tokens": 4}, "total_estimated_cost": Decimal("0.5")}
    await store.put_traces([*long, short, a_trace(project)])
    await store.put_spans([a_span(project, trace_id=trace.id, **spent) for trace in long])

    stats = await store.get_stats("thread", a_selection(project))
    assert stats is not None
    figures = stats.figures
    assert (figures.count, figures.errors, figures.average_duration) == (2, 1, 2000)
    assert figures.duration == pytest.approx(Percentiles(2000, 2800, 2980))
    assert (figures.cost, figures.mean_cost) == (Decimal(1), Decimal(1))
    assert stats.usage == {"tokens": Total(8, 1)}


async def test_only_selected_traces_make_up_a_thread(store: Store, project: Scope) -> None:
    traces = [a_trace(project, id=new_id(at), thread_id="thread") for at in (NOON_MS, NOON_MS + HOUR_MS)]
    await store.put_traces(traces)
    await store.put_spans([a_span(project, trace_id=trace.id, usage={"tokens": 1}) for trace in traces])
    stats = await store.get_stats("thread", a_selection(project, from_id=first_id_at(NOON_MS + 1)))
    assert stats is not None
    assert (stats.figures.count, stats.usage) == (1, {"tokens": Total(1, 1)})
