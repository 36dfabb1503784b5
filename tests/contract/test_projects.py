"""What a store promises about whole projects."""

import pytest

from tests.factories import a_patch, a_project, a_score, a_selection, a_span, a_target, a_trace
from weft.store.contract import Scope, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_deleted_project_takes_all_that_is_recorded_in_it(store: Store, project: Scope) -> None:
    other = a_project(project.workspace_id)
    for place in (project, other):
        trace = a_trace(place)
        span = a_span(place, trace_id=trace.id)
        await store.put_traces([trace])
        await store.put_spans([span])
        await store.put_scores([a_score(scored, f"in {place.project_id}") for scored in (trace, span)])
    await store.delete_project(project.workspace_id, project.project_id)
    pages = [await store.find_traces(a_selection(place)) for place in (project, other)]
    span_pages = [await store.find_spans(a_selection(place)) for place in (project, other)]
    assert [page.total for page in pages] == [0, 1]
    assert [page.total for page in span_pages] == [0, 1]
    for entity_type in ("trace", "span"):
        assert await store.score_names(project.workspace_id, entity_type) == [f"in {other.project_id}"]


async def test_a_project_id_of_another_workspace_is_left_alone(store: Store, project: Scope) -> None:
    theirs = Scope(a_project().workspace_id, project.project_id)
    await store.put_traces([a_trace(theirs)])
    await store.delete_project(*project)
    assert (await store.find_traces(a_selection(theirs))).total == 1


async def test_last_trace_times_are_the_newest_write_of_each_project(store: Store, project: Scope) -> None:
    other, empty = a_project(project.workspace_id), a_project(project.workspace_id)
    patched = a_trace(other, stamp=10)
    await store.put_traces([a_trace(project, stamp=30), a_trace(project, stamp=20), patched, a_trace(a_project())])
    await store.patch_trace(a_target(patched), a_patch(at=40))
    await store.put_spans([a_span(empty)])
    times = await store.last_trace_times(project.workspace_id)
    assert times == {project.project_id: 30, other.project_id: 40}


async def test_ping_answers(store: Store) -> None:
    await store.ping()
