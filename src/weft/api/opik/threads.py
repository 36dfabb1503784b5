"""Threads (Opik's contract, B.20 to B.28 without the statistics)."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from msgspec.structs import replace

from weft.api.batch_results import BatchResults
from weft.api.http.call import Call
from weft.api.http.preferences import Preferred
from weft.api.http.replies import ENCODER, Json, NoContent, Stream
from weft.api.http.route import Route
from weft.api.opik.batches import patch_many
from weft.api.opik.selection import (
    LIST_ERRORS,
    SEARCH_ERRORS,
    as_of_now,
    list_selection,
    search_selection,
    selected_project,
)
from weft.api.opik.wire.pages import PageView
from weft.api.opik.wire.selection import ListQuery, SelectsProject
from weft.api.opik.wire.threads import (
    ThreadBatchUpdate,
    ThreadClose,
    ThreadDelete,
    ThreadIdentifier,
    ThreadRetrieve,
    ThreadSearchBody,
    ThreadUpdate,
    ThreadView,
    thread_view,
)
from weft.errors import NotFound, ProjectRequired, TagLimitExceeded, ThreadWithoutTraces
from weft.filters.compile import EVERYTHING, NEWEST_FIRST
from weft.filters.fields import THREADS
from weft.model.instants import now_us
from weft.store.contract import Occasion, Scope, Selection, Store


class ThreadPage(PageView[ThreadView]):
    pass


async def find_threads(call: Call, query: ListQuery) -> Json[ThreadPage]:
    selection = await as_of_now(call, await list_selection(call, query, THREADS))
    page = await call.services.store.find_threads(selection)
    views = [thread_view(record, selection.exclude, selection.truncate) for record in page.items]
    return Json(
        ThreadPage(page=page.page, size=len(views), total=page.total, content=views, sortable_by=THREADS.sortable_by)
    )


async def retrieve_thread(call: Call, body: ThreadRetrieve) -> Json[ThreadView]:
    scope = await _scope(call, body)
    selection = Selection(**scope._asdict(), where=EVERYTHING, order=NEWEST_FIRST, truncate=bool(body.truncate))
    record = await call.services.store.get_thread(await as_of_now(call, selection), body.thread_id or "")
    return Json(thread_view(record, truncate=selection.truncate))


async def search_threads(call: Call, body: ThreadSearchBody) -> Stream:
    selection = await as_of_now(call, await search_selection(call, body, THREADS))
    if body.last_retrieved_thread_model_id:
        selection = await _below(call.services.store, selection, body.last_retrieved_thread_model_id)
    return Stream(_lines(call.services.store, selection))


async def _lines(store: Store, selection: Selection) -> AsyncGenerator[bytes, None]:
    async with aclosing(store.stream_threads(selection)) as records:
        async for record in records:
            yield ENCODER.encode(thread_view(record, selection.exclude, selection.truncate))


async def open_thread(call: Call, body: ThreadIdentifier) -> NoContent:
    await call.services.store.open_thread(await _scope(call, body), body.thread_id or "", _now(call))
    return NoContent()


async def close_threads(call: Call, body: ThreadClose) -> NoContent:
    await call.services.store.close_threads(await _scope(call, body), body.all_ids(), _now(call))
    return NoContent()


async def update_thread(call: Call, id: UUID, body: ThreadUpdate) -> NoContent:
    await call.services.store.patch_thread(call.caller.workspace_id, str(id), body.patch(call.caller, now_us()))
    return NoContent()


async def update_threads(call: Call, body: ThreadBatchUpdate) -> Preferred[BatchResults]:
    patch = body.patch(call.caller, now_us())
    return await patch_many(call, call.services.store.patch_threads, body.texts(), patch)


async def delete_threads(call: Call, body: ThreadDelete) -> NoContent:
    """What does not exist is passed over, the project included."""
    try:
        scope = await _scope(call, body)
    except NotFound:
        return NoContent()
    await call.services.store.delete_threads(scope, body.thread_ids or ())
    return NoContent()


async def _scope(call: Call, selector: SelectsProject) -> Scope:
    return Scope(call.caller.workspace_id, (await selected_project(call, selector)).id)


def _now(call: Call) -> Occasion:
    return Occasion(now_us(), call.caller.user_name)


async def _below(store: Store, selection: Selection, last: str) -> Selection:
    """What follows the thread of this id or model id. Raises NotFound for a text that is neither."""
    model_id = await store.thread_model_id(Scope(selection.workspace_id, selection.project_id), last)
    if model_id is None:
        try:
            model_id = str(UUID(last))
        except ValueError as error:
            raise NotFound(entity="Trace Thread id", id=last) from error
    return replace(selection, before_id=model_id)


_PATH = "/v1/private/traces/threads"
ROUTES: tuple[Route, ...] = (
    Route("GET", _PATH, find_threads, errors=LIST_ERRORS),
    Route("POST", f"{_PATH}/retrieve", retrieve_thread, errors=(ProjectRequired, NotFound)),
    Route("POST", f"{_PATH}/search", search_threads, errors=SEARCH_ERRORS),
    Route("PUT", f"{_PATH}/open", open_thread, errors=(ProjectRequired, NotFound)),
    Route("PUT", f"{_PATH}/close", close_threads, errors=(ProjectRequired, NotFound, ThreadWithoutTraces)),
    Route("PATCH", _PATH + "/{id}", update_thread, errors=(NotFound, TagLimitExceeded)),
    Route("PATCH", f"{_PATH}/batch", update_threads, errors=(TagLimitExceeded,)),
    Route("POST", f"{_PATH}/delete", delete_threads),
)
