"""Workspaces and what is configured for them. There is one, `default`, from the start."""

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select

from weft.errors import WorkspaceExists
from weft.model.ids import new_id
from weft.model.workspace import INACTIVE_AFTER_S, WorkspaceConfiguration
from weft.registry.cache import RecentlyUsed
from weft.registry.database import Database, insert_new
from weft.registry.tables import WORKSPACE_CONFIGURATIONS as CONFIGURATIONS
from weft.registry.tables import WORKSPACES

DEFAULT_WORKSPACE = "default"
DEFAULT_WORKSPACE_ID = "0190babc-62a0-71d2-832a-0feffa4676eb"

_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    name: str


class Workspaces:
    """Configurations already seen are answered from memory. Only this process's changes make it forget."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._configurations: RecentlyUsed[str, tuple[WorkspaceConfiguration | None]] = RecentlyUsed(_CACHED)

    async def find_by_name(self, name: str) -> Workspace | None:
        return await self._database.read(lambda c: _read(c, name))

    async def find_all(self) -> list[Workspace]:
        query = select(WORKSPACES.c.id, WORKSPACES.c.name).order_by(WORKSPACES.c.name)
        return await self._database.read(lambda c: [Workspace(*row) for row in c.execute(query)])

    async def create(self, name: str) -> Workspace:
        """Raises WorkspaceExists."""
        workspace = Workspace(new_id(), name)
        if not await self._database.write(lambda c: insert_new(c, WORKSPACES, asdict(workspace))):
            raise WorkspaceExists(name=name)
        return workspace

    async def configuration(self, workspace_id: str) -> WorkspaceConfiguration | None:
        """None when nothing has been put, or what was put has been deleted."""
        cached = self._configurations.get(workspace_id)
        if cached is None:
            epoch = self._configurations.epoch
            cached = (await self._database.read(lambda c: _read_configuration(c, workspace_id)),)
            self._configurations.put(workspace_id, cached, epoch)
        return cached[0]

    async def inactive_after_us(self, workspace_id: str) -> int:
        """How long after its last trace a thread is inactive, in microseconds."""
        configuration = await self.configuration(workspace_id)
        seconds = configuration.inactive_after_s if configuration else None
        return (INACTIVE_AFTER_S if seconds is None else seconds) * 1_000_000

    async def put_configuration(self, workspace_id: str, configuration: WorkspaceConfiguration) -> None:
        """Replaces all of it."""
        try:
            await self._database.write(lambda c: _put_configuration(c, workspace_id, configuration))
        finally:
            self._configurations.clear()

    async def delete_configuration(self, workspace_id: str) -> None:
        try:
            await self._database.write(lambda c: _delete_configuration(c, workspace_id))
        finally:
            self._configurations.clear()


def _read(connection: Connection, name: str) -> Workspace | None:
    columns = (WORKSPACES.c.id, WORKSPACES.c.name)
    row = connection.execute(select(*columns).where(WORKSPACES.c.name == name)).one_or_none()
    return None if row is None else Workspace(*row)


def _read_configuration(connection: Connection, workspace_id: str) -> WorkspaceConfiguration | None:
    columns = (CONFIGURATIONS.c[name] for name in WorkspaceConfiguration.__struct_fields__)
    row = connection.execute(select(*columns).where(CONFIGURATIONS.c.workspace_id == workspace_id)).one_or_none()
    if row is None:
        return None
    inactive_after_s, truncation_on_tables, color_map = row
    return WorkspaceConfiguration(inactive_after_s, truncation_on_tables, color_map and json.loads(color_map))


def _put_configuration(connection: Connection, workspace_id: str, configuration: WorkspaceConfiguration) -> None:
    colors = configuration.color_map
    row = {
        "workspace_id": workspace_id,
        "inactive_after_s": configuration.inactive_after_s,
        "truncation_on_tables": configuration.truncation_on_tables,
        "color_map": None if colors is None else json.dumps(dict(colors)),
    }
    _delete_configuration(connection, workspace_id)
    connection.execute(CONFIGURATIONS.insert().values(row))


def _delete_configuration(connection: Connection, workspace_id: str) -> None:
    connection.execute(delete(CONFIGURATIONS).where(CONFIGURATIONS.c.workspace_id == workspace_id))
