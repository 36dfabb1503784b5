"""Attachments: files that belong to a trace or a span."""

from msgspec import Struct

from weft.model.feedback_score import EntityType


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
