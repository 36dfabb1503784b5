"""Comments on traces, spans and threads."""

from msgspec import Struct

from weft.model.feedback_score import EntityType


class Comment(Struct, frozen=True, omit_defaults=True):
    """The fields are the columns of table `comments`, in order. Stamps are microseconds since the epoch."""

    workspace_id: str
    project_id: str
    entity_type: EntityType
    entity_id: str
    id: str
    text: str = ""
    source_queue_id: str = ""
    created_at: int = 0
    created_by: str = ""
    last_updated_at: int = 0
    last_updated_by: str = ""
