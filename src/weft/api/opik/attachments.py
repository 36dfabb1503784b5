"""Attachments of traces and spans (Opik's contract, H.4): files that are streamed from socket to disk and back."""

from functools import partial

from weft.api.http.body import RawBody
from weft.api.http.call import Call
from weft.api.http.download import Download
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.attachments import (
    DIRECT_UPLOAD,
    AttachmentDelete,
    AttachmentListQuery,
    AttachmentPage,
    DownloadQuery,
    UploadQuery,
    UploadStart,
    UploadStarted,
    attachment_page,
    base_url,
)
from weft.core.attachments import attach
from weft.errors import BodyTooSlow, BytesNotFound, InvalidBaseUrl, NotFound, RangeNotSatisfiable, StoreUnavailable


async def start_upload(call: Call, body: UploadStart) -> Json[UploadStarted]:
    url = body.upload_url()
    caller = call.caller
    await call.services.registry.projects.ensure(caller.workspace_id, body.project_name, caller.user_name)
    return Json(UploadStarted(upload_id=DIRECT_UPLOAD, pre_sign_urls=[url]))


async def upload(call: Call, query: UploadQuery, body: RawBody) -> NoContent:
    services, caller = call.services, call.caller
    project = await services.registry.projects.ensure(caller.workspace_id, query.project_name, caller.user_name)
    await attach(services.store, services.vault, query.attachment(caller, project.id), body)
    return NoContent()


async def find_attachments(call: Call, query: AttachmentListQuery) -> Json[AttachmentPage]:
    base = base_url(query.path)
    page = await call.services.store.find_attachments(query.query(call.caller))
    return Json(attachment_page(page, base, call.caller))


async def download(call: Call, query: DownloadQuery) -> Download:
    found = await call.services.store.get_attachments(query.query(call.caller), [query.file_name])
    if not found:
        raise NotFound(entity="Attachment", id=query.file_name)
    [attachment] = found
    return Download(
        partial(call.services.vault.open, attachment.place),
        size=attachment.file_size,
        file_name=attachment.file_name,
        media_type=attachment.mime_type,
        etag=attachment.place.rpartition("/")[2],
    )


async def delete_attachments(call: Call, body: AttachmentDelete) -> NoContent:
    await call.services.store.delete_attachments(body.query(call.caller), body.file_names or ())
    return NoContent()


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/private/attachment/upload-start", start_upload, errors=(InvalidBaseUrl,)),
    Route("PUT", "/v1/private/attachment/upload", upload, errors=(BodyTooSlow, StoreUnavailable)),
    Route("GET", "/v1/private/attachment/list", find_attachments, errors=(InvalidBaseUrl,)),
    Route(
        "GET",
        "/v1/private/attachment/download",
        download,
        errors=(NotFound, BytesNotFound, RangeNotSatisfiable),
    ),
    Route("POST", "/v1/private/attachment/delete", delete_attachments),
)
