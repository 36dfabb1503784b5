"""What a store promises about guardrail results; how a filter sees them is told in `test_filter_language.py`."""

import pytest

from tests.factories import a_guardrail, a_project, a_selection, a_trace
from weft.filters.compile import compile_filters
from weft.filters.fields import TRACES
from weft.filters.syntax import Filter, Operator
from weft.model.guardrail import Guardrail
from weft.model.trace import Trace
from weft.store.contract import Scope, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def trace(project: Scope) -> Trace:
    return a_trace(project)


async def shown(store: Store, trace: Trace) -> tuple[Guardrail, ...]:
    return (await store.get_trace(trace.workspace_id, trace.id)).guardrails


async def test_every_field_comes_back_as_it_was_added(store: Store, trace: Trace) -> None:
    guardrail = a_guardrail(trace, "failed", name="TOPIC", config='{"a":"é"}', details='["🧶"]', created_by="ü")
    await store.put_traces([trace])
    await store.add_guardrails([guardrail])
    assert await shown(store, trace) == (guardrail,)


async def test_results_may_come_before_their_trace(store: Store, trace: Trace) -> None:
    guardrail = a_guardrail(trace)
    await store.add_guardrails([guardrail])
    await store.put_traces([trace])
    assert await shown(store, trace) == (guardrail,)


async def test_the_oldest_comes_first_and_those_of_one_time_by_name(store: Store, trace: Trace) -> None:
    newest, topic, pii = (
        a_guardrail(trace, name=name, created_at=at) for name, at in (("LLM_JUDGE", 3), ("TOPIC", 2), ("PII", 2))
    )
    await store.put_traces([trace])
    await store.add_guardrails([newest, topic, pii])
    assert await shown(store, trace) == (pii, topic, newest)


async def test_none_of_another_project_or_workspace(store: Store, trace: Trace, project: Scope) -> None:
    for elsewhere in (a_project(project.workspace_id), a_project()):
        await store.add_guardrails([a_guardrail(a_trace(elsewhere, id=trace.id))])
    await store.put_traces([trace])
    assert await shown(store, trace) == ()


async def test_pages_and_streams_show_them_unless_excluded(store: Store, trace: Trace, project: Scope) -> None:
    other, guardrail = a_trace(project), a_guardrail(trace)
    await store.put_traces([trace, other])
    await store.add_guardrails([guardrail])
    for exclude, expected in ((), (guardrail,)), (("guardrails_validations",), ()):
        selection = a_selection(project, exclude=frozenset(exclude))
        page = {record.trace.id: record.guardrails for record in (await store.find_traces(selection)).items}
        assert page == {trace.id: expected, other.id: ()}
        assert {record.trace.id: record.guardrails async for record in store.stream_traces(selection)} == page


@pytest.mark.parametrize(("result", "expected"), [("failed", "one failed"), ("passed", "all passed")])
async def test_a_filter_by_the_result(store: Store, project: Scope, result: str, expected: str) -> None:
    results = {"one failed": ["passed", "failed", "passed"], "all passed": ["passed", "passed"], "unchecked": []}
    traces = [a_trace(project, name=name) for name in results]
    await store.put_traces(traces)
    for trace in traces:
        await store.add_guardrails([a_guardrail(trace, result) for result in results[trace.name or ""]])
    where = compile_filters([Filter("guardrails", Operator.EQUAL, "", result)], TRACES)
    page = await store.find_traces(a_selection(project, where=where))
    assert (page.total, [record.trace.name for record in page.items]) == (1, [expected])


async def test_a_trace_takes_its_results_with_it(store: Store, trace: Trace, project: Scope) -> None:
    spared = a_trace(project)
    await store.put_traces([trace, spared])
    await store.add_guardrails([a_guardrail(trace), kept := a_guardrail(spared)])
    await store.delete_traces(trace.workspace_id, [trace.id])
    await store.put_traces([trace])
    assert await shown(store, trace) == ()
    assert await shown(store, spared) == (kept,)


async def test_a_project_takes_its_results_with_it(store: Store, trace: Trace) -> None:
    await store.add_guardrails([a_guardrail(trace)])
    await store.delete_project(trace.workspace_id, trace.project_id)
    await store.put_traces([trace])
    assert await shown(store, trace) == ()
