"""What a store promises about feedback scores; how they are folded is told in `unit/model/test_feedback_score.py`."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.factories import a_project, a_score, a_span, a_trace
from weft.errors import NotFound
from weft.model.ids import new_id
from weft.model.trace import Trace
from weft.store.contract import Scope, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUEUE = "018bcfe5-6800-7000-8000-00000000beef"


@pytest.fixture
def trace(project: Scope) -> Trace:
    return a_trace(project)


async def shown(store: Store, trace: Trace) -> dict[str, Decimal]:
    record = await store.get_trace(trace.workspace_id, trace.id)
    return {score.name: score.value for score in record.scores}


async def test_every_field_comes_back_as_it_was_put(store: Store, trace: Trace) -> None:
    score = a_score(
        trace,
        "naïve 🧶 'name'",
        "-999999999.999999999",
        author="ü",
        source_queue_id=QUEUE,
        reason="because",
        category_name="good",
        source="ui",
        last_updated_at=2000,
        last_updated_by="editor",
    )
    await store.put_traces([trace])
    await store.put_scores([score])
    (folded,) = (await store.get_trace(trace.workspace_id, trace.id)).scores
    assert [row.score for row in folded.by_author.values()] == [score]


async def test_scores_may_come_before_what_is_scored(store: Store, trace: Trace) -> None:
    await store.put_scores([a_score(trace, "early", "0.1")])
    await store.put_traces([trace])
    assert await shown(store, trace) == {"early": Decimal("0.1")}


async def test_a_newer_score_replaces_the_older_and_keeps_when_it_was_made(store: Store, trace: Trace) -> None:
    await store.put_traces([trace])
    await store.put_scores([a_score(trace, value="0.1", reason="because", category_name="good")])
    newer = a_score(trace, value="0.2", created_at=5000, created_by="editor", last_updated_at=5000)
    await store.put_scores([newer])
    (folded,) = (await store.get_trace(trace.workspace_id, trace.id)).scores
    assert folded.by_author["admin"].score == replace(newer, created_at=1000, created_by="admin")


async def test_the_last_score_of_a_kind_in_one_put_wins(store: Store, trace: Trace) -> None:
    await store.put_traces([trace])
    await store.put_scores([a_score(trace, value=value) for value in ("0.1", "0.2", "0.3")])
    assert await shown(store, trace) == {"quality": Decimal("0.3")}


async def test_authors_and_queues_keep_scores_of_their_own(store: Store, trace: Trace) -> None:
    await store.put_traces([trace])
    await store.put_scores(
        [
            a_score(trace, value="0.1", author="ann"),
            a_score(trace, value="0.2", author="bob"),
            a_score(trace, value="0.9", author="bob", source_queue_id=QUEUE),
        ]
    )
    (folded,) = (await store.get_trace(trace.workspace_id, trace.id)).scores
    assert folded.value == Decimal("0.4")
    assert folded.by_author.keys() == {"ann", "bob", f"bob_{QUEUE}"}


async def test_a_score_put_into_another_project_does_not_show(store: Store, trace: Trace) -> None:
    await store.put_traces([trace])
    await store.put_scores([replace(a_score(trace), project_id=new_id())])
    assert await shown(store, trace) == {}


async def test_a_trace_shows_the_scores_of_its_spans_apart(store: Store, trace: Trace, project: Scope) -> None:
    spans = [a_span(project, trace_id=trace.id, type="llm") for _ in range(2)]
    await store.put_traces([trace])
    await store.put_spans(spans)
    await store.put_scores([a_score(span, value=value) for span, value in zip(spans, ("0.8", "0.9"), strict=True)])
    record = await store.get_trace(trace.workspace_id, trace.id)
    (folded,) = record.span_scores
    assert record.scores == ()
    assert folded.value == Decimal("0.85")
    assert folded.by_author.keys() == {f"admin_{span.id}" for span in spans}
    assert {row.span_type for row in folded.by_author.values()} == {"llm"}


async def test_one_score_goes_to_the_project_of_what_is_scored(store: Store, trace: Trace, project: Scope) -> None:
    span = a_span(project)
    await store.put_traces([trace])
    await store.put_spans([span])
    for scored in (trace, span):
        await store.score_entity(replace(a_score(scored), project_id=new_id()))
    record = await store.get_span(project.workspace_id, span.id)
    assert await shown(store, trace) == {"quality": Decimal("0.5")}
    assert [score.name for score in record.scores] == ["quality"]


async def test_one_score_for_what_is_nowhere_is_refused(store: Store, trace: Trace, project: Scope) -> None:
    await store.put_traces([a_trace(a_project(), id=trace.id)])
    with pytest.raises(NotFound, match=f"^Trace id: {trace.id} not found$"):
        await store.score_entity(a_score(trace))
    span = a_span(project)
    with pytest.raises(NotFound, match=f"^Span id: {span.id} not found$"):
        await store.score_entity(a_score(span))
    assert await store.score_names(project.workspace_id, "trace") == []


@pytest.mark.parametrize("author", [None, "bob"])
@pytest.mark.parametrize("queue", [None, QUEUE])
async def test_a_deletion_takes_one_name_of_all_authors_and_queues_or_of_one(
    store: Store, trace: Trace, author: str | None, queue: str | None
) -> None:
    kinds = [("quality", "ann", ""), ("quality", "bob", ""), ("quality", "bob", QUEUE), ("other", "bob", QUEUE)]
    await store.put_traces([trace])
    await store.put_scores([a_score(trace, name, author=by, source_queue_id=via) for name, by, via in kinds])
    await store.delete_score(trace.workspace_id, "trace", trace.id, "quality", author, queue)
    deleted = {
        (name, by, via)
        for name, by, via in kinds
        if name == "quality" and author in (None, by) and queue in (None, via)
    }
    record = await store.get_trace(trace.workspace_id, trace.id)
    left = [row.score for folded in record.scores for row in folded.by_author.values()]
    assert {(score.name, score.author, score.source_queue_id) for score in left} == set(kinds) - deleted


async def test_a_deletion_spares_other_kinds_of_entity_and_other_workspaces(store: Store, trace: Trace) -> None:
    theirs = a_trace(a_project(), id=trace.id)
    await store.put_traces([trace, theirs])
    await store.put_scores([a_score(trace), a_score(theirs)])
    await store.delete_score(trace.workspace_id, "span", trace.id, "quality")
    assert await shown(store, trace) == {"quality": Decimal("0.5")}
    await store.delete_score(trace.workspace_id, "trace", trace.id, "quality")
    assert await shown(store, trace) == {}
    assert await shown(store, theirs) == {"quality": Decimal("0.5")}


async def test_a_deleted_score_can_be_given_again(store: Store, trace: Trace) -> None:
    await store.put_traces([trace])
    await store.put_scores([a_score(trace)])
    await store.delete_score(trace.workspace_id, "trace", trace.id, "quality")
    await store.put_scores([a_score(trace, value="0.7", created_at=9000)])
    (folded,) = (await store.get_trace(trace.workspace_id, trace.id)).scores
    assert (folded.value, folded.created_at) == (Decimal("0.7"), 9000)


async def test_names_are_distinct_sorted_and_of_one_project_or_all(store: Store, trace: Trace, project: Scope) -> None:
    elsewhere = a_trace(a_project(project.workspace_id))
    span = a_span(project)
    traces = [(trace, "b"), (trace, "a"), (a_trace(project), "a"), (elsewhere, "c")]
    await store.put_scores([a_score(row, name) for row, name in traces] + [a_score(span, "d")])
    assert await store.score_names(project.workspace_id, "trace") == ["a", "b", "c"]
    assert await store.score_names(project.workspace_id, "trace", project.project_id) == ["a", "b"]
    assert await store.score_names(project.workspace_id, "span", project.project_id) == ["d"]
    assert await store.score_names(a_project().workspace_id, "trace") == []


async def test_names_of_scores_on_spans_of_one_type(store: Store, project: Scope) -> None:
    llm, tool = a_span(project, type="llm"), a_span(project, type="tool")
    stray = replace(a_score(llm, "in no project of its span"), project_id=new_id())
    await store.put_spans([llm, tool])
    await store.put_scores([a_score(llm, "of llm"), a_score(tool, "of tool"), stray])
    assert await store.score_names(project.workspace_id, "span", span_type="llm") == ["of llm"]
    assert await store.score_names(project.workspace_id, "span", project.project_id, span_type="llm") == ["of llm"]
    assert await store.score_names(project.workspace_id, "span", span_type="tool") == ["of tool"]
