"""What a store promises about what has been kept long enough. Times are those inside ids."""

import pytest

from tests.factories import (
    a_comment,
    a_project,
    a_score,
    a_selection,
    a_span,
    a_thread_score,
    a_trace,
    an_attachment,
    attachments_of,
)
from weft.errors import NotFound
from weft.model.ids import new_id
from weft.model.retention import Cutoff, Expired
from weft.model.trace import Trace
from weft.store.contract import Scope, Store
from weft.store.engine import Engine
from weft.store.sql_store import SqlStore

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUTOFF = Cutoff(1_000_000)
OLD_MS, NEW_MS = 999_999, 1_000_000
OLD_US, NEW_US = OLD_MS * 1000, NEW_MS * 1000


async def put_trace(store: Store, project: Scope, at_ms: int, thread_id: str | None = None) -> Trace:
    """With a span that came later, and a score, comment and attachment of each."""
    trace = a_trace(project, id=new_id(at_ms), thread_id=thread_id, stamp=at_ms * 1000, input='"12345"')
    span = a_span(project, id=new_id(at_ms), trace_id=trace.id, output='"1"')
    await store.put_traces([trace])
    await store.put_spans([span])
    await store.put_scores([a_score(trace), a_score(span)])
    await store.add_comment(a_comment(trace))
    await store.put_attachments([an_attachment(trace, place=f"of {trace.id}", file_size=100)])
    return trace


async def expire(store: Store, project: Scope) -> None:
    ids = await store.expired_trace_ids(project, CUTOFF, limit=100)
    await store.delete_traces(project.workspace_id, ids, project.project_id)
    await store.delete_lost(project, CUTOFF)
    await store.delete_empty_threads(project, CUTOFF, limit=100)


async def test_counting_what_is_old(store: Store, project: Scope) -> None:
    await put_trace(store, project, OLD_MS, thread_id="old")
    await put_trace(store, project, NEW_MS, thread_id="new")
    expected = Expired(traces=1, spans=1, threads=1, scores=2, comments=1, attachments=1, bytes=110)
    assert await store.count_expired(project, CUTOFF) == expected


async def test_nothing_is_old_in_an_empty_project(store: Store, project: Scope) -> None:
    assert await store.count_expired(project, CUTOFF) == Expired()
    assert await store.expired_trace_ids(project, CUTOFF, limit=10) == []
    assert await store.delete_empty_threads(project, CUTOFF, limit=10) == 0


async def test_what_is_old_goes_and_the_rest_stays(store: Store, project: Scope) -> None:
    old, new = [await put_trace(store, project, at_ms) for at_ms in (OLD_MS, NEW_MS)]
    await expire(store, project)
    with pytest.raises(NotFound):
        await store.get_trace(project.workspace_id, old.id)
    assert await store.count_expired(project, Cutoff(NEW_MS + 1)) == Expired(
        traces=1, spans=1, scores=2, comments=1, attachments=1, bytes=110
    )
    kept = await store.get_trace(project.workspace_id, new.id)
    assert (len(kept.scores), len(kept.comments)) == (1, 1)


async def test_other_projects_are_left_alone(store: Store, project: Scope) -> None:
    neighbour = a_project(project.workspace_id)
    trace = await put_trace(store, neighbour, OLD_MS)
    await expire(store, project)
    assert (await store.get_trace(project.workspace_id, trace.id)).trace.id == trace.id


async def test_the_bytes_of_attachments_are_free(engine: Engine, project: Scope) -> None:
    freed: list[str] = []

    async def free(places: object) -> None:
        assert isinstance(places, list)
        freed.extend(places)

    store = SqlStore(engine, free=free)
    old = await put_trace(store, project, OLD_MS)
    await expire(store, project)
    assert freed == [f"of {old.id}"]
    assert (await store.find_attachments(attachments_of(old))).total == 0


async def test_spans_and_scores_of_a_trace_that_never_came(store: Store, project: Scope) -> None:
    await store.put_spans([a_span(project, trace_id=new_id(OLD_MS), id=new_id(NEW_MS))])
    await store.put_scores([a_score(a_trace(project, id=new_id(OLD_MS)))])
    await expire(store, project)
    assert (await store.find_spans(a_selection(project))).total == 0
    assert await store.score_names(project.workspace_id, "trace") == []


async def test_what_was_said_of_spans_that_never_came(store: Store, project: Scope) -> None:
    lost, late = [a_span(project, id=new_id(at_ms)) for at_ms in (OLD_MS, NEW_MS)]
    await store.put_scores([a_score(lost), a_score(late)])
    await store.put_attachments([an_attachment(lost), an_attachment(late)])
    await expire(store, project)
    assert await store.count_expired(project, CUTOFF) == Expired()
    kept = Expired(scores=1, attachments=1, bytes=an_attachment(late).file_size)
    assert await store.count_expired(project, Cutoff(NEW_MS + 1)) == kept


async def test_the_oldest_come_first(store: Store, project: Scope) -> None:
    ids = [new_id(OLD_MS - age) for age in (3, 2, 1)]
    await store.put_traces([a_trace(project, id=id) for id in reversed(ids)])
    assert await store.expired_trace_ids(project, CUTOFF, limit=2) == ids[:2]


async def test_a_thread_goes_with_its_last_trace(store: Store, project: Scope) -> None:
    await put_trace(store, project, OLD_MS, thread_id="over")
    await put_trace(store, project, OLD_MS, thread_id="goes on")
    await put_trace(store, project, NEW_MS, thread_id="goes on")
    await store.put_thread_scores([a_thread_score(project, "over"), a_thread_score(project, "goes on")])
    await expire(store, project)
    page = await store.find_threads(a_selection(project))
    assert [(record.thread.thread_id, len(record.scores)) for record in page.items] == [("goes on", 1)]
    assert await store.thread_model_id(project, "over") is None
