"""Attachments of traces and spans (Opik's contract, H.4): files that are streamed from socket to vault and back, or
that clients send to the vault themselves."""

from functools import partial

from weft.api.http.body import RawBody
from weft.api.http.call import Call
from weft.api.http.download import Download
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.attachments import (
    THROUGH_THIS_SERVER,
    AttachmentDelete,
    AttachmentListQuery,
    AttachmentPage,
    DownloadQuery,
    UploadComplete,
    UploadQuery,
    UploadStart,
    UploadStarted,
    attachment_page,
    base_url,
)
from weft.core import direct_uploads
from weft.core.attachments import attach
from weft.errors import (
    AttachmentTooLarge,
    BodyTooSlow,
    BytesNotFound,
    InvalidBaseUrl,
    InvalidUpload,
    NotFound,
    RangeNotSatisfiable,
    StoreUnavailable,
    UploadNotFound,
)


async def start_upload(call: Call, body: UploadStart) -> Json[UploadStarted]:
    url = body.upload_url()
    services, caller = call.services, call.caller
    project = await services.registry.projects.ensure(caller.workspace_id, body.project_name, caller.user_name)
    attachment = body.attachment(caller, project.id)
    started = await direct_uploads.start_upload(services.vault, attachment, body.num_of_file_parts or 1)
    if started is None:
        return Json(UploadStarted(upload_id=THROUGH_THIS_SERVER, pre_sign_urls=[url]))
    return Json(UploadStarted(upload_id=started.id, pre_sign_urls=list(started.urls)))


async def complete_upload(call: Call, body: UploadComplete) -> NoContent:
    services, caller = call.services, call.caller
    project = await services.registry.projects.ensure(caller.workspace_id, body.project_name, caller.user_name)
    attachment = body.attachment(caller, project.id)
    upload_id, parts = body.upload_id or "", body.parts()
    await direct_uploads.complete_upload(services.store, services.vault, attachment, upload_id, parts)
    return NoContent()


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
    Route(
        "POST",
        "/v1/private/attachment/upload-start",
        start_upload,
        errors=(InvalidBaseUrl, AttachmentTooLarge, StoreUnavailable),
    ),
    Route(
        "POST",
        "/v1/private/attachment/upload-complete",
        complete_upload,
        errors=(InvalidUpload, UploadNotFound, AttachmentTooLarge, StoreUnavailable),
    ),
    Route("PUT", "/v1/private/attachment/upload", upload, errors=(BodyTooSlow, StoreUnavailable)),
    Route("GET", "/v1/private/attachment/list", find_attachments, errors=(InvalidBaseUrl,)),
    Route(
        "GET",
        "/v1/private/attachment/download",
        download,
        errors=(NotFound, BytesNotFound, RangeNotSatisfiable, StoreUnavailable),
    ),
    Route("POST", "/v1/private/attachment/delete", delete_attachments),
)
