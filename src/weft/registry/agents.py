"""Agents, each with the newest commit of its file tree. An edit of a tree is a function, called in the transaction that
keeps what it gives; what it raises leaves everything as it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, select, update

from weft.errors import AgentCommitNotFound, AgentNotFound, StaleParent
from weft.model.agent import Agent, AgentChanges, AgentRevision, Commit, Tree
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.names import name_key, storable, tidy_name
from weft.registry.agent_trees import add_commit, forget_texts, newest_commits, read_commit, read_tree, text_hashes
from weft.registry.cache import RecentlyUsed
from weft.registry.database import Database
from weft.registry.keyset import Keyset
from weft.registry.listing import name_contains
from weft.registry.tables import AGENTS

MIN_HASH = 8  # hexadecimal digits that may stand for a whole hash

T = TypeVar("T")
Edit = Callable[[Tree], Tree]
SortBy = Literal["created_at", "updated_at", "name"]

# The contract, C.2 and C.4.
DEFAULTS: Mapping[str, Any] = {
    "name": "",
    "description": "",
    "permissions": {
        "identity": "personal",
        "visibility": "tenant",
        "tenant_access_level": "read",
        "shared_users": {"read": [], "run": [], "update": []},
    },
    "runtime": {},
    "backend": {"type": "state"},
    "extras": {},
    "configurable": {},
    "timezone": "UTC",
}

_SORTS = {"created_at": AGENTS.c.created_at, "updated_at": AGENTS.c.updated_at, "name": AGENTS.c.name_key}
_CACHED = 256
_COLUMNS = tuple(AGENTS.c[name] for name in Agent.__struct_fields__)
_BY_ID = select(*_COLUMNS).where(AGENTS.c.workspace_id == bindparam("workspace_id"), AGENTS.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class AgentQuery:
    """`name` is any part of a name. `cursor` is that which the page before gave, in the same order."""

    owner_id: str
    name: str | None = None
    sort_by: SortBy = "updated_at"
    descending: bool = True
    size: int = 20
    cursor: str | None = None

    @property
    def order(self) -> Keyset:
        return Keyset(self.sort_by, _SORTS[self.sort_by], AGENTS.c.id, self.descending)


@dataclass(frozen=True, slots=True)
class AgentPage:
    items: list[Agent]
    next_cursor: str | None


class Agents:
    """Those used last are kept in memory, with the trees of their newest commits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._agents: RecentlyUsed[tuple[str, str], Agent] = RecentlyUsed(_CACHED)
        self._trees: RecentlyUsed[tuple[str, str], Tree] = RecentlyUsed(_CACHED)

    async def create(self, workspace_id: str, owner_id: str, values: AgentChanges, tree: Tree) -> AgentRevision:
        return await self._write(lambda c: _create(c, workspace_id, owner_id, values, tree))

    async def get(self, workspace_id: str, id: str) -> Agent:
        """Raises AgentNotFound."""
        key, epoch = (workspace_id, id), self._agents.epoch
        agent = self._agents.get(key)
        if agent is None:
            agent = await self._database.read(lambda c: _read(c, workspace_id, id))
            self._agents.put(key, agent, epoch)
        return agent

    async def revision(self, workspace_id: str, id: str) -> AgentRevision:
        """The agent at its newest commit. Raises AgentNotFound."""
        agent = await self.get(workspace_id, id)
        key = (agent.id, agent.revision)
        tree = self._trees.get(key)
        if tree is None:
            _, tree = await self.tree(workspace_id, id, agent.revision)
            self._trees.put(key, tree, self._trees.epoch)
        return AgentRevision(agent, tree)

    async def newest(self) -> AgentRevision | None:
        """The one that was changed last, in whatever workspace. None if there are no agents."""
        last = select(AGENTS.c.workspace_id, AGENTS.c.id).order_by(AGENTS.c.updated_at.desc(), AGENTS.c.id).limit(1)
        found = await self._database.read(lambda c: c.execute(last).one_or_none())
        return None if found is None else await self.revision(found.workspace_id, found.id)

    async def tree(self, workspace_id: str, id: str, hash: str | None = None) -> tuple[Commit, Tree]:
        """At the newest commit, or at that with this hash, or the only one whose hash begins so.

        Raises AgentNotFound and AgentCommitNotFound.
        """
        return await self._database.read(lambda c: _read_tree(c, workspace_id, id, hash))

    async def commits(self, workspace_id: str, id: str, limit: int) -> list[Commit]:
        """The newest first. Raises AgentNotFound."""
        return await self._database.read(lambda c: _commits(c, workspace_id, id, limit))

    async def find(self, workspace_id: str, query: AgentQuery) -> AgentPage:
        """Raises InvalidCursor."""
        return await self._database.read(lambda c: _find(c, workspace_id, query))

    async def update(self, workspace_id: str, id: str, values: AgentChanges, edit: Edit | None = None) -> AgentRevision:
        """With an edit, there is a new commit even of an equal tree. Raises AgentNotFound, and what `edit` raises."""
        return await self._write(lambda c: _update(c, workspace_id, id, values, edit))

    async def commit(self, workspace_id: str, id: str, edit: Edit, parent: str | None = None) -> Commit:
        """`parent` is the hash, or the beginning of the hash, of the commit that the edit was made for.

        Raises AgentNotFound, StaleParent when that is not the newest any more, and what `edit` raises.
        """
        return await self._write(lambda c: _commit(c, workspace_id, id, edit, parent))

    async def delete(self, workspace_id: str, id: str) -> None:
        """With all its commits. An unknown one is passed over."""
        await self._write(lambda c: _delete(c, workspace_id, id))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._database.write(work)
        finally:
            self._agents.clear()


def _has_id(workspace_id: str, id: str) -> ColumnElement[bool]:
    return and_(AGENTS.c.workspace_id == workspace_id, AGENTS.c.id == id)


def _read(connection: Connection, workspace_id: str, id: str) -> Agent:
    row = connection.execute(_BY_ID, {"workspace_id": workspace_id, "id": id}).one_or_none()
    if row is None:
        raise AgentNotFound(id=id)
    return Agent(*row)


def _read_revision(connection: Connection, workspace_id: str, id: str) -> AgentRevision:
    return AgentRevision(_read(connection, workspace_id, id), _read_tree(connection, workspace_id, id)[1])


def _read_tree(connection: Connection, workspace_id: str, id: str, hash: str | None = None) -> tuple[Commit, Tree]:
    newest = _read(connection, workspace_id, id).revision
    hash = newest if hash is None else hash
    commit = read_commit(connection, id, hash) if len(hash) >= MIN_HASH else None
    if commit is None:
        raise AgentCommitNotFound(id=hash)
    return commit, read_tree(connection, commit.id)


def _commits(connection: Connection, workspace_id: str, id: str, limit: int) -> list[Commit]:
    _read(connection, workspace_id, id)
    return newest_commits(connection, id, limit)


def _create(
    connection: Connection, workspace_id: str, owner_id: str, values: AgentChanges, tree: Tree
) -> AgentRevision:
    id, now = new_id(), now_us()
    row = {**DEFAULTS, **_changed(values)}
    row |= {"id": id, "workspace_id": workspace_id, "owner_id": owner_id, "created_at": now, "updated_at": now}
    connection.execute(AGENTS.insert().values(**row, revision=""))
    _advance(connection, id, None, tree)
    return _read_revision(connection, workspace_id, id)


def _find(connection: Connection, workspace_id: str, query: AgentQuery) -> AgentPage:
    owned = and_(AGENTS.c.workspace_id == workspace_id, AGENTS.c.owner_id == query.owner_id)
    found = select(*_COLUMNS).where(owned, name_contains(AGENTS, query.name))
    rows, next_cursor = query.order.page(connection, found, query.size, query.cursor)
    return AgentPage([Agent(*row[: len(_COLUMNS)]) for row in rows], next_cursor)


def _update(
    connection: Connection, workspace_id: str, id: str, values: AgentChanges, edit: Edit | None
) -> AgentRevision:
    before = _read_revision(connection, workspace_id, id)
    if edit:
        _advance(connection, id, before.agent.revision, edit(before.tree))
    if changed := _changed(values):
        connection.execute(update(AGENTS).where(AGENTS.c.id == id).values(**changed, updated_at=now_us()))
    return _read_revision(connection, workspace_id, id)


def _commit(connection: Connection, workspace_id: str, id: str, edit: Edit, parent: str | None) -> Commit:
    before = _read_revision(connection, workspace_id, id)
    newest = before.agent.revision
    if parent is not None and not (len(parent) >= MIN_HASH and newest.startswith(parent)):
        raise StaleParent(parent=parent, newest=newest)
    return _advance(connection, id, newest, edit(before.tree))


def _advance(connection: Connection, id: str, parent: str | None, tree: Tree) -> Commit:
    commit = add_commit(connection, id, parent, tree)
    moved = {"revision": commit.hash, "updated_at": now_us()}
    connection.execute(update(AGENTS).where(AGENTS.c.id == id).values(**moved))
    return commit


def _delete(connection: Connection, workspace_id: str, id: str) -> None:
    texts = text_hashes(connection, id)
    if connection.execute(delete(AGENTS).where(_has_id(workspace_id, id))).rowcount:
        forget_texts(connection, texts)


def _changed(values: AgentChanges) -> dict[str, Any]:
    changed = values.given()
    if "name" in changed:
        changed |= {"name": tidy_name(changed["name"]), "name_key": name_key(changed["name"])}
    if "description" in changed:
        changed["description"] = storable(changed["description"])
    return changed
