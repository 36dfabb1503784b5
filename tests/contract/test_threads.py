"""What a store promises about threads and the traces that they are made of."""

from decimal import Decimal
from typing import Any

import pytest

from tests.factories import a_patch, a_project, a_selection, a_span, a_target, a_thread_score, a_trace, an_occasion
from weft.errors import NotFound
from weft.filters.compile import Fragment
from weft.model.ids import id_time_ms, new_id
from weft.model.merge import Patch
from weft.model.thread import ThreadRecord, ThreadTotals
from weft.store.contract import Scope, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")

START = 1_700_000_000_000_000_000


async def get(store: Store, project: Scope, thread_id: str = "t", **selection: Any) -> ThreadRecord:
    return await store.get_thread(a_selection(project, **selection), thread_id)


async def found(store: Store, project: Scope, **selection: Any) -> list[str]:
    page = await store.find_threads(a_selection(project, **selection))
    assert page.total == len(page.items)
    return [record.thread.thread_id for record in page.items]


async def test_the_first_trace_makes_the_thread(store: Store, project: Scope) -> None:
    trace = a_trace(project, id=new_id(5_000), thread_id="t", source="sdk", environment="test", stamp=3000)
    await store.put_traces([trace])
    thread = (await get(store, project)).thread
    assert id_time_ms(thread.id) == 5_000
    assert (thread.source, thread.environment, thread.closed, thread.tags) == ("sdk", "test", False, [])
    assert (thread.active_at, thread.created_at, thread.last_updated_at) == (3000, 3000, 3000)
    assert (thread.created_by, thread.last_updated_by) == ("admin", "admin")


@pytest.mark.parametrize("one_by_one", [True, False])
async def test_further_traces_keep_its_id_and_make_it_newer(store: Store, project: Scope, one_by_one: bool) -> None:
    traces = [a_trace(project, thread_id="t", stamp=stamp) for stamp in (1000, 5000, 3000)]
    await store.put_traces(traces[:1])
    before = (await get(store, project)).thread
    for batch in [traces[1:2], traces[2:]] if one_by_one else [traces[1:]]:
        await store.put_traces(batch)
    after = (await get(store, project)).thread
    assert (after.id, after.created_at) == (before.id, 1000)
    assert (after.active_at, after.last_updated_at) == (5000, 5000)


async def test_a_single_create_makes_a_thread_too(store: Store, project: Scope) -> None:
    await store.create_trace(a_trace(project, thread_id="t"))
    assert await found(store, project) == ["t"]


async def test_a_patch_that_names_a_thread_makes_it(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    await store.put_traces([trace])
    await store.patch_trace(a_target(trace), a_patch(thread_id="one"))
    await store.patch_traces(project.workspace_id, [trace.id], a_patch(thread_id="two"))
    assert await found(store, project) == ["two"]


async def test_only_a_patch_that_names_a_thread_opens_it(store: Store, project: Scope) -> None:
    trace = a_trace(project, thread_id="t")
    await store.put_traces([trace])
    await store.close_threads(project, ["t"], an_occasion())
    await store.patch_trace(a_target(trace), a_patch(name="new"))
    assert (await get(store, project)).thread.closed
    await store.patch_trace(a_target(trace), a_patch(thread_id="t"))
    assert not (await get(store, project)).thread.closed


async def test_a_thread_is_active_after_its_last_trace_until_it_is_closed(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id="t", stamp=3000)])
    assert (await get(store, project, active_since=3000)).active
    assert not (await get(store, project, active_since=3001)).active
    await store.close_threads(project, ["t"], an_occasion(4000))
    assert not (await get(store, project)).active
    await store.put_traces([a_trace(project, thread_id="t", stamp=5000)])
    assert (await get(store, project, active_since=5000)).active


async def test_opening_makes_a_thread_active_and_one_that_is_not_there(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id="t")])
    await store.close_threads(project, ["t"], an_occasion(2000))
    await store.open_thread(project, "t", an_occasion(3000))
    assert (await get(store, project, active_since=3000)).active
    await store.open_thread(project, "unseen", an_occasion(4000))
    assert await found(store, project) == ["t"]
    await store.put_traces([a_trace(project, thread_id="unseen", stamp=9000)])
    assert (await get(store, project, "unseen")).thread.created_at == 4000


async def test_nothing_is_closed_if_one_thread_has_no_traces(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id="t"), a_trace(a_project(project.workspace_id), thread_id="b")])
    with pytest.raises(NotFound, match=r"^Thread '\[b, c\]' not found:$"):
        await store.close_threads(project, ["t", "b", "c"], an_occasion())
    assert not (await get(store, project)).thread.closed


async def test_what_the_traces_of_a_thread_add_up_to(store: Store, project: Scope) -> None:
    first = a_trace(project, thread_id="t", start_time=START, end_time=START + 9, input='"hello"', output='"last"')
    second = a_trace(project, thread_id="t", start_time=START + 1, end_time=START + 5, input='"no"', output='"no"')
    running = a_trace(project, thread_id="t", start_time=START + 2, input='"no"', output='"no"')
    costs: dict[str, Any] = {"usage": {"total_tokens": 5}, "total_estimated_cost": Decimal("0.25")}
    spans = [a_span(project, trace_id=trace.id, **costs) for trace in (first, second)]
    await store.put_traces([second, first, running, a_trace(project, thread_id="other")])
    await store.put_spans([*spans, a_span(project, usage={"total_tokens": 1000})])
    assert (await get(store, project)).totals == ThreadTotals(
        trace_count=3,
        start_time=START,
        end_time=START + 9,
        first_message='"hello"',
        last_message='"last"',
        total_estimated_cost=Decimal("0.5"),
        usage={"total_tokens": 10},
    )


async def test_usage_under_an_empty_name_leaves_the_cost_of_a_thread(store: Store, project: Scope) -> None:
    trace = a_trace(project, thread_id="t")
    await store.put_traces([trace])
    await store.put_spans([a_span(project, trace_id=trace.id, usage={"": 3, "a": 1}, total_estimated_cost=Decimal(2))])
    totals = (await get(store, project)).totals
    assert (totals.total_estimated_cost, totals.usage) == (Decimal(2), {"": 3, "a": 1})


async def test_messages_that_are_missing_stay_missing(store: Store, project: Scope) -> None:
    first = a_trace(project, thread_id="t", start_time=START, end_time=START + 9)
    second = a_trace(project, thread_id="t", start_time=START + 1, end_time=START + 5, input='"no"', output='"no"')
    await store.put_traces([first, second])
    totals = (await get(store, project)).totals
    assert (totals.first_message, totals.last_message) == (None, None)


async def test_only_selected_traces_make_up_a_thread(store: Store, project: Scope) -> None:
    traces = [a_trace(project, id=new_id(ms), thread_id="t", environment=f"e{ms}") for ms in (1, 2, 3)]
    await store.put_traces(traces)
    in_e2 = Fragment("q.environment = $f0", {"f0": "e2"})
    assert (await get(store, project, from_id=traces[1].id)).totals.trace_count == 2
    assert (await get(store, project, of_traces=in_e2)).totals.trace_count == 1
    assert await found(store, project, to_id=new_id(0)) == []
    with pytest.raises(NotFound, match="Trace Thread id: t not found"):
        await get(store, project, to_id=new_id(0))


async def test_a_thread_without_traces_is_not_shown_until_it_has_one(store: Store, project: Scope) -> None:
    trace = a_trace(project, thread_id="t")
    await store.put_traces([trace])
    await store.put_thread_scores([a_thread_score(project, "t")])
    await store.delete_traces(project.workspace_id, [trace.id])
    assert await found(store, project) == []
    await store.put_traces([a_trace(project, thread_id="t")])
    assert len((await get(store, project)).scores) == 1


async def test_the_same_thread_id_in_two_projects_is_two_threads(store: Store, project: Scope) -> None:
    other = a_project(project.workspace_id)
    await store.put_traces([a_trace(project, thread_id="t"), a_trace(other, thread_id="t"), a_trace(other)])
    here, there = (await get(store, project)).thread, (await get(store, other)).thread
    assert here.id != there.id
    await store.close_threads(project, ["t"], an_occasion())
    assert not (await get(store, other)).thread.closed


async def test_a_deletion_takes_the_traces_of_threads_in_one_project(store: Store, project: Scope) -> None:
    other = a_project(project.workspace_id)
    traces = [a_trace(where, thread_id=id) for where, id in ((project, "t"), (project, "kept"), (other, "t"))]
    spans = [a_span(Scope(trace.workspace_id, trace.project_id), trace_id=trace.id) for trace in traces]
    await store.put_traces(traces)
    await store.put_spans(spans)
    await store.put_thread_scores([a_thread_score(project, "t"), a_thread_score(project, "kept")])
    await store.delete_threads(project, ["unknown"])
    await store.delete_threads(project, ["t", "unknown"])
    with pytest.raises(NotFound):
        await store.get_trace(project.workspace_id, traces[0].id)
    with pytest.raises(NotFound):
        await store.get_span(project.workspace_id, spans[0].id)
    await store.put_traces([a_trace(project, thread_id="t")])
    assert (await get(store, project)).scores == ()
    assert len((await get(store, project, "kept")).scores) == 1
    assert (await get(store, other)).totals.trace_count == 1


async def test_deleting_a_project_takes_its_threads(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id="t")])
    before = (await get(store, project)).thread.id
    await store.delete_project(project.workspace_id, project.project_id)
    await store.put_traces([a_trace(project, thread_id="t")])
    assert (await get(store, project)).thread.id != before


async def test_tags_of_one_thread(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id="t")])
    id = (await get(store, project)).thread.id
    await store.patch_thread(project.workspace_id, id, a_patch(tags=["a", "b"]))
    await store.patch_thread(project.workspace_id, id, a_patch(at=7000, add=("c",), remove=("a",)))
    thread = (await get(store, project)).thread
    assert (thread.tags, thread.last_updated_at, thread.last_updated_by) == (["b", "c"], 7000, "editor")
    with pytest.raises(NotFound, match=f"^Thread id: {project.project_id} not found$"):
        await store.patch_thread(project.workspace_id, project.project_id, a_patch(tags=[]))
    with pytest.raises(NotFound):
        await store.patch_thread("another workspace", id, Patch(1, "x"))


async def test_scores_make_threads_and_do_not_open_them(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id="t")])
    await store.close_threads(project, ["t"], an_occasion())
    await store.put_thread_scores([a_thread_score(project, "t", value="0.2"), a_thread_score(project, "early")])
    await store.put_thread_scores([a_thread_score(project, "t", value="0.4"), a_thread_score(project, "t", "other")])
    await store.put_traces([a_trace(project, thread_id="early")])
    record = await get(store, project)
    assert record.thread.closed
    assert {score.name: score.value for score in record.scores} == {"quality": Decimal("0.4"), "other": Decimal("0.5")}
    assert len((await get(store, project, "early")).scores) == 1
    assert await store.score_names(project.workspace_id, "thread") == ["other", "quality"]


async def test_a_deletion_of_scores_takes_some_names_of_one_thread(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id=id) for id in ("t", "u")])
    names = ("a", "b", "c")
    await store.put_thread_scores([a_thread_score(project, id, name) for id in ("t", "u") for name in names])
    await store.delete_thread_scores(project, "t", ["a", "b"])
    await store.delete_thread_scores(project, "u", names, author="someone else")
    await store.delete_thread_scores(project, "unknown", names)
    assert [score.name for score in (await get(store, project)).scores] == ["c"]
    assert len((await get(store, project, "u")).scores) == 3


async def test_a_stream_goes_on_below_a_model_id(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, id=new_id(ms), thread_id=f"t{ms}") for ms in (1, 2, 3)])
    streamed = [record async for record in store.stream_threads(a_selection(project))]
    assert [record.thread.thread_id for record in streamed] == ["t3", "t2", "t1"]
    assert streamed[0] == await get(store, project, "t3")
    assert await store.thread_model_id(project, "t2") == streamed[1].thread.id
    assert await store.thread_model_id(project, "t4") is None
    below = a_selection(project, before_id=streamed[1].thread.id)
    assert [record.thread.thread_id async for record in store.stream_threads(below)] == ["t1"]
