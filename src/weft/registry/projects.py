"""Projects by id and by name. Names are trimmed, found whatever their case, and keep their first spelling."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from sqlalchemy.exc import IntegrityError

from weft.errors import NotFound, ProjectExists
from weft.filters.sorting import Sort
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.names import name_key, storable, tidy_name
from weft.model.page import Page, Paging
from weft.model.project import DEFAULT_PROJECT, PRIVATE, Project, ProjectChanges
from weft.registry.cache import RecentlyUsed
from weft.registry.database import Database, insert_new
from weft.registry.listing import name_contains, ordered, read_page
from weft.registry.tables import PROJECTS

SORTABLE = {
    "name": PROJECTS.c.name_key,
    "created_at": PROJECTS.c.created_at,
    "last_updated_at": PROJECTS.c.last_updated_at,
}

_CACHED = 4096
_COLUMNS = tuple(PROJECTS.c[name] for name in Project.__struct_fields__)
_FIRST_PAGE = Paging()


@dataclass(frozen=True, slots=True)
class ProjectQuery:
    """`name` is any part of a name. Without a sort by one of `SORTABLE`, the newest project is first."""

    name: str | None = None
    sort: Sort | None = None
    paging: Paging = _FIRST_PAGE


class Projects:
    """Names already seen are answered from memory. Only this process's renames and deletions make it forget."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_name: RecentlyUsed[tuple[str, str], Project] = RecentlyUsed(_CACHED)

    async def ensure(self, workspace_id: str, name: str | None, user: str) -> Project:
        """The project of this name, made when there is none. Any number may ask at once: all get the same one.

        Opik's contract: no name, or a blank one, is `Default Project`; what is made here is private.
        """
        name = tidy_name(name or "") or DEFAULT_PROJECT
        found = await self.find_by_name(workspace_id, name)
        if found is not None:
            return found
        epoch = self._by_name.epoch
        project = await self._database.write(lambda c: _insert_or_read(c, workspace_id, _new(name, user)))
        self._by_name.put((workspace_id, name_key(name)), project, epoch)
        return project

    async def find_by_name(self, workspace_id: str, name: str) -> Project | None:
        key = (workspace_id, name_key(name))
        project = self._by_name.get(key)
        if project is None:
            epoch = self._by_name.epoch
            project = await self._database.read(lambda c: _read(c, _is_named(*key)))
            if project is not None:
                self._by_name.put(key, project, epoch)
        return project

    async def get(self, workspace_id: str, id: str) -> Project:
        project = await self._database.read(lambda c: _read(c, _has_id(workspace_id, id)))
        if project is None:
            raise NotFound(entity="Project id", id=id)
        return project

    async def create(
        self, workspace_id: str, name: str, user: str, description: str | None = None, visibility: str | None = None
    ) -> Project:
        """Raises ProjectExists when the name is taken."""
        project = _new(tidy_name(name), user, description, visibility)
        if not await self._database.write(lambda c: insert_new(c, PROJECTS, _row(workspace_id, project))):
            raise ProjectExists()
        return project

    async def find(self, workspace_id: str, query: ProjectQuery) -> Page[Project]:
        return await self._database.read(lambda c: _find(c, workspace_id, query))

    async def find_all(self, workspace_id: str, name: str | None = None) -> list[Project]:
        """As `find`, all on one page."""
        return (await self.find(workspace_id, ProjectQuery(name, paging=Paging(size=sys.maxsize)))).items

    async def update(self, workspace_id: str, id: str, changes: ProjectChanges, user: str) -> None:
        """Raises NotFound, and ProjectExists when another project has the new name."""
        try:
            updated = await self._database.write(lambda c: _update(c, workspace_id, id, changes, user))
        except IntegrityError as error:
            raise ProjectExists() from error
        finally:
            self._by_name.clear()
        if not updated:
            raise NotFound(entity="Project id", id=id)

    async def delete_many(self, workspace_id: str, ids: Sequence[str]) -> None:
        """Deletes the projects themselves, not their traces (see `core.projects`). Unknown ids are passed over."""
        gone = and_(PROJECTS.c.workspace_id == workspace_id, PROJECTS.c.id.in_(ids))
        try:
            await self._database.write(lambda c: c.execute(delete(PROJECTS).where(gone)))
        finally:
            self._by_name.clear()


def _is_named(workspace_id: str, key: str) -> ColumnElement[bool]:
    return and_(PROJECTS.c.workspace_id == workspace_id, PROJECTS.c.name_key == key)


def _has_id(workspace_id: str, id: str) -> ColumnElement[bool]:
    return and_(PROJECTS.c.workspace_id == workspace_id, PROJECTS.c.id == id)


def _read(connection: Connection, where: ColumnElement[bool]) -> Project | None:
    row = connection.execute(select(*_COLUMNS).where(where)).one_or_none()
    return None if row is None else Project(*row)


def _insert_or_read(connection: Connection, workspace_id: str, project: Project) -> Project:
    if insert_new(connection, PROJECTS, _row(workspace_id, project)):
        return project
    named = _is_named(workspace_id, name_key(project.name))
    return Project(*connection.execute(select(*_COLUMNS).where(named)).one())


def _find(connection: Connection, workspace_id: str, query: ProjectQuery) -> Page[Project]:
    where = and_(PROJECTS.c.workspace_id == workspace_id, name_contains(PROJECTS, query.name))
    order = (*ordered(query.sort, SORTABLE), PROJECTS.c.id.desc())
    total, rows = read_page(connection, _COLUMNS, where, order, query.paging)
    return Page(query.paging.number, total, [Project(*row) for row in rows])


def _update(connection: Connection, workspace_id: str, id: str, changes: ProjectChanges, user: str) -> bool:
    values = {"last_updated_at": now_us(), "last_updated_by": user} | _changed(changes)
    return connection.execute(update(PROJECTS).where(_has_id(workspace_id, id)).values(values)).rowcount > 0


def _changed(changes: ProjectChanges) -> dict[str, str]:
    values: dict[str, str] = {}
    if changes.name is not None:
        values |= {"name": tidy_name(changes.name), "name_key": name_key(changes.name)}
    if changes.description is not None:
        values["description"] = storable(changes.description)
    if changes.visibility is not None:
        values["visibility"] = changes.visibility
    return values


def _new(name: str, user: str, description: str | None = None, visibility: str | None = None) -> Project:
    now = now_us()
    return Project(
        id=new_id(),
        name=name,
        visibility=visibility or PRIVATE,
        description=None if description is None else storable(description),
        created_at=now,
        last_updated_at=now,
        created_by=user,
        last_updated_by=user,
    )


def _row(workspace_id: str, project: Project) -> dict[str, object]:
    row = {column.name: getattr(project, column.name) for column in _COLUMNS}
    return row | {"workspace_id": workspace_id, "name_key": name_key(project.name)}
