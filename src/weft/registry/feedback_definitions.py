"""Feedback definitions by id. Their names are trimmed and differ in more than their case."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, select, true, update
from sqlalchemy.exc import IntegrityError

from weft.errors import FeedbackDefinitionExists, FeedbackDefinitionNotFound
from weft.filters.sorting import Sort
from weft.model.feedback_definition import FeedbackDefinition, FeedbackRule
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.names import name_key, storable, tidy_name
from weft.model.page import Page, Paging
from weft.registry.database import Database, insert_new
from weft.registry.listing import name_contains, ordered, read_page
from weft.registry.tables import FEEDBACK_DEFINITIONS as TABLE

SORTABLE = {
    "name": TABLE.c.name_key,
    "type": TABLE.c.type,
    "created_at": TABLE.c.created_at,
    "last_updated_at": TABLE.c.last_updated_at,
}

_COLUMNS = tuple(TABLE.c[name] for name in FeedbackDefinition.__struct_fields__)
_FIRST_PAGE = Paging()


@dataclass(frozen=True, slots=True)
class DefinitionQuery:
    """`name` is any part of a name. Without a sort by one of `SORTABLE`, the newest definition is first."""

    name: str | None = None
    type: str | None = None
    sort: Sort | None = None
    paging: Paging = _FIRST_PAGE


class FeedbackDefinitions:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, workspace_id: str, rule: FeedbackRule, user: str) -> str:
        """The id. Raises FeedbackDefinitionExists when the name is taken."""
        id, now = new_id(), now_us()
        row = {"id": id, "workspace_id": workspace_id, "created_at": now, "created_by": user} | _values(rule, user, now)
        if not await self._database.write(lambda c: insert_new(c, TABLE, row)):
            raise FeedbackDefinitionExists()
        return id

    async def get(self, workspace_id: str, id: str) -> FeedbackDefinition:
        query = select(*_COLUMNS).where(_has_id(workspace_id, [id]))
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        if row is None:
            raise FeedbackDefinitionNotFound()
        return FeedbackDefinition(*row)

    async def find(self, workspace_id: str, query: DefinitionQuery) -> Page[FeedbackDefinition]:
        return await self._database.read(lambda c: _find(c, workspace_id, query))

    async def replace(self, workspace_id: str, id: str, rule: FeedbackRule, user: str) -> None:
        """Raises FeedbackDefinitionNotFound, and FeedbackDefinitionExists when another one has the name."""
        change = update(TABLE).where(_has_id(workspace_id, [id])).values(_values(rule, user, now_us()))
        try:
            replaced = await self._database.write(lambda c: c.execute(change).rowcount)
        except IntegrityError as error:
            raise FeedbackDefinitionExists() from error
        if not replaced:
            raise FeedbackDefinitionNotFound()

    async def delete_many(self, workspace_id: str, ids: Sequence[str]) -> None:
        """Unknown ids are passed over."""
        await self._database.write(lambda c: c.execute(delete(TABLE).where(_has_id(workspace_id, ids))))


def _has_id(workspace_id: str, ids: Sequence[str]) -> ColumnElement[bool]:
    return and_(TABLE.c.workspace_id == workspace_id, TABLE.c.id.in_(ids))


def _find(connection: Connection, workspace_id: str, query: DefinitionQuery) -> Page[FeedbackDefinition]:
    has_type = true() if query.type is None else TABLE.c.type == query.type
    where = and_(TABLE.c.workspace_id == workspace_id, has_type, name_contains(TABLE, query.name))
    order = (*ordered(query.sort, SORTABLE), TABLE.c.id.desc())
    total, rows = read_page(connection, _COLUMNS, where, order, query.paging)
    return Page(query.paging.number, total, [FeedbackDefinition(*row) for row in rows])


def _values(rule: FeedbackRule, user: str, now: int) -> dict[str, object]:
    return {
        "name": tidy_name(rule.name),
        "name_key": name_key(rule.name),
        "description": None if rule.description is None else storable(rule.description),
        "type": rule.type,
        "details": rule.details,
        "last_updated_at": now,
        "last_updated_by": user,
    }
