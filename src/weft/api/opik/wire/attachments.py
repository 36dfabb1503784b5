"""Attachments on the wire (Opik's contract, H.4)."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from msgspec import Struct

from weft.api.auth import Caller
from weft.api.opik.wire.pages import PageQuery
from weft.api.opik.wire.values import blank
from weft.attachments.vault import UploadedPart
from weft.errors import InvalidBaseUrl
from weft.model.attachment import Attachment, AttachmentQuery
from weft.model.page import Page

Entity = Literal["trace", "span"]

# Opik's contract: exactly this id tells the SDK to send the file in one piece, to the one URL.
THROUGH_THIS_SERVER = "BEMinIO"
MAX_PARTS = 10_000
MAX_NAMES = 1000
UNKNOWN_TYPE = "application/octet-stream"

_FOLDER = "/v1/private/attachment"


class UploadBody(Struct, kw_only=True):
    """What the start and the completion of an upload have in common: whose file it is."""

    file_name: str | None = None
    mime_type: str | None = None
    project_name: str | None = None
    entity_type: Entity | None = None
    entity_id: UUID | None = None

    def violations(self) -> list[str]:
        rules = {
            "fileName must not be blank": blank(self.file_name),
            "entityType must not be null": self.entity_type is None,
            "entityId must not be null": self.entity_id is None,
        }
        return [text for text, broken in rules.items() if broken]

    def attachment(self, caller: Caller, project_id: str) -> Attachment:
        assert self.file_name is not None
        assert self.entity_type is not None
        return Attachment(
            caller.workspace_id,
            project_id,
            self.entity_type,
            str(self.entity_id),
            self.file_name,
            mime_type=self.mime_type or UNKNOWN_TYPE,
            created_by=caller.user_name,
        )


class UploadStart(UploadBody, kw_only=True):
    """`path` is the client's own base URL in URL-safe base64."""

    num_of_file_parts: int | None = None
    path: str | None = None

    def violations(self) -> list[str]:
        parts = self.num_of_file_parts
        rules = {
            "path must not be blank": blank(self.path),
            f"numOfFileParts must be between 1 and {MAX_PARTS}": parts is not None and not 1 <= parts <= MAX_PARTS,
        }
        return super().violations() + [text for text, broken in rules.items() if broken]

    def upload_url(self) -> str:
        """Raises InvalidBaseUrl."""
        values = {
            "file_name": self.file_name,
            "mime_type": self.mime_type or UNKNOWN_TYPE,
            "entity_type": self.entity_type,
            "entity_id": self.entity_id,
        }
        named = {} if self.project_name is None else {"project_name": self.project_name}
        return f"{base_url(self.path or '')}{_FOLDER}/upload?{_query({**values, **named})}"


class UploadStarted(Struct, kw_only=True):
    upload_id: str
    pre_sign_urls: list[str]


class FilePart(Struct, kw_only=True):
    e_tag: str
    part_number: int


class UploadComplete(UploadBody, kw_only=True):
    """`file_size` is what the client believes; what has arrived is what counts."""

    file_size: int | None = None
    upload_id: str | None = None
    uploaded_file_parts: list[FilePart] | None = None

    def violations(self) -> list[str]:
        numbers = [part.part_number for part in self.uploaded_file_parts or ()]
        rules = {
            "uploadId must not be blank": blank(self.upload_id),
            f"uploadedFileParts size must be between 1 and {MAX_PARTS}": not 1 <= len(numbers) <= MAX_PARTS,
            f"partNumber must be between 1 and {MAX_PARTS}": not all(1 <= number <= MAX_PARTS for number in numbers),
        }
        return super().violations() + [text for text, broken in rules.items() if broken]

    def parts(self) -> list[UploadedPart]:
        """In the order of their numbers."""
        return sorted(UploadedPart(part.part_number, part.e_tag) for part in self.uploaded_file_parts or ())


class UploadQuery(Struct, kw_only=True):
    file_name: str
    entity_type: Entity
    entity_id: UUID
    mime_type: str | None = None
    project_name: str | None = None

    def violations(self) -> list[str]:
        return ["query param file_name must not be blank"] if blank(self.file_name) else []

    def attachment(self, caller: Caller, project_id: str) -> Attachment:
        return Attachment(
            caller.workspace_id,
            project_id,
            self.entity_type,
            str(self.entity_id),
            self.file_name,
            mime_type=self.mime_type or UNKNOWN_TYPE,
            created_by=caller.user_name,
        )


class AttachmentListQuery(PageQuery, kw_only=True):
    size: int = 100
    project_id: UUID
    entity_type: Entity
    entity_id: UUID
    path: str

    def query(self, caller: Caller) -> AttachmentQuery:
        project_id, entity_id = str(self.project_id), str(self.entity_id)
        return AttachmentQuery(caller.workspace_id, project_id, self.entity_type, entity_id, self.paging)


class DownloadQuery(Struct, kw_only=True):
    """`container_id` is the project's id."""

    container_id: UUID
    entity_type: Entity
    entity_id: UUID
    file_name: str
    mime_type: str | None = None

    def query(self, caller: Caller) -> AttachmentQuery:
        return AttachmentQuery(caller.workspace_id, str(self.container_id), self.entity_type, str(self.entity_id))


class AttachmentDelete(Struct, kw_only=True):
    """`container_id` is the project's id."""

    file_names: list[str] | None = None
    entity_type: Entity | None = None
    entity_id: UUID | None = None
    container_id: UUID | None = None

    def violations(self) -> list[str]:
        rules = {
            f"fileNames size must be between 1 and {MAX_NAMES}": not 1 <= len(self.file_names or ()) <= MAX_NAMES,
            "entityType must not be null": self.entity_type is None,
            "entityId must not be null": self.entity_id is None,
            "containerId must not be null": self.container_id is None,
        }
        return [text for text, broken in rules.items() if broken]

    def query(self, caller: Caller) -> AttachmentQuery:
        assert self.entity_type is not None
        return AttachmentQuery(caller.workspace_id, str(self.container_id), self.entity_type, str(self.entity_id))


class AttachmentView(Struct, kw_only=True):
    link: str
    file_name: str
    file_size: int
    mime_type: str


class AttachmentPage(Struct, kw_only=True):
    """Opik's contract: `size` is the number of items on this page."""

    page: int
    size: int
    total: int
    content: list[AttachmentView]


def attachment_page(page: Page[Attachment], base: str, caller: Caller) -> AttachmentPage:
    views = [_view(attachment, base, caller) for attachment in page.items]
    return AttachmentPage(page=page.page, size=len(views), total=page.total, content=views)


def base_url(path: str) -> str:
    """The client's base URL, without a slash at its end. Raises InvalidBaseUrl."""
    try:
        padded = path.strip() + "=" * (-len(path.strip()) % 4)
        url = b64decode(padded.replace("-", "+").replace("_", "/"), validate=True).decode()
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidBaseUrl from error
    if parts.scheme not in ("http", "https") or not parts.netloc or not url.isprintable():
        raise InvalidBaseUrl
    return url.rstrip("/")


def _view(attachment: Attachment, base: str, caller: Caller) -> AttachmentView:
    values = {
        "workspace_name": caller.workspace_name,
        "container_id": attachment.project_id,
        "entity_type": attachment.entity_type,
        "entity_id": attachment.entity_id,
        "file_name": attachment.file_name,
        "mime_type": attachment.mime_type,
    }
    return AttachmentView(
        link=f"{base}{_FOLDER}/download?{_query(values)}",
        file_name=attachment.file_name,
        file_size=attachment.file_size,
        mime_type=attachment.mime_type,
    )


def _query(values: Mapping[str, object]) -> str:
    return urlencode(values, errors="replace")
