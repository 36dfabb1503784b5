"""What a store promises about records that are put back as they were."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.factories import (
    a_comment,
    a_guardrail,
    a_project,
    a_score,
    a_selection,
    a_span,
    a_thread_score,
    a_trace,
    an_attachment,
    as_read,
)
from weft.model.ids import new_id
from weft.model.restored import Restored
from weft.model.thread import Thread, ThreadRecord
from weft.model.trace import Trace
from weft.store.contract import Scope, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")


def a_thread(project: Scope, thread_id: str = "thread", **values: Any) -> Thread:
    defaults: dict[str, Any] = {"id": new_id(), "created_by": "ann", "last_updated_at": 2000, "last_updated_by": "zoe"}
    return Thread(*project, thread_id, **defaults | values)


async def shown_thread(store: Store, project: Scope, thread_id: str = "thread") -> ThreadRecord:
    return await store.get_thread(a_selection(project), thread_id)


async def test_everything_comes_back_with_its_times_and_authors(store: Store, project: Scope) -> None:
    trace = a_trace(project, stamp=5, created_at=3, created_by="ann", last_updated_by="zoe", name="asked")
    span = a_span(project, trace_id=trace.id, stamp=6, created_at=4, created_by="ann", last_updated_by="bob")
    comment = a_comment(trace, created_by="ann", created_at=7)
    check = a_guardrail(trace)
    await store.restore(
        Restored(
            traces=[trace],
            spans=[span],
            scores=[a_score(trace, author="ann"), a_score(span, author="zoe")],
            comments=[comment],
            guardrails=[check],
        )
    )
    record = await store.get_trace(project.workspace_id, trace.id)
    assert (record.trace, record.comments, record.guardrails) == (as_read(trace), (comment,), (check,))
    assert [list(score.by_author) for score in record.scores] == [["ann"]]
    assert (await store.get_span(project.workspace_id, span.id)).span == as_read(span)


async def test_twice_is_as_once(store: Store, project: Scope) -> None:
    trace = a_trace(project, thread_id="thread")
    records = Restored(
        traces=[trace],
        threads=[a_thread(project, closed=True)],
        scores=[a_score(trace)],
        comments=[a_comment(trace)],
        guardrails=[a_guardrail(trace)],
    )
    await store.restore(records)
    once = (await store.get_trace(project.workspace_id, trace.id), await shown_thread(store, project))
    await store.restore(records)
    assert (await store.get_trace(project.workspace_id, trace.id), await shown_thread(store, project)) == once


async def test_what_is_stored_and_newer_stays(store: Store, project: Scope) -> None:
    old, new = a_trace(project, stamp=1, name="old"), a_trace(project, stamp=2, name="new")
    new = replace(new, id=old.id)
    await store.put_traces([new])
    await store.restore(Restored(traces=[old]))
    assert (await store.get_trace(project.workspace_id, old.id)).trace.name == "new"
    await store.restore(Restored(traces=[replace(old, last_updated_at=3)]))
    assert (await store.get_trace(project.workspace_id, old.id)).trace.name == "old"


async def test_a_thread_keeps_its_status_and_tags_when_its_traces_come(store: Store, project: Scope) -> None:
    thread = a_thread(project, closed=True, tags=["a", "b"])
    await store.restore(Restored(threads=[thread]))
    await store.restore(Restored(traces=[a_trace(project, thread_id="thread", stamp=9000)]))
    record = await shown_thread(store, project)
    assert (record.thread, record.active) == (thread, False)


async def test_traces_that_come_without_their_thread_make_it(store: Store, project: Scope) -> None:
    await store.restore(Restored(traces=[a_trace(project, thread_id="thread")]))
    assert (await shown_thread(store, project)).totals.trace_count == 1


async def test_a_stored_thread_keeps_its_id_and_gets_what_was_said_of_it(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id="thread")])
    stored = (await shown_thread(store, project)).thread
    thread = a_thread(project, tags=["a"], last_updated_at=stored.last_updated_at + 1)
    score = replace(a_thread_score(project, "thread").score, entity_id=thread.id)
    await store.restore(Restored(threads=[thread], scores=[score], comments=[a_comment(thread)]))
    record = await shown_thread(store, project)
    assert (record.thread.id, record.thread.tags, len(record.scores), len(record.comments)) == (stored.id, ["a"], 1, 1)


async def test_files_that_a_restored_payload_does_not_refer_to_any_more_go(store: Store, project: Scope) -> None:
    name = "input-attachment-1-1.png"
    trace = a_trace(project, input=f'"[{name}]"')
    await store.put_traces([trace])
    await store.put_attachments([an_attachment(trace, name)])
    await store.restore(Restored(traces=[replace(trace, input='"none"', last_updated_at=9000)]))
    assert await store.attachments_of_project(project, None, 10) == []


async def test_attachments_of_a_project_come_in_order_and_go_on_after_any(store: Store, project: Scope) -> None:
    trace = a_trace(project)
    files = [an_attachment(trace, "b"), an_attachment(trace, "a"), an_attachment(a_span(project), "c")]
    await store.put_attachments([*files, an_attachment(a_trace(a_project(project.workspace_id)), "elsewhere")])
    found = await store.attachments_of_project(project, None, 10)
    assert {file.file_name for file in found} == {"a", "b", "c"}
    keys = [(file.entity_type, file.entity_id, file.file_name) for file in found]
    assert keys == sorted(keys)
    assert await store.attachments_of_project(project, keys[0], 1) == found[1:2]


async def test_a_trace_that_was_checked_is_not_checked_again(store: Store, project: Scope) -> None:
    trace: Trace = a_trace(project)
    await store.put_traces([trace])
    own = a_guardrail(trace, "passed")
    await store.add_guardrails([own])
    await store.restore(Restored(guardrails=[a_guardrail(trace, "failed")]))
    assert (await store.get_trace(project.workspace_id, trace.id)).guardrails == (own,)
