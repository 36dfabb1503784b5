"""Through the store, too, creates and patches end in one row whatever their order, alone or committed together."""

import asyncio
from collections.abc import Coroutine, Iterable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import a_patch, a_project, a_score, a_selection, a_span, a_target, a_trace, as_read
from tests.reference.merging import histories, outcome, seen
from weft.errors import TraceExists
from weft.model.ids import new_id
from weft.model.merge import Patch
from weft.model.page import Paging
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.contract import Scope, SpanParent, Store, Target
from weft.store.duckdb.transaction import FEW_KEYS

pytestmark = pytest.mark.asyncio(loop_scope="session")

a_few = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def in_order(writes: Iterable[Coroutine[Any, Any, None]], together: bool) -> None:
    """One after the other, or all handed in before the first is answered."""
    if together:
        await asyncio.gather(*writes)
    else:
        for write in writes:
            await write


@a_few
@given(data=st.data(), together=st.booleans())
async def test_any_order_of_arrival_ends_in_the_same_trace(store: Store, data: st.DataObject, together: bool) -> None:
    project, id = a_project(), new_id()
    history = data.draw(histories(partial(a_trace, project, id=id)))
    target = Target(project.workspace_id, id, project.project_id)

    async def write(arrival: Trace | Patch) -> None:
        if isinstance(arrival, Patch):
            await store.patch_trace(target, arrival)
        else:
            await store.put_traces([arrival])

    await in_order(map(write, history.arrivals), together)
    assert seen((await store.get_trace(project.workspace_id, id)).trace) == outcome(history)


@a_few
@given(data=st.data(), together=st.booleans())
async def test_any_order_of_arrival_ends_in_the_same_span(store: Store, data: st.DataObject, together: bool) -> None:
    project, id, parent = a_project(), new_id(), SpanParent(new_id())
    history = data.draw(histories(partial(a_span, project, id=id, trace_id=parent.trace_id)))
    target = Target(project.workspace_id, id, project.project_id)

    async def write(arrival: Span | Patch) -> None:
        if isinstance(arrival, Patch):
            await store.patch_span(target, parent, arrival)
        else:
            await store.put_spans([arrival])

    await in_order(map(write, history.arrivals), together)
    assert seen((await store.get_span(project.workspace_id, id)).span) == outcome(history)


async def test_the_order_in_which_the_stock_sdk_writes(store: Store, project: Scope) -> None:
    """Patches go out at once, creates wait in a queue and bear the older stamp."""
    trace = a_trace(project, name="chat", input='{"q": 1}', tags=["a"], stamp=1000)
    await store.patch_trace(a_target(trace), a_patch(at=5000, output='{"a": 2}', end_time=9, add=("b",)))
    await store.put_traces([trace])
    merged = (await store.get_trace(project.workspace_id, trace.id)).trace
    assert (merged.name, merged.input, merged.output) == ("chat", '{"q": 1}', '{"a": 2}')
    assert (merged.start_time, merged.end_time, merged.tags) == (trace.start_time, 9, ["a", "b"])


async def test_a_create_sent_again_overwrites_the_one_before(store: Store, project: Scope) -> None:
    """What `@track` relies on: it creates at the start and again, complete, at the end."""
    started = a_trace(project, input="{}", metadata="{}", stamp=1000)
    ended = a_trace(project, id=started.id, input="{}", output="{}", end_time=9, stamp=2000)
    await store.put_traces([started])
    await store.put_traces([ended])
    await store.put_traces([started])
    assert (await store.get_trace(project.workspace_id, started.id)).trace == as_read(ended)


@pytest.mark.parametrize("number", [1, FEW_KEYS, FEW_KEYS + 1])
async def test_creates_sent_again_leave_rows_that_differ_in_a_part_of_the_key(
    store: Store, project: Scope, number: int
) -> None:
    here = [a_trace(project, name="first") for _ in range(number)]
    elsewhere = [a_trace(a_project(project.workspace_id), id=trace.id, name="elsewhere") for trace in here]
    await store.put_traces([*here, *elsewhere])
    await store.put_scores([a_score(trace, name) for trace in here for name in ("kept", "changed")])
    await store.put_traces([a_trace(project, stamp=2000, id=trace.id, name="second") for trace in here])
    await store.put_scores([a_score(trace, "changed", "0.25") for trace in here])
    records = (await store.find_traces(a_selection(project, paging=Paging(1, 100)))).items
    assert [record.trace.name for record in records] == ["second"] * number
    scores = [[(score.name, str(score.value.normalize())) for score in record.scores] for record in records]
    assert scores == [[("changed", "0.25"), ("kept", "0.5")]] * number
    for trace in elsewhere:
        found = (await store.find_traces(a_selection(Scope(trace.workspace_id, trace.project_id)))).items
        assert [record.trace.name for record in found] == ["elsewhere"]


async def test_writes_of_one_moment_are_applied_in_the_order_of_the_calls(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    again = a_trace(project, id=trace.id, name="again")
    await asyncio.gather(
        store.create_trace(trace),
        store.patch_trace(a_target(trace), a_patch(output="{}")),
        store.delete_traces(project.workspace_id, [trace.id]),
        store.create_trace(again),
        store.patch_trace(a_target(trace), a_patch(at=2000, ttft=1.0)),
    )
    left = (await store.get_trace(project.workspace_id, trace.id)).trace
    assert (left.name, left.output, left.ttft) == ("again", None, 1.0)


async def test_of_two_creates_of_one_moment_the_second_is_refused(store: Store, project: Scope) -> None:
    trace = a_trace(project, name="first")
    second = a_trace(project, id=trace.id, name="second")
    outcomes = await asyncio.gather(store.create_trace(trace), store.create_trace(second), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), TraceExists]
    assert (await store.get_trace(project.workspace_id, trace.id)).trace == as_read(trace)
