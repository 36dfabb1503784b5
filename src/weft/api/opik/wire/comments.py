"""Comments on the wire (Opik's contract, B.16 to B.19, B.32 to B.35, F.5)."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from weft.api.auth import Caller
from weft.api.opik.wire.values import Instant, blank
from weft.model.comment import Comment
from weft.model.feedback_score import EntityType
from weft.model.ids import new_id
from weft.model.instants import format_us


class CommentUpdate(Struct, kw_only=True):
    text: str | None = None

    def violations(self) -> list[str]:
        return ["text must not be blank"] if blank(self.text) else []


class CommentWrite(CommentUpdate, kw_only=True):
    source_queue_id: UUID | None = None

    def comment(self, caller: Caller, now: int, entity_type: EntityType, entity_id: str) -> Comment:
        """With no project yet: what is commented on has it."""
        assert self.text is not None
        return Comment(
            workspace_id=caller.workspace_id,
            project_id="",
            entity_type=entity_type,
            entity_id=entity_id,
            id=new_id(),
            text=self.text,
            source_queue_id=str(self.source_queue_id or ""),
            created_at=now,
            created_by=caller.user_name,
            last_updated_at=now,
            last_updated_by=caller.user_name,
        )


class CommentCreated(Struct, kw_only=True):
    id: str


class CommentView(Struct, kw_only=True, omit_defaults=True):
    id: str
    text: str
    source_queue_id: str | None = None
    created_at: Instant
    created_by: str
    last_updated_at: Instant
    last_updated_by: str


def comment_view(comment: Comment) -> CommentView:
    return CommentView(
        id=comment.id,
        text=comment.text,
        source_queue_id=comment.source_queue_id or None,
        created_at=format_us(comment.created_at),
        created_by=comment.created_by,
        last_updated_at=format_us(comment.last_updated_at),
        last_updated_by=comment.last_updated_by,
    )


def comment_views(comments: Sequence[Comment]) -> list[CommentView] | None:
    """None when there are none: an empty list is left out."""
    return [comment_view(comment) for comment in comments] or None
