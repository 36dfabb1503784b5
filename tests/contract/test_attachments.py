"""What a store promises about attachments: their rows, and that it says which bytes no row refers to any more."""

from collections.abc import Sequence

import pytest

from tests.factories import a_patch, a_project, a_span, a_target, a_trace, an_attachment, attachments_of
from weft.model.page import Paging
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.contract import Scope, SpanParent, Store
from weft.store.engine import Engine
from weft.store.sql_store import SqlStore

pytestmark = pytest.mark.asyncio(loop_scope="session")

OLD, NEW = "input-attachment-1-1700.png", "input-attachment-1-1800.png"
BY_SDK = "input-attachment-1-1700-sdk.png"


@pytest.fixture
def freed() -> list[str]:
    """The places that the store has said are free."""
    return []


@pytest.fixture
def store(engine: Engine, freed: list[str]) -> Store:
    async def note(places: Sequence[str]) -> None:
        freed.extend(places)

    return SqlStore(engine, free=note)


@pytest.fixture
def trace(project: Scope) -> Trace:
    return a_trace(project)


async def names(store: Store, row: Trace | Span) -> list[str]:
    return [attachment.file_name for attachment in (await store.find_attachments(attachments_of(row))).items]


async def test_every_field_comes_back_as_it_was_put(store: Store, trace: Trace) -> None:
    attachment = an_attachment(trace, "naïve 🧶 'name'.png", mime_type="image/svg+xml", file_size=2**40, place="ab/cd")
    await store.put_attachments([attachment])
    assert (await store.find_attachments(attachments_of(trace))).items == [attachment]
    assert await store.get_attachments(attachments_of(trace), [attachment.file_name, "other"]) == [attachment]


async def test_pages_are_by_name(store: Store, trace: Trace) -> None:
    await store.put_attachments([an_attachment(trace, name) for name in ("c", "a", "b")])
    page = await store.find_attachments(attachments_of(trace, paging=Paging(2, 2)))
    assert (page.page, page.total, [attachment.file_name for attachment in page.items]) == (2, 3, ["c"])


async def test_attachments_are_of_one_entity_in_one_project(store: Store, project: Scope, trace: Trace) -> None:
    span = a_span(project, id=trace.id)
    elsewhere = a_trace(a_project(project.workspace_id), id=trace.id)
    await store.put_attachments([an_attachment(trace, "trace"), an_attachment(span, "span")])
    assert await names(store, trace) == ["trace"]
    assert await names(store, span) == ["span"]
    assert await names(store, elsewhere) == []


async def test_the_same_name_replaces_and_frees_the_old_bytes(store: Store, trace: Trace, freed: list[str]) -> None:
    await store.put_attachments([an_attachment(trace, place="old")])
    newer = an_attachment(trace, place="new")
    await store.put_attachments([newer])
    assert (await store.find_attachments(attachments_of(trace))).items == [newer]
    assert freed == ["old"]


async def test_putting_the_same_bytes_again_keeps_them(store: Store, trace: Trace, freed: list[str]) -> None:
    attachment = an_attachment(trace)
    await store.put_attachments([attachment])
    await store.put_attachments([attachment])
    assert freed == []


async def test_places_are_known_in_every_project(store: Store, trace: Trace, project: Scope) -> None:
    elsewhere = a_trace(a_project())
    mine, theirs = f"place of {trace.id}", f"place of {elsewhere.id}"
    await store.put_attachments([an_attachment(trace, place=mine), an_attachment(elsewhere, place=theirs)])
    assert sorted(await store.known_places([mine, "none", theirs])) == sorted([mine, theirs])


async def test_deleting_by_name(store: Store, trace: Trace, freed: list[str]) -> None:
    await store.put_attachments([an_attachment(trace, "a"), an_attachment(trace, "b")])
    await store.delete_attachments(attachments_of(trace), ["a", "unknown"])
    assert await names(store, trace) == ["b"]
    assert freed == ["place of a"]


async def test_a_deleted_trace_takes_its_attachments_and_those_of_its_spans(
    store: Store, project: Scope, trace: Trace, freed: list[str]
) -> None:
    span, other = a_span(project, trace_id=trace.id), a_trace(project)
    await store.put_traces([trace, other])
    await store.put_spans([span])
    await store.put_attachments([an_attachment(trace, "a"), an_attachment(span, "b"), an_attachment(other, "c")])
    await store.delete_traces(project.workspace_id, [trace.id])
    assert [await names(store, row) for row in (trace, span, other)] == [[], [], ["c"]]
    assert sorted(freed) == ["place of a", "place of b"]


async def test_a_deleted_project_takes_all_its_attachments(
    store: Store, project: Scope, trace: Trace, freed: list[str]
) -> None:
    elsewhere = a_trace(a_project(project.workspace_id))
    await store.put_attachments([an_attachment(trace, "a"), an_attachment(elsewhere, "b")])
    await store.delete_project(project.workspace_id, project.project_id)
    assert [await names(store, row) for row in (trace, elsewhere)] == [[], ["b"]]
    assert freed == ["place of a"]


class TestReplacedPayloads:
    """A payload's own files go with it; files that were uploaded stay."""

    @pytest.fixture
    async def stored(self, store: Store, project: Scope) -> Trace:
        trace = a_trace(project, input=f'"[{OLD}]"', output=f'"[{BY_SDK}]"')
        await store.put_attachments([an_attachment(trace, name) for name in (OLD, NEW, BY_SDK, "upload.png")])
        await store.put_traces([trace])
        return trace

    async def test_by_a_patch(self, store: Store, stored: Trace, freed: list[str]) -> None:
        await store.patch_trace(a_target(stored), a_patch(input=f'"[{NEW}]"', output='"none"'))
        assert await names(store, stored) == [BY_SDK, NEW, "upload.png"]
        assert freed == [f"place of {OLD}"]

    async def test_by_a_patch_of_many(self, store: Store, stored: Trace, freed: list[str]) -> None:
        await store.patch_traces(stored.workspace_id, [stored.id], a_patch(input=f'"[{NEW}]"'))
        assert await names(store, stored) == [BY_SDK, NEW, "upload.png"]
        assert freed == [f"place of {OLD}"]

    async def test_by_a_later_create(self, store: Store, project: Scope, stored: Trace, freed: list[str]) -> None:
        later = a_trace(project, id=stored.id, stamp=2000, input=f'"[{NEW}]"')
        await store.put_traces([later, a_trace(project)])
        assert await names(store, stored) == [BY_SDK, NEW, "upload.png"]
        assert freed == [f"place of {OLD}"]

    async def test_by_a_create_that_comes_too_late(self, store: Store, project: Scope, stored: Trace) -> None:
        await store.put_traces([a_trace(project, id=stored.id, stamp=500, input=f'"[{NEW}]"')])
        assert await names(store, stored) == [BY_SDK, OLD, "upload.png"]

    async def test_a_patch_of_something_else_keeps_them(self, store: Store, stored: Trace, freed: list[str]) -> None:
        await store.patch_trace(a_target(stored), a_patch(name="new", metadata="{}"))
        assert OLD in await names(store, stored)
        assert freed == []

    async def test_by_a_repeated_create_of_a_span(self, store: Store, project: Scope, freed: list[str]) -> None:
        span = a_span(project, input=f'"[{OLD}]"')
        await store.create_span(span)
        await store.put_attachments([an_attachment(span, OLD), an_attachment(span, NEW)])
        await store.create_span(a_span(project, id=span.id, trace_id=span.trace_id, input=f'"[{NEW}]"'))
        assert await names(store, span) == [OLD]
        assert freed == [f"place of {NEW}"]

    async def test_of_a_span(self, store: Store, project: Scope, freed: list[str]) -> None:
        span = a_span(project, metadata=f'"[{OLD}]"')
        await store.put_attachments([an_attachment(span, OLD)])
        await store.put_spans([span])
        await store.patch_span(a_target(span), SpanParent(span.trace_id), a_patch(metadata="{}"))
        assert await names(store, span) == []
        assert freed == [f"place of {OLD}"]
