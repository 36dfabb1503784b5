"""Environments, made by hand or by the first trace or span that names one."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from weft.errors import EnvironmentExists, EnvironmentLimitReached, EnvironmentNotFound
from weft.model.environment import MAX_NAME, Environment, EnvironmentChanges, has_name_form
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.names import storable
from weft.registry.cache import RecentlyUsed
from weft.registry.database import Database, insert_new
from weft.registry.tables import ENVIRONMENTS

MAX_PER_WORKSPACE = 100

_CACHED = 4096
_COLUMNS = tuple(ENVIRONMENTS.c[name] for name in Environment.__struct_fields__)


class Environments:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: RecentlyUsed[tuple[str, str], bool] = RecentlyUsed(_CACHED)

    async def note(self, workspace_id: str, names: Iterable[str]) -> None:
        """Registers the names not registered yet.

        Passed over: names that are no environment names (Opik's contract: `^[A-Za-z0-9_-]+$`, at most 150 characters)
        and those beyond the 100 that a workspace may have.
        """
        unseen = {name for name in names if _is_name(name) and not self._noted.get((workspace_id, name))}
        if not unseen:
            return
        epoch = self._noted.epoch
        await self._database.write(lambda c: _register(c, workspace_id, sorted(unseen)))
        for name in unseen:
            self._noted.put((workspace_id, name), True, epoch)

    async def create(
        self, workspace_id: str, name: str, user: str, id: str | None = None, changes: EnvironmentChanges | None = None
    ) -> str:
        """The id. `changes` are what is known of it besides the name; without a position it is the last.

        Raises EnvironmentExists when the name or the id is taken, and EnvironmentLimitReached.
        """
        values = {"created_by": user, "last_updated_by": user} | _changed(changes or EnvironmentChanges())
        return await self._database.write(lambda c: _create(c, workspace_id, name, id or new_id(), values))

    async def get(self, workspace_id: str, id: str) -> Environment:
        query = select(*_COLUMNS).where(_has_id(workspace_id, [id]))
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        if row is None:
            raise EnvironmentNotFound()
        return Environment(*row)

    async def find_all(self, workspace_id: str) -> list[Environment]:
        """The oldest first."""
        of_workspace = select(*_COLUMNS).where(ENVIRONMENTS.c.workspace_id == workspace_id)
        oldest_first = of_workspace.order_by(ENVIRONMENTS.c.created_at, ENVIRONMENTS.c.id)
        return await self._database.read(lambda c: [Environment(*row) for row in c.execute(oldest_first)])

    async def update(self, workspace_id: str, id: str, changes: EnvironmentChanges, user: str) -> None:
        """Raises EnvironmentNotFound, and EnvironmentExists when another environment has the new name."""
        values = {"last_updated_at": now_us(), "last_updated_by": user} | _changed(changes)
        change = update(ENVIRONMENTS).where(_has_id(workspace_id, [id])).values(values)
        try:
            updated = await self._database.write(lambda c: c.execute(change).rowcount)
        except IntegrityError as error:
            raise EnvironmentExists(name=changes.name) from error
        finally:
            self._noted.clear()
        if not updated:
            raise EnvironmentNotFound()

    async def delete_many(self, workspace_id: str, ids: Sequence[str]) -> None:
        """Unknown ids are passed over. Traces and spans keep the name, and the next one that has it makes it again."""
        try:
            await self._database.write(lambda c: c.execute(delete(ENVIRONMENTS).where(_has_id(workspace_id, ids))))
        finally:
            self._noted.clear()


def _is_name(name: str) -> bool:
    return len(name) <= MAX_NAME and has_name_form(name)


def _has_id(workspace_id: str, ids: Sequence[str]) -> ColumnElement[bool]:
    return and_(ENVIRONMENTS.c.workspace_id == workspace_id, ENVIRONMENTS.c.id.in_(ids))


def _create(connection: Connection, workspace_id: str, name: str, id: str, values: dict[str, object]) -> str:
    of_workspace = select(func.count()).where(ENVIRONMENTS.c.workspace_id == workspace_id)
    count = connection.execute(of_workspace).scalar_one()
    if count >= MAX_PER_WORKSPACE:
        raise EnvironmentLimitReached(limit=MAX_PER_WORKSPACE)
    row = _row(workspace_id, name, count) | values | {"id": id, "name": name}
    if not insert_new(connection, ENVIRONMENTS, row):
        raise EnvironmentExists(name=name)
    return id


def _register(connection: Connection, workspace_id: str, names: list[str]) -> None:
    of_workspace = select(ENVIRONMENTS.c.name).where(ENVIRONMENTS.c.workspace_id == workspace_id)
    registered = set(connection.execute(of_workspace).scalars())
    fresh = [name for name in names if name not in registered]
    for position, name in enumerate(fresh[: max(0, MAX_PER_WORKSPACE - len(registered))], len(registered)):
        insert_new(connection, ENVIRONMENTS, _row(workspace_id, name, position))


def _row(workspace_id: str, name: str, position: int) -> dict[str, object]:
    now = now_us()
    return {
        "id": new_id(),
        "workspace_id": workspace_id,
        "name": name,
        "position": position,
        "created_at": now,
        "last_updated_at": now,
    }


def _changed(changes: EnvironmentChanges) -> dict[str, object]:
    values = {name: getattr(changes, name) for name in EnvironmentChanges.__struct_fields__}
    return {
        name: storable(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None
    }
