"""Extensions to Opik's API that `weft export`, `weft import` and `weft copy` use where they find them: all attachments
of a project at once, and records put back with their authors and times."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.selection import selected_project
from weft.api.opik.wire.restored import RestoreBody
from weft.core.ingest import record_restored
from weft.errors import InvalidId, NotFound, ProjectRequired
from weft.model.attachment import Attachment
from weft.model.instants import now_us
from weft.store.contract import Scope

PAGE = 1000


class AttachmentsQuery(Struct, kw_only=True):
    """`after_…` name the last attachment of the page before."""

    project_id: UUID | None = None
    project_name: str | None = None
    after_type: Literal["trace", "span"] | None = None
    after_id: UUID | None = None
    after_name: str | None = None

    def after(self) -> tuple[str, str, str] | None:
        if self.after_type is None or self.after_id is None:
            return None
        return self.after_type, str(self.after_id), self.after_name or ""


class AttachmentOfProject(Struct, kw_only=True):
    entity_type: str
    entity_id: str
    file_name: str
    mime_type: str
    file_size: int


class AttachmentsOfProject(Struct, kw_only=True):
    """By entity and name; an empty list ends them."""

    project_id: str
    content: list[AttachmentOfProject]


async def find_attachments_of_project(call: Call, query: AttachmentsQuery) -> Json[AttachmentsOfProject]:
    project = await selected_project(call, query)
    scope = Scope(call.caller.workspace_id, project.id)
    found = await call.services.store.attachments_of_project(scope, query.after(), PAGE)
    return Json(AttachmentsOfProject(project_id=project.id, content=[_view(attachment) for attachment in found]))


async def restore(call: Call, body: RestoreBody) -> NoContent:
    services, caller = call.services, call.caller
    records = body.restored(caller, now_us())
    project = await services.registry.projects.ensure(caller.workspace_id, body.project_name, caller.user_name)
    await record_restored(services.registry, services.store, caller.workspace_id, records.placed(project.id))
    return NoContent()


def _view(attachment: Attachment) -> AttachmentOfProject:
    return AttachmentOfProject(
        entity_type=attachment.entity_type,
        entity_id=attachment.entity_id,
        file_name=attachment.file_name,
        mime_type=attachment.mime_type,
        file_size=attachment.file_size,
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/private/transfer/attachments",
        find_attachments_of_project,
        errors=(ProjectRequired, NotFound),
    ),
    Route("POST", "/v1/private/transfer/records", restore, errors=(InvalidId,)),
)
