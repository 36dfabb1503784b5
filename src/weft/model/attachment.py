"""Attachments: files that belong to a trace or a span."""

import re

from msgspec import Struct
from msgspec.structs import replace

from weft.model.feedback_score import EntityType
from weft.model.page import Paging

# Opik's contract, H.4: how a payload refers to what was taken out of it. The SDK, which takes files out as well, writes
# `-sdk` before the extension, and those stay as they are.
_REFERENCE = re.compile(r"\[((?:input|output|metadata)-attachment-\d{1,9}-\d{1,18}\.\w{1,10})\]", re.ASCII)
_EVERY_REFERENCE = "-attachment-"


class Attachment(Struct, frozen=True, omit_defaults=True):
    """The fields are the columns of table `attachments`, in order; all up to `file_name` are the key. `place` is where
    the bytes are in the attachment storage, `created_at` is microseconds since the epoch."""

    workspace_id: str
    project_id: str
    entity_type: EntityType
    entity_id: str
    file_name: str
    mime_type: str = ""
    file_size: int = 0
    place: str = ""
    created_at: int = 0
    created_by: str = ""

    def named(self, file_name: str, mime_type: str) -> "Attachment":
        return replace(self, file_name=file_name, mime_type=mime_type)

    def kept(self, place: str, file_size: int, created_at: int) -> "Attachment":
        return replace(self, place=place, file_size=file_size, created_at=created_at)


class AttachmentQuery(Struct, frozen=True):
    """The attachments of one trace or span."""

    workspace_id: str
    project_id: str
    entity_type: EntityType
    entity_id: str
    paging: Paging = Paging(1, 100)


def reference_to(file_name: str) -> str:
    return f"[{file_name}]"


def referenced_files(*payloads: str | None) -> set[str]:
    """The names of the files that were taken out of these payloads."""
    return {name for text in payloads if text and _EVERY_REFERENCE in text for name in _REFERENCE.findall(text)}
