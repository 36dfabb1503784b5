"""What a store promises about comments on traces, spans and threads."""

from dataclasses import dataclass
from typing import Literal

import pytest
import pytest_asyncio
from msgspec.structs import replace

from tests.factories import a_comment, a_patch, a_project, a_selection, a_span, a_trace
from weft.errors import NotFound
from weft.model.comment import Comment
from weft.model.ids import new_id
from weft.model.span import Span
from weft.model.thread import Thread
from weft.model.trace import Trace
from weft.store.contract import Scope, Selection, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Noun:
    """A trace or a span that is stored, and how it is read back."""

    name: Literal["trace", "span"]
    store: Store
    row: Trace | Span

    async def shown(self) -> tuple[Comment, ...]:
        if self.name == "trace":
            return (await self.store.get_trace(self.row.workspace_id, self.row.id)).comments
        return (await self.store.get_span(self.row.workspace_id, self.row.id)).comments

    async def get(self, comment: Comment) -> Comment:
        return await self.store.get_comment(self.row.workspace_id, self.name, self.row.id, comment.id)


@pytest_asyncio.fixture(params=["trace", "span"], loop_scope="session")
async def noun(request: pytest.FixtureRequest, store: Store, project: Scope) -> Noun:
    if request.param == "trace":
        trace = a_trace(project)
        await store.put_traces([trace])
        return Noun("trace", store, trace)
    span = a_span(project)
    await store.put_spans([span])
    return Noun("span", store, span)


async def test_every_field_comes_back_as_it_was_added(store: Store, noun: Noun) -> None:
    comment = a_comment(noun.row, "naïve 🧶\n'text'", source_queue_id=new_id(), created_by="ü", last_updated_by="ö")
    await store.add_comment(comment)
    assert await noun.get(comment) == comment
    assert await noun.shown() == (comment,)


async def test_a_comment_goes_to_the_project_of_what_it_is_on(store: Store, noun: Noun) -> None:
    comment = a_comment(noun.row)
    await store.add_comment(replace(comment, project_id=new_id()))
    assert await noun.shown() == (comment,)


async def test_a_comment_on_what_is_nowhere_is_refused(store: Store, noun: Noun) -> None:
    comment = replace(a_comment(noun.row), entity_id=(id := new_id()))
    with pytest.raises(NotFound, match=f"^{noun.name.capitalize()} id: {id} not found$"):
        await store.add_comment(comment)
    with pytest.raises(NotFound):
        await store.add_comment(replace(a_comment(noun.row), workspace_id="another"))
    assert await noun.shown() == ()


async def test_the_oldest_is_shown_first(store: Store, noun: Noun) -> None:
    comments = [a_comment(noun.row, text, created_at=at) for text, at in (("c", 3), ("a", 1), ("b", 2))]
    for comment in comments:
        await store.add_comment(comment)
    assert [comment.text for comment in await noun.shown()] == ["a", "b", "c"]


async def test_an_update_changes_the_text_and_keeps_when_it_was_made(store: Store, noun: Noun) -> None:
    comment = a_comment(noun.row, source_queue_id=new_id())
    await store.add_comment(comment)
    await store.update_comment(comment.workspace_id, noun.name, comment.id, a_patch(text="new"))
    expected = replace(comment, text="new", last_updated_at=2000, last_updated_by="editor")
    assert await noun.shown() == (expected,)


async def test_a_comment_is_not_found_on_anything_else(store: Store, noun: Noun) -> None:
    comment = a_comment(noun.row)
    other: Literal["trace", "span"] = "span" if noun.name == "trace" else "trace"
    await store.add_comment(comment)
    missing = f"^Comment id: {comment.id} not found$"
    for workspace_id, kind, id in (
        (comment.workspace_id, noun.name, new_id()),
        (comment.workspace_id, other, comment.entity_id),
        ("another", noun.name, comment.entity_id),
    ):
        with pytest.raises(NotFound, match=missing):
            await store.get_comment(workspace_id, kind, id, comment.id)
    for workspace_id, kind in ((comment.workspace_id, other), ("another", noun.name)):
        with pytest.raises(NotFound, match=missing):
            await store.update_comment(workspace_id, kind, comment.id, a_patch(text="new"))
        await store.delete_comments(workspace_id, kind, [comment.id])
    assert await noun.shown() == (comment,)


async def test_a_deletion_takes_those_named_and_skips_what_is_not_there(store: Store, noun: Noun) -> None:
    comments = [a_comment(noun.row, text) for text in ("a", "b", "c")]
    for comment in comments:
        await store.add_comment(comment)
    ids = [comments[0].id, new_id(), comments[2].id]
    await store.delete_comments(noun.row.workspace_id, noun.name, ids)
    assert await noun.shown() == (comments[1],)
    with pytest.raises(NotFound):
        await store.update_comment(noun.row.workspace_id, noun.name, comments[0].id, a_patch(text="new"))


async def test_pages_and_streams_show_comments_unless_excluded(store: Store, project: Scope) -> None:
    trace, other = a_trace(project), a_trace(project)
    span = a_span(project, trace_id=trace.id)
    await store.put_traces([trace, other])
    await store.put_spans([span])
    for row in (trace, span):
        await store.add_comment(a_comment(row, "on it"))
    shown, hidden = a_selection(project), a_selection(project, exclude=frozenset({"comments"}))
    assert await on_traces(store, shown) == {trace.id: ["on it"], other.id: []}
    assert await on_spans(store, shown) == {span.id: ["on it"]}
    assert await on_traces(store, hidden) == {trace.id: [], other.id: []}
    assert await on_spans(store, hidden) == {span.id: []}


async def test_a_comment_on_a_thread_is_by_its_model_id(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, thread_id="conversation")])
    id = await store.thread_model_id(project, "conversation")
    assert id is not None
    comment = a_comment(Thread(*project, "conversation", id))
    await store.add_comment(replace(comment, project_id=new_id()))
    assert await store.get_comment(project.workspace_id, "thread", id, comment.id) == comment
    with pytest.raises(NotFound, match=f"^Thread id: {(unknown := new_id())} not found$"):
        await store.add_comment(replace(comment, entity_id=unknown))


async def test_a_trace_and_its_spans_take_their_comments_with_them(store: Store, project: Scope) -> None:
    trace, spared = a_trace(project), a_trace(project)
    span = a_span(project, trace_id=trace.id)
    await store.put_traces([trace, spared])
    await store.put_spans([span])
    gone, kept = [a_comment(trace), a_comment(span)], a_comment(spared)
    for comment in (*gone, kept):
        await store.add_comment(comment)
    await store.delete_traces(project.workspace_id, [trace.id])
    for comment in gone:
        with pytest.raises(NotFound):
            await store.get_comment(comment.workspace_id, comment.entity_type, comment.entity_id, comment.id)
    assert await store.get_comment(kept.workspace_id, "trace", spared.id, kept.id) == kept


async def test_a_project_takes_its_comments_with_it(store: Store, noun: Noun) -> None:
    comment = a_comment(noun.row)
    await store.add_comment(comment)
    await store.delete_project(a_project().workspace_id, comment.project_id)
    assert await noun.get(comment) == comment
    await store.delete_project(comment.workspace_id, comment.project_id)
    with pytest.raises(NotFound):
        await noun.get(comment)


async def on_traces(store: Store, selection: Selection) -> dict[str, list[str]]:
    """The texts of comments by trace: a page and a stream have the same."""
    page = {record.trace.id: record.comments for record in (await store.find_traces(selection)).items}
    assert {record.trace.id: record.comments async for record in store.stream_traces(selection)} == page
    return {id: [comment.text for comment in comments] for id, comments in page.items()}


async def on_spans(store: Store, selection: Selection) -> dict[str, list[str]]:
    page = {record.span.id: record.comments for record in (await store.find_spans(selection)).items}
    assert {record.span.id: record.comments async for record in store.stream_spans(selection)} == page
    return {id: [comment.text for comment in comments] for id, comments in page.items()}
