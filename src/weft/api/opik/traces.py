"""Traces (Opik's contract, B.1 to B.9 and B.11)."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from uuid import UUID

from msgspec.structs import replace

from weft.api.batch_results import BatchResults
from weft.api.http.call import Call
from weft.api.http.preferences import Preferred
from weft.api.http.replies import ENCODER, Created, Json, NoContent, Stream
from weft.api.http.route import Route
from weft.api.opik.batches import patch_many
from weft.api.opik.selection import (
    LIST_ERRORS,
    SEARCH_ERRORS,
    list_selection,
    patched,
    search_selection,
    selected_project,
)
from weft.api.opik.wire.pages import PageView
from weft.api.opik.wire.recorded import check_version_7, placed
from weft.api.opik.wire.selection import Exists, ExistsQuery, GetQuery, ListQuery, SearchBody
from weft.api.opik.wire.traces import (
    TraceBatch,
    TraceBatchUpdate,
    TraceDelete,
    TraceUpdate,
    TraceView,
    TraceWrite,
    trace_view,
)
from weft.core.attachments import restored
from weft.core.ingest import ensure_projects, record_new_trace, record_patch_of_many, record_trace_patch, record_traces
from weft.errors import (
    InvalidId,
    InvalidSource,
    NotFound,
    ProjectMismatch,
    ProjectRequired,
    TagLimitExceeded,
    TraceExists,
)
from weft.filters.fields import TRACES
from weft.model.instants import now_us
from weft.model.trace import Trace, TraceRecord
from weft.store.contract import Selection


class TracePage(PageView[TraceView]):
    pass


async def create_trace(call: Call, body: TraceWrite) -> Created:
    services, caller = call.services, call.caller
    rows = [body.trace(caller, now_us())]
    projects = await ensure_projects(services.registry, caller.workspace_id, {body.project_name}, caller.user_name)
    [trace] = placed(rows, [body], projects)
    await record_new_trace(services.registry, services.store, services.vault, trace)
    return Created(trace.id)


async def create_traces(call: Call, body: TraceBatch) -> NoContent:
    services, caller = call.services, call.caller
    rows = body.to_traces(caller, now_us())
    projects = await ensure_projects(services.registry, caller.workspace_id, body.project_names(), caller.user_name)
    await record_traces(services.registry, services.store, services.vault, placed(rows, body.traces or (), projects))
    return NoContent()


async def get_trace(call: Call, id: UUID, query: GetQuery) -> Json[TraceView]:
    record = await call.services.store.get_trace(call.caller.workspace_id, str(id))
    return Json(trace_view(await _whole(call, record, query.strip_attachments)))


async def update_trace(call: Call, id: UUID, body: TraceUpdate) -> NoContent:
    check_version_7(id, "Trace")
    patch = body.patch(call.caller, now_us())
    await record_trace_patch(
        call.services.registry, call.services.store, call.services.vault, await patched(call, id, body, "trace"), patch
    )
    return NoContent()


async def update_traces(call: Call, body: TraceBatchUpdate) -> Preferred[BatchResults]:
    patch = body.patch(call.caller, now_us())
    store_patch = partial(record_patch_of_many, call.services.store, call.services.vault, Trace)
    return await patch_many(call, store_patch, body.texts(), patch)


async def delete_trace(call: Call, id: UUID) -> NoContent:
    await call.services.store.delete_traces(call.caller.workspace_id, [str(id)])
    return NoContent()


async def delete_traces(call: Call, body: TraceDelete) -> NoContent:
    project_id = str(body.project_id) if body.project_id else None
    await call.services.store.delete_traces(call.caller.workspace_id, body.texts(), project_id)
    return NoContent()


async def find_traces(call: Call, query: ListQuery) -> Json[TracePage]:
    selection = await list_selection(call, query, TRACES)
    page = await call.services.store.find_traces(selection)
    records = [await _whole(call, record, query.strip_attachments or query.truncate) for record in page.items]
    views = [trace_view(record, selection.exclude, selection.truncate) for record in records]
    return Json(
        TracePage(page=page.page, size=len(views), total=page.total, content=views, sortable_by=TRACES.sortable_by)
    )


async def search_traces(call: Call, body: SearchBody) -> Stream:
    selection = await search_selection(call, body, TRACES)
    return Stream(_lines(call, selection, bool(body.strip_attachments or body.truncate)))


async def _lines(call: Call, selection: Selection, stripped: bool) -> AsyncGenerator[bytes, None]:
    async with aclosing(call.services.store.stream_traces(selection)) as records:
        async for record in records:
            whole = await _whole(call, record, stripped)
            yield ENCODER.encode(trace_view(whole, selection.exclude, selection.truncate))


async def _whole(call: Call, record: TraceRecord, stripped: bool) -> TraceRecord:
    """With the files of its payloads in their places, unless the references to them are wanted."""
    if stripped:
        return record
    return replace(record, trace=await restored(call.services.store, call.services.vault, record.trace))


async def trace_exists(call: Call, query: ExistsQuery) -> Json[Exists]:
    query.check_source()
    project = await selected_project(call, query)
    workspace_id = call.caller.workspace_id
    found = await call.services.store.trace_exists(workspace_id, project.id, query.source, query.thread_only)
    return Json(Exists(exists=found))


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/private/traces", create_trace, errors=(InvalidId, TraceExists, ProjectMismatch)),
    Route("POST", "/v1/private/traces/batch", create_traces, errors=(InvalidId,)),
    Route("GET", "/v1/private/traces/{id}", get_trace, errors=(NotFound,)),
    Route("PATCH", "/v1/private/traces/{id}", update_trace, errors=(InvalidId, NotFound, ProjectMismatch)),
    Route("PATCH", "/v1/private/traces/batch", update_traces, errors=(TagLimitExceeded,)),
    Route("DELETE", "/v1/private/traces/{id}", delete_trace),
    Route("POST", "/v1/private/traces/delete", delete_traces),
    Route("GET", "/v1/private/traces", find_traces, errors=LIST_ERRORS),
    Route("POST", "/v1/private/traces/search", search_traces, errors=SEARCH_ERRORS),
    Route("GET", "/v1/private/traces/exists", trace_exists, errors=(ProjectRequired, NotFound, InvalidSource)),
)
