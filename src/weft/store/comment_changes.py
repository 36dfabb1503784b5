"""Writes of comments. Deletions are statements, see `changes.Execute`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from weft.errors import NotFound
from weft.model.comment import Comment
from weft.model.feedback_score import EntityType
from weft.model.merge import Patch
from weft.store.changes import Table
from weft.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class AddComment:
    """On a trace, span or thread that must exist, in its project."""

    comment: Comment

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {}

    def apply(self, unit: UnitOfWork) -> None:
        comment = self.comment
        params = {"workspace_id": comment.workspace_id, "id": comment.entity_id}
        found = unit.read(f"project_of_{comment.entity_type}", params)
        if not found:
            raise NotFound(entity=f"{comment.entity_type.capitalize()} id", id=comment.entity_id)
        unit.comments.set(replace(comment, project_id=found[0][0]))


@dataclass(frozen=True)
class UpdateComment:
    workspace_id: str
    entity_type: EntityType
    id: str
    patch: Patch

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"comments": [self.id]}

    def apply(self, unit: UnitOfWork) -> None:
        known = unit.comments.of_id(self.workspace_id, self.id)
        stored = [comment for comment in known if comment.entity_type == self.entity_type]
        if not stored:
            raise NotFound(entity="Comment id", id=self.id)
        stamps = {"last_updated_at": self.patch.at, "last_updated_by": self.patch.by}
        unit.comments.set(replace(stored[0], **self.patch.values, **stamps))
