"""A read sees what most projects have none of as soon as it is written, also where it has been asked for in vain."""

import pytest

from tests.factories import a_comment, a_guardrail, a_score, a_selection, a_span, a_thread_score, a_trace
from weft.model.restored import Restored
from weft.model.thread import ThreadRecord
from weft.model.trace import Trace, TraceRecord
from weft.store.contract import Scope, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def trace(project: Scope) -> Trace:
    return a_trace(project, thread_id="t")


async def read(store: Store, trace: Trace) -> TraceRecord:
    return await store.get_trace(trace.workspace_id, trace.id)


async def read_thread(store: Store, project: Scope) -> ThreadRecord:
    return await store.get_thread(a_selection(project), "t")


async def test_of_a_trace(store: Store, trace: Trace, project: Scope) -> None:
    span = a_span(project, trace_id=trace.id)
    await store.put_traces([trace])
    await store.put_spans([span])
    before = await read(store, trace)
    assert (before.scores, before.span_scores, before.comments, before.guardrails) == ((), (), (), ())
    await store.put_scores([a_score(trace)])
    assert len((await read(store, trace)).scores) == 1
    await store.put_scores([a_score(span)])
    assert len((await read(store, trace)).span_scores) == 1
    await store.add_comment(a_comment(trace))
    assert len((await read(store, trace)).comments) == 1
    await store.add_guardrails([a_guardrail(trace)])
    assert len((await read(store, trace)).guardrails) == 1


async def test_of_a_thread(store: Store, trace: Trace, project: Scope) -> None:
    await store.put_traces([trace])
    before = await read_thread(store, project)
    assert (before.scores, before.comments) == ((), ())
    await store.put_thread_scores([a_thread_score(project, "t")])
    assert len((await read_thread(store, project)).scores) == 1
    await store.add_comment(a_comment(before.thread))
    assert len((await read_thread(store, project)).comments) == 1


async def test_of_what_is_restored(store: Store, trace: Trace) -> None:
    await store.put_traces([trace])
    await read(store, trace)
    await store.restore(Restored(scores=[a_score(trace)], comments=[a_comment(trace)]))
    after = await read(store, trace)
    assert (len(after.scores), len(after.comments)) == (1, 1)
