"""What a store promises about spans. What they share with traces is in `test_traces.py` and `test_merging.py`."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.factories import a_patch, a_project, a_score, a_selection, a_span, a_target, a_trace, as_read
from weft.errors import NotFound, ProjectMismatch, SpanMismatch, TagLimitExceeded
from weft.model.ids import new_id
from weft.model.span import Span
from weft.store.contract import Scope, SpanParent, Store, Target
from weft.store.engine import Engine
from weft.store.sql_store import SqlStore

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def stored(store: Store, span: Span) -> Span:
    return (await store.get_span(span.workspace_id, span.id)).span


async def test_every_field_comes_back_as_it_was_put(store: Store, project: Scope) -> None:
    span = a_span(
        project,
        parent_span_id=new_id(),
        type="llm",
        end_time=1_700_000_000_000_000_001,
        name="ü",
        input='{"a": 1.50}',
        output="[]",
        metadata='"m"',
        model="gpt",
        provider="openai",
        tags=["b", "a"],
        usage={"": -1, "ü'\"": 2**63 - 1},
        error_info='{"exception_type":"E","traceback":""}',
        total_estimated_cost=Decimal("12345678901234567890.000000000001"),
        total_estimated_cost_version="v",
        ttft=1e-300,
        source="sdk",
        environment="production",
    )
    await store.put_spans([span])
    assert await stored(store, span) == as_read(span)


async def test_absent_fields_come_back_absent(store: Store, project: Scope) -> None:
    span = a_span(project)
    await store.put_spans([span])
    record = await store.get_span(project.workspace_id, span.id)
    assert (record.span, record.scores) == (as_read(span), ())


async def test_spans_may_come_before_their_trace(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    await store.put_spans([a_span(project, trace_id=trace.id, total_estimated_cost=Decimal("0.000000000001"))])
    await store.put_traces([trace])
    totals = (await store.get_trace(project.workspace_id, trace.id)).totals
    assert (totals.span_count, totals.total_estimated_cost) == (1, Decimal("0.000000000001"))


async def test_a_span_of_another_workspace_is_not_found(store: Store, project: Scope) -> None:
    span = a_span(project)
    await store.put_spans([span])
    with pytest.raises(NotFound, match=f"^Span id: {span.id} not found$"):
        await store.get_span(a_project().workspace_id, span.id)


async def test_a_second_create_changes_nothing(store: Store, project: Scope) -> None:
    span = a_span(project, name="first")
    await store.create_span(span)
    await store.create_span(replace(span, name="second", create_stamp=9999, last_updated_at=9999))
    assert await stored(store, span) == as_read(span)


async def test_a_create_in_another_project_is_refused(store: Store, project: Scope) -> None:
    span = a_span(project)
    await store.create_span(span)
    with pytest.raises(ProjectMismatch):
        await store.create_span(a_span(a_project(project.workspace_id), id=span.id))


async def test_a_create_after_a_patch_is_merged(store: Store, project: Scope) -> None:
    span = a_span(project, name="created", model="created", usage={"a": 1})
    await store.patch_span(a_target(span), SpanParent(span.trace_id), a_patch(model="patched", usage={"b": 2}))
    await store.create_span(span)
    merged = await stored(store, span)
    assert (merged.name, merged.model, merged.usage) == ("created", "patched", {"b": 2})


async def test_a_patch_makes_what_does_not_exist_where_it_says(store: Store, project: Scope) -> None:
    parent = SpanParent(new_id(), new_id())
    id = new_id()
    target = Target(project.workspace_id, id, default_project_id=project.project_id)
    await store.patch_span(target, parent, a_patch(name="x"))
    made = (await store.get_span(project.workspace_id, id)).span
    assert (made.project_id, made.trace_id, made.parent_span_id) == (project.project_id, *parent_of(parent))
    assert (made.name, made.type, made.start_time) == ("x", "general", 0)


def parent_of(parent: SpanParent) -> tuple[str, str | None]:
    return parent.trace_id, parent.parent_span_id


async def test_a_patch_replaces_usage_whole(store: Store, project: Scope) -> None:
    span = a_span(project, usage={"a": 1, "b": 2})
    await store.put_spans([span])
    await store.patch_span(a_target(span), SpanParent(span.trace_id), a_patch(usage={"a": 3}))
    assert (await stored(store, span)).usage == {"a": 3}


@pytest.mark.parametrize("field", ["trace_id", "parent_span_id"])
async def test_a_patch_that_states_another_place_is_refused(store: Store, project: Scope, field: str) -> None:
    span = a_span(project, parent_span_id=new_id())
    await store.put_spans([span])
    parent = replace(SpanParent(span.trace_id, span.parent_span_id), **{field: new_id()})
    with pytest.raises(SpanMismatch, match=f"^{field} does not match the existing span$"):
        await store.patch_span(a_target(span), parent, a_patch(name="x"))
    assert await stored(store, span) == as_read(span)


async def test_a_patch_may_leave_the_parent_unsaid(store: Store, project: Scope) -> None:
    span = a_span(project, parent_span_id=new_id())
    await store.put_spans([span])
    await store.patch_span(a_target(span), SpanParent(span.trace_id), a_patch(name="x"))
    assert (await stored(store, span)).parent_span_id == span.parent_span_id


async def test_a_later_patch_may_say_the_parent_of_what_is_not_created_yet(store: Store, project: Scope) -> None:
    span = a_span(project)
    for parent in (SpanParent(span.trace_id), SpanParent(span.trace_id, span.id)):
        await store.patch_span(a_target(span), parent, a_patch(name="x"))
    assert (await stored(store, span)).parent_span_id == span.id


async def test_a_patch_for_another_project_is_refused(store: Store, project: Scope) -> None:
    span, other = a_span(project), new_id()
    await store.put_spans([span])
    target = Target(project.workspace_id, span.id, other, project_id=other)
    with pytest.raises(ProjectMismatch):
        await store.patch_span(target, SpanParent(span.trace_id), a_patch(name="x"))


async def test_one_patch_for_many_skips_what_does_not_exist(store: Store, project: Scope) -> None:
    span = a_span(project, tags=["a"])
    await store.put_spans([span])
    await store.patch_spans(project.workspace_id, [new_id(), span.id], a_patch(model="m", add=("b",)))
    patched = await stored(store, span)
    assert (patched.model, patched.tags) == ("m", ["a", "b"])


async def test_one_patch_for_many_is_refused_whole_over_the_tag_limit(store: Store, project: Scope) -> None:
    few, full = a_span(project), a_span(project, tags=[str(number) for number in range(50)])
    await store.put_spans([few, full])
    with pytest.raises(TagLimitExceeded):
        await store.patch_spans(project.workspace_id, [few.id, full.id], a_patch(add=("one more",)))
    assert [await stored(store, span) for span in (few, full)] == [as_read(few), as_read(full)]


async def test_exists_knows_the_source_and_no_source_is_the_sdk(store: Store, project: Scope) -> None:
    assert not await store.span_exists(*project)
    await store.put_spans([a_span(project)])
    assert await store.span_exists(*project)
    assert await store.span_exists(*project, source="sdk")
    assert not await store.span_exists(*project, source="playground")


async def test_found_spans_have_their_scores(store: Store, project: Scope) -> None:
    span, other = a_span(project), a_span(project)
    await store.put_spans([span, other])
    await store.put_scores([a_score(span, "quality")])
    records = {record.span.id: record for record in (await store.find_spans(a_selection(project))).items}
    assert [score.name for score in records[span.id].scores] == ["quality"]
    assert records[other.id].scores == ()


async def test_a_span_is_priced_by_all_that_is_known_of_it(engine: Engine, project: Scope) -> None:
    store = SqlStore(engine, price=lambda span: replace(span, total_estimated_cost=Decimal(sum(span.usage.values()))))
    span = a_span(project, usage={"a": 1})
    parent = SpanParent(span.trace_id)
    await store.patch_span(a_target(span), parent, a_patch(usage={"a": 5}))
    await store.create_span(span)
    assert (await stored(store, span)).total_estimated_cost == 5
    await store.patch_span(a_target(span), parent, a_patch(usage={"a": 7}))
    assert (await stored(store, span)).total_estimated_cost == 7
