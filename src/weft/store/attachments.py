"""Queries on attachments."""

from asyncio import gather
from collections.abc import Sequence

from weft.model.attachment import Attachment, AttachmentQuery
from weft.model.page import Page
from weft.store.columns import columns_of
from weft.store.contract import Scope
from weft.store.database import Database


async def find_attachments(db: Database, query: AttachmentQuery) -> Page[Attachment]:
    params = _params(query) | {"limit": query.paging.limit, "offset": query.paging.offset}
    counted, rows = await gather(
        db.run("count_attachments", params),
        db.run("find_attachments", params, columns=columns_of(Attachment)),
    )
    return Page(query.paging.number, int(counted[0][0]), [Attachment(*row) for row in rows])


async def get_attachments(db: Database, query: AttachmentQuery, file_names: Sequence[str]) -> list[Attachment]:
    params = _params(query) | {"file_names": list(file_names)}
    return [Attachment(*row) for row in await db.run("get_attachments", params, columns=columns_of(Attachment))]


async def attachments_of_project(
    db: Database, scope: Scope, after: tuple[str, str, str] | None, limit: int
) -> list[Attachment]:
    entity_type, entity_id, file_name = after or ("", "", "")
    params = scope._asdict() | {
        "after_type": entity_type,
        "after_id": entity_id,
        "after_name": file_name,
        "limit": limit,
    }
    return [Attachment(*row) for row in await db.run("attachments_of_project", params, columns=columns_of(Attachment))]


async def known_places(db: Database, places: Sequence[str]) -> list[str]:
    return [place for (place,) in await db.run("known_places", {"places": list(places)})]


def _params(query: AttachmentQuery) -> dict[str, object]:
    return {
        "workspace_id": query.workspace_id,
        "project_id": query.project_id,
        "entity_type": query.entity_type,
        "entity_id": query.entity_id,
    }
