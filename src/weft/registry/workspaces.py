"""Workspaces. There is one, `default`, from the start."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from weft.registry.database import Database
from weft.registry.tables import WORKSPACES

DEFAULT_WORKSPACE = "default"
DEFAULT_WORKSPACE_ID = "0190babc-62a0-71d2-832a-0feffa4676eb"


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    name: str


class Workspaces:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_name(self, name: str) -> Workspace | None:
        return await self._database.read(lambda c: _read(c, name))


def _read(connection: Connection, name: str) -> Workspace | None:
    columns = (WORKSPACES.c.id, WORKSPACES.c.name)
    row = connection.execute(select(*columns).where(WORKSPACES.c.name == name)).one_or_none()
    return None if row is None else Workspace(*row)
