"""Spans (Opik's contract, H.1)."""

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
from weft.api.opik.wire.selection import Exists, ExistsQuery, GetQuery
from weft.api.opik.wire.spans import (
    SpanBatch,
    SpanBatchUpdate,
    SpanListQuery,
    SpanSearchBody,
    SpanUpdate,
    SpanView,
    SpanWrite,
    span_view,
)
from weft.core.attachments import restored
from weft.core.ingest import ensure_projects, record_new_span, record_patch_of_many, record_span_patch, record_spans
from weft.errors import (
    InvalidId,
    InvalidSource,
    NotFound,
    NotImplementedByContract,
    ProjectMismatch,
    ProjectRequired,
    SpanMismatch,
    TagLimitExceeded,
)
from weft.filters.fields import SPANS
from weft.model.instants import now_us
from weft.model.span import Span, SpanRecord
from weft.store.contract import Selection


class SpanPage(PageView[SpanView]):
    pass


async def create_span(call: Call, body: SpanWrite) -> Created:
    services, caller = call.services, call.caller
    rows = [body.span(caller, now_us())]
    projects = await ensure_projects(services.registry, caller.workspace_id, {body.project_name}, caller.user_name)
    [span] = placed(rows, [body], projects)
    await record_new_span(services.registry, services.store, services.vault, span)
    return Created(span.id)


async def create_spans(call: Call, body: SpanBatch) -> NoContent:
    services, caller = call.services, call.caller
    rows = body.to_spans(caller, now_us())
    projects = await ensure_projects(services.registry, caller.workspace_id, body.project_names(), caller.user_name)
    await record_spans(services.registry, services.store, services.vault, placed(rows, body.spans or (), projects))
    return NoContent()


async def get_span(call: Call, id: UUID, query: GetQuery) -> Json[SpanView]:
    workspace_id = call.caller.workspace_id
    record = await call.services.store.get_span(workspace_id, str(id))
    project = await call.services.registry.projects.get(workspace_id, record.span.project_id)
    return Json(span_view(await _whole(call, record, query.strip_attachments), project_name=project.name))


async def update_span(call: Call, id: UUID, body: SpanUpdate) -> NoContent:
    check_version_7(id, "Span")
    body.check_ids()
    patch = body.patch(call.caller, now_us())
    target = await patched(call, id, body, "span")
    await record_span_patch(
        call.services.registry, call.services.store, call.services.vault, target, body.parent(), patch
    )
    return NoContent()


async def update_spans(call: Call, body: SpanBatchUpdate) -> Preferred[BatchResults]:
    patch = body.patch(call.caller, now_us())
    store_patch = partial(record_patch_of_many, call.services.store, call.services.vault, Span)
    return await patch_many(call, store_patch, body.texts(), patch)


async def delete_span(call: Call, id: UUID) -> NoContent:
    raise NotImplementedByContract(operation="Deleting a span")


async def find_spans(call: Call, query: SpanListQuery) -> Json[SpanPage]:
    selection = await list_selection(call, query, SPANS, query.filters_of_parameters())
    page = await call.services.store.find_spans(selection)
    records = [await _whole(call, record, query.strip_attachments or query.truncate) for record in page.items]
    views = [span_view(record, selection.exclude, selection.truncate) for record in records]
    return Json(
        SpanPage(page=page.page, size=len(views), total=page.total, content=views, sortable_by=SPANS.sortable_by)
    )


async def search_spans(call: Call, body: SpanSearchBody) -> Stream:
    selection = await search_selection(call, body, SPANS, body.filters_of_parameters())
    return Stream(_lines(call, selection, bool(body.strip_attachments or body.truncate)))


async def _lines(call: Call, selection: Selection, stripped: bool) -> AsyncGenerator[bytes, None]:
    async with aclosing(call.services.store.stream_spans(selection)) as records:
        async for record in records:
            whole = await _whole(call, record, stripped)
            yield ENCODER.encode(span_view(whole, selection.exclude, selection.truncate))


async def _whole(call: Call, record: SpanRecord, stripped: bool) -> SpanRecord:
    """With the files of its payloads in their places, unless the references to them are wanted."""
    if stripped:
        return record
    return replace(record, span=await restored(call.services.store, call.services.vault, record.span))


async def span_exists(call: Call, query: ExistsQuery) -> Json[Exists]:
    query.check_source()
    project = await selected_project(call, query)
    found = await call.services.store.span_exists(call.caller.workspace_id, project.id, query.source)
    return Json(Exists(exists=found))


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/private/spans", create_span, errors=(InvalidId, ProjectMismatch)),
    Route("POST", "/v1/private/spans/batch", create_spans, errors=(InvalidId,)),
    Route("GET", "/v1/private/spans/{id}", get_span, errors=(NotFound,)),
    Route("PATCH", "/v1/private/spans/{id}", update_span, errors=(InvalidId, NotFound, ProjectMismatch, SpanMismatch)),
    Route("PATCH", "/v1/private/spans/batch", update_spans, errors=(TagLimitExceeded,)),
    Route("DELETE", "/v1/private/spans/{id}", delete_span, errors=(NotImplementedByContract,)),
    Route("GET", "/v1/private/spans", find_spans, errors=LIST_ERRORS),
    Route("POST", "/v1/private/spans/search", search_spans, errors=SEARCH_ERRORS),
    Route("GET", "/v1/private/spans/exists", span_exists, errors=(ProjectRequired, NotFound, InvalidSource)),
)
