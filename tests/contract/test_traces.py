"""What a store promises about traces."""

from decimal import Decimal
from typing import Any

import pytest

from tests.factories import a_patch, a_project, a_score, a_selection, a_span, a_target, a_trace, as_read
from weft.errors import NotFound, ProjectMismatch, TagLimitExceeded, TraceExists
from weft.filters.compile import NEWEST_FIRST, Fragment
from weft.model.ids import new_id
from weft.model.span import Span
from weft.model.trace import SpanTotals, Trace
from weft.store import span_totals
from weft.store.contract import Scope, Store, Target

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVERYTHING: dict[str, Any] = {
    "start_time": 1_700_000_000_123_456_789,
    "end_time": -1,
    "name": "naïve 🧶 'quoted' \\ $name {slot}",
    "thread_id": "thread",
    "input": '{"a": [1.50, "\\ud83e", 18446744073709551616], "b": null}',
    "output": '"line\\nbreak"',
    "metadata": "{}",
    "tags": ["b", "a", "", "ü, '"],
    "error_info": '{"exception_type":"E","traceback":"t"}',
    "ttft": 0.1,
    "source": "sdk",
    "environment": "production",
    "created_by": "ä",
}


async def test_every_field_comes_back_as_it_was_put(store: Store, project: Scope) -> None:
    trace = a_trace(project, **EVERYTHING)
    await store.put_traces([trace])
    assert (await store.get_trace(project.workspace_id, trace.id)).trace == as_read(trace)


async def test_absent_fields_come_back_absent(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    await store.put_traces([trace])
    record = await store.get_trace(project.workspace_id, trace.id)
    assert record.trace == as_read(trace)
    assert (record.totals, record.scores, record.span_scores) == (SpanTotals(), (), ())


async def test_a_trace_of_another_workspace_is_not_found(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    await store.put_traces([trace])
    with pytest.raises(NotFound, match=f"^Trace id: {trace.id} not found$"):
        await store.get_trace(a_project().workspace_id, trace.id)


async def test_one_put_may_mix_projects_and_repeat_an_id(store: Store, project: Scope) -> None:
    here, there = a_trace(project, name="first"), a_trace(a_project(project.workspace_id), name="there")
    await store.put_traces([here, there, a_trace(project, id=here.id, name="second")])
    names = [(await store.get_trace(project.workspace_id, id)).trace.name for id in (here.id, there.id)]
    assert names == ["second", "there"]


async def test_an_id_in_two_projects_is_two_traces(store: Store, project: Scope) -> None:
    other = a_project(project.workspace_id)
    here = a_trace(project, name="here")
    await store.put_traces([here])
    await store.put_traces([a_trace(other, id=here.id, name="there")])
    pages = [await store.find_traces(a_selection(place)) for place in (project, other)]
    assert [record.trace.name for page in pages for record in page.items] == ["here", "there"]


@pytest.mark.parametrize("few", [2, 3])
async def test_totals_are_those_of_the_spans_of_the_trace_in_its_project(
    store: Store, project: Scope, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(span_totals, "FEW_SPANS", few)
    trace = a_trace(project)
    spans = [
        a_span(project, trace_id=trace.id, type="llm", usage={"a": 1, "b": 2}, provider="openai"),
        a_span(project, trace_id=trace.id, type="tool", usage={"a": 10}, provider="anthropic"),
        a_span(project, trace_id=trace.id, provider=""),
        a_span(a_project(project.workspace_id), trace_id=trace.id, type="llm"),
    ]
    await store.put_traces([trace])
    await store.put_spans(spans)
    totals = (await store.get_trace(project.workspace_id, trace.id)).totals
    assert totals == SpanTotals(
        span_count=3,
        llm_span_count=1,
        has_tool_spans=True,
        providers=("anthropic", "openai"),
        usage={"a": 11, "b": 2},
    )


async def test_a_page_has_nothing_of_what_lies_between_its_traces(store: Store, project: Scope) -> None:
    ids = sorted((new_id() for _ in range(5)), reverse=True)
    traces = [a_trace(project, id=id) for id in ids[::2]]
    elsewhere = [a_trace(a_project(project.workspace_id), id=id) for id in ids]
    await store.put_traces([*traces, *elsewhere])
    await store.put_spans([a_span(project, trace_id=id, type="tool") for id in ids])
    for order in (NEWEST_FIRST, Fragment("t.name, t.id DESC")):
        page = await store.find_traces(a_selection(project, order=order))
        assert [record.trace.id for record in page.items] == ids[::2]
        assert [record.totals.span_count for record in page.items] == [1, 1, 1]


async def test_usage_under_an_empty_name_counts_no_span_twice(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    await store.put_traces([trace])
    await store.put_spans([a_span(project, trace_id=trace.id, usage={"": 3, "a": 1}, total_estimated_cost=Decimal(2))])
    totals = (await store.get_trace(project.workspace_id, trace.id)).totals
    assert totals == SpanTotals(span_count=1, total_estimated_cost=Decimal(2), usage={"": 3, "a": 1})


async def test_usage_may_add_up_to_more_than_64_bits(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    await store.put_traces([trace])
    await store.put_spans([a_span(project, trace_id=trace.id, usage={"a": 2**63 - 1}) for _ in range(2)])
    assert (await store.get_trace(project.workspace_id, trace.id)).totals.usage == {"a": 2**64 - 2}


async def test_a_second_create_is_refused_and_changes_nothing(store: Store, project: Scope) -> None:
    trace = a_trace(project, name="first")
    await store.create_trace(trace)
    with pytest.raises(TraceExists):
        await store.create_trace(a_trace(project, id=trace.id, name="second", stamp=9999))
    assert (await store.get_trace(project.workspace_id, trace.id)).trace == as_read(trace)


async def test_a_create_in_another_project_is_refused_and_changes_nothing(store: Store, project: Scope) -> None:
    other = a_project(project.workspace_id)
    trace = a_trace(project)
    await store.create_trace(trace)
    with pytest.raises(ProjectMismatch):
        await store.create_trace(a_trace(other, id=trace.id))
    assert (await store.find_traces(a_selection(other))).total == 0


async def test_workspaces_do_not_see_each_others_ids(store: Store, project: Scope) -> None:
    other = a_project()
    trace = a_trace(project)
    await store.create_trace(trace)
    await store.create_trace(a_trace(other, id=trace.id, name="theirs"))
    assert (await store.get_trace(project.workspace_id, trace.id)).trace == as_read(trace)


async def test_a_create_after_a_patch_is_merged(store: Store, project: Scope) -> None:
    trace = a_trace(project, name="created", input='"in"')
    await store.patch_trace(a_target(trace), a_patch(name="patched"))
    await store.create_trace(trace)
    merged = (await store.get_trace(project.workspace_id, trace.id)).trace
    assert (merged.name, merged.input, merged.start_time) == ("patched", '"in"', trace.start_time)


async def test_a_patch_changes_only_what_it_names(store: Store, project: Scope) -> None:
    trace = a_trace(project, name="created", input='"in"', tags=["a"])
    await store.create_trace(trace)
    await store.patch_trace(a_target(trace), a_patch(at=2000, output="{}", tags=[]))
    patched = (await store.get_trace(project.workspace_id, trace.id)).trace
    assert (patched.name, patched.input, patched.output, patched.tags) == ("created", '"in"', "{}", [])
    assert (patched.created_at, patched.last_updated_at, patched.last_updated_by) == (1000, 2000, "editor")


@pytest.mark.parametrize("named", [True, False], ids=["in the project it names", "in the default project"])
async def test_a_patch_makes_what_does_not_exist(store: Store, project: Scope, named: bool) -> None:
    workspace_id, default = project.workspace_id, new_id()
    id = new_id()
    await store.patch_trace(Target(workspace_id, id, default, project.project_id if named else None), a_patch(name="x"))
    made = (await store.get_trace(workspace_id, id)).trace
    assert made.project_id == (project.project_id if named else default)
    assert (made.name, made.start_time, made.created_at, made.created_by) == ("x", 0, 2000, "editor")


async def test_a_patch_without_a_project_finds_the_trace_wherever_it_is(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    await store.create_trace(trace)
    await store.patch_trace(Target(project.workspace_id, trace.id, default_project_id=new_id()), a_patch(name="x"))
    page = await store.find_traces(a_selection(project))
    assert [record.trace.name for record in page.items] == ["x"]


async def test_a_patch_for_another_project_is_refused_and_changes_nothing(store: Store, project: Scope) -> None:
    other = a_project(project.workspace_id)
    trace = a_trace(project, name="created")
    await store.create_trace(trace)
    target = Target(project.workspace_id, trace.id, other.project_id, project_id=other.project_id)
    with pytest.raises(ProjectMismatch):
        await store.patch_trace(target, a_patch(name="x"))
    assert (await store.get_trace(project.workspace_id, trace.id)).trace == as_read(trace)
    assert (await store.find_traces(a_selection(other))).total == 0


async def test_one_patch_for_many_skips_what_is_not_in_the_workspace(store: Store, project: Scope) -> None:
    one, two = a_trace(project, tags=["a"]), a_trace(a_project(project.workspace_id))
    theirs = a_trace(a_project())
    await store.put_traces([one, two, theirs])
    ids = [one.id, two.id, one.id, theirs.id, missing := new_id()]
    await store.patch_traces(project.workspace_id, ids, a_patch(add=("b",), remove=("a",)))
    tags = [(await store.get_trace(t.workspace_id, t.id)).trace.tags for t in (one, two, theirs)]
    assert tags == [["b"], ["b"], []]
    with pytest.raises(NotFound):
        await store.get_trace(project.workspace_id, missing)


async def test_one_patch_for_many_is_refused_whole_over_the_tag_limit(store: Store, project: Scope) -> None:
    few, full = a_trace(project), a_trace(project, tags=[f"tag {number}" for number in range(50)])
    await store.put_traces([few, full])
    with pytest.raises(TagLimitExceeded):
        await store.patch_traces(project.workspace_id, [few.id, full.id], a_patch(name="x", add=("one more",)))
    traces = [(await store.get_trace(project.workspace_id, trace.id)).trace for trace in (few, full)]
    assert traces == [as_read(few), as_read(full)]


async def test_deleted_traces_take_their_spans_and_all_scores_along(store: Store, project: Scope) -> None:
    trace, kept = a_trace(project), a_trace(project)
    span, kept_span = a_span(project, trace_id=trace.id), a_span(project, trace_id=kept.id)
    everything: list[Trace | Span] = [trace, kept, span, kept_span]
    await store.put_traces([trace, kept])
    await store.put_spans([span, kept_span])
    await store.put_scores([a_score(scored, name=f"of {scored.id}") for scored in everything])
    await store.delete_traces(project.workspace_id, [trace.id, new_id()])
    assert [r.trace.id for r in (await store.find_traces(a_selection(project))).items] == [kept.id]
    assert [r.span.id for r in (await store.find_spans(a_selection(project))).items] == [kept_span.id]
    assert await store.score_names(project.workspace_id, "trace") == [f"of {kept.id}"]
    assert await store.score_names(project.workspace_id, "span") == [f"of {kept_span.id}"]


async def test_a_deletion_in_one_project_leaves_the_same_id_elsewhere(store: Store, project: Scope) -> None:
    other, theirs = a_project(project.workspace_id), a_project()
    id = new_id()
    for place in (project, other, theirs):
        await store.put_traces([a_trace(place, id=id)])
        await store.put_spans([span := a_span(place, trace_id=id)])
        await store.put_scores([a_score(span)])
    await store.delete_traces(project.workspace_id, [id], project.project_id)
    counts = [(await store.find_traces(a_selection(place))).total for place in (project, other, theirs)]
    scored = [(await store.find_spans(a_selection(place))).items[0].scores for place in (other, theirs)]
    assert counts == [0, 1, 1]
    assert all(scored)


async def test_a_deleted_trace_leaves_nothing_to_merge_with(store: Store, project: Scope) -> None:
    trace = a_trace(project, name="first", stamp=5000)
    await store.create_trace(trace)
    await store.patch_trace(a_target(trace), a_patch(output="{}"))
    await store.delete_traces(project.workspace_id, [trace.id])
    again = a_trace(project, id=trace.id, name="again", stamp=1000)
    await store.create_trace(again)
    assert (await store.get_trace(project.workspace_id, trace.id)).trace == as_read(again)


async def test_exists_knows_the_source_and_no_source_is_the_sdk(store: Store, project: Scope) -> None:
    workspace_id, project_id = project
    assert not await store.trace_exists(workspace_id, project_id)
    await store.put_traces([a_trace(project)])
    assert await store.trace_exists(workspace_id, project_id)
    assert await store.trace_exists(workspace_id, project_id, source="sdk")
    assert not await store.trace_exists(workspace_id, project_id, source="playground")
    assert not await store.trace_exists(workspace_id, new_id())


async def test_exists_with_threads_only(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project)])
    assert not await store.trace_exists(*project, thread_only=True)
    await store.put_traces([a_trace(project, thread_id="thread")])
    assert await store.trace_exists(*project, thread_only=True)
