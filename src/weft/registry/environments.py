"""Environments, which register themselves: the first record that names one makes it."""

import re
from collections.abc import Iterable

from sqlalchemy import Connection, select

from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.registry.cache import RecentlyUsed
from weft.registry.database import Database, insert_new
from weft.registry.tables import ENVIRONMENTS

MAX_PER_WORKSPACE = 100

_NAME = re.compile(r"[A-Za-z0-9_-]{1,150}")
_CACHED = 4096


class Environments:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: RecentlyUsed[tuple[str, str], bool] = RecentlyUsed(_CACHED)

    async def note(self, workspace_id: str, names: Iterable[str]) -> None:
        """Registers the names not registered yet.

        Passed over: names that are no environment names (Opik's contract: `^[A-Za-z0-9_-]+$`, at most 150 characters)
        and those beyond the 100 that a workspace may have.
        """
        unseen = {name for name in names if _NAME.fullmatch(name) and not self._noted.get((workspace_id, name))}
        if not unseen:
            return
        epoch = self._noted.epoch
        await self._database.write(lambda c: _register(c, workspace_id, sorted(unseen)))
        for name in unseen:
            self._noted.put((workspace_id, name), True, epoch)


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
