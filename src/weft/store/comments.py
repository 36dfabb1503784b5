"""Queries on comments."""

from collections import defaultdict
from collections.abc import Sequence

from weft.errors import NotFound
from weft.model.comment import Comment
from weft.model.feedback_score import EntityType
from weft.store.columns import columns_of
from weft.store.contract import Scope
from weft.store.database import Database

Comments = dict[str, tuple[Comment, ...]]


async def get_comment(db: Database, workspace_id: str, entity_type: EntityType, entity_id: str, id: str) -> Comment:
    """Raises NotFound, also for a comment on something else."""
    params = {"workspace_id": workspace_id, "entity_type": entity_type, "entity_id": entity_id, "id": id}
    rows = await db.run("get_comment", params, columns=columns_of(Comment))
    if not rows:
        raise NotFound(entity="Comment id", id=id)
    return Comment(*rows[0])


async def get_comments(db: Database, scope: Scope, entity_type: EntityType, ids: Sequence[str]) -> Comments:
    """The comments on each entity that has any, oldest first."""
    params = scope._asdict() | {"entity_type": entity_type, "ids": list(ids)}
    comments: dict[str, list[Comment]] = defaultdict(list)
    for row in await db.run("get_comments", params, columns=columns_of(Comment)):
        comment = Comment(*row)
        comments[comment.entity_id].append(comment)
    return {id: tuple(of_entity) for id, of_entity in comments.items()}
