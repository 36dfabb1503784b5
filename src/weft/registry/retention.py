"""How many days projects and workspaces are kept. Read anew each time, as the command sets it behind a running server's
back."""

from sqlalchemy import Connection, delete, select

from weft.errors import NotFound
from weft.model.retention import ProjectRetention, WorkspaceRetention
from weft.registry.database import Database
from weft.registry.tables import PROJECTS, RETENTION, WORKSPACE_RETENTION, WORKSPACES

_ALL = (
    select(WORKSPACES.c.id, WORKSPACES.c.name, PROJECTS.c.id, PROJECTS.c.name, RETENTION.c.days)
    .join(PROJECTS, PROJECTS.c.workspace_id == WORKSPACES.c.id)
    .outerjoin(RETENTION, RETENTION.c.project_id == PROJECTS.c.id)
    .order_by(WORKSPACES.c.name, PROJECTS.c.name_key)
)
_WORKSPACES = (
    select(WORKSPACES.c.id, WORKSPACES.c.name, WORKSPACE_RETENTION.c.days)
    .join(WORKSPACE_RETENTION, WORKSPACE_RETENTION.c.workspace_id == WORKSPACES.c.id)
    .order_by(WORKSPACES.c.name)
)


class Retention:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[ProjectRetention]:
        """Every project of every workspace."""
        return await self._database.read(lambda c: [ProjectRetention(*row) for row in c.execute(_ALL)])

    async def find_of(self, workspace_id: str) -> list[ProjectRetention]:
        """Every project of the workspace."""
        own = _ALL.where(WORKSPACES.c.id == workspace_id)
        return await self._database.read(lambda c: [ProjectRetention(*row) for row in c.execute(own)])

    async def get(self, workspace_id: str, project_id: str) -> int | None:
        """The project's own days, None if it follows its workspace. Raises NotFound."""
        return await self._database.read(lambda c: _get(c, workspace_id, project_id))

    async def put(self, workspace_id: str, project_id: str, days: int | None) -> None:
        """Raises NotFound."""
        await self._database.write(lambda c: _put(c, workspace_id, project_id, days))

    async def workspaces(self) -> list[WorkspaceRetention]:
        """Those that do not follow the server."""
        return await self._database.read(lambda c: [WorkspaceRetention(*row) for row in c.execute(_WORKSPACES)])

    async def get_workspace(self, workspace_id: str) -> int | None:
        """Its own days, None if it follows the server."""
        own = select(WORKSPACE_RETENTION.c.days).where(WORKSPACE_RETENTION.c.workspace_id == workspace_id)
        return await self._database.read(lambda c: c.execute(own).scalar_one_or_none())

    async def put_workspace(self, workspace_id: str, days: int | None) -> None:
        await self._database.write(lambda c: _put_workspace(c, workspace_id, days))


def _get(connection: Connection, workspace_id: str, project_id: str) -> int | None:
    own = _ALL.where(WORKSPACES.c.id == workspace_id, PROJECTS.c.id == project_id)
    row = connection.execute(own).one_or_none()
    if row is None:
        raise NotFound(entity="Project id", id=project_id)
    return ProjectRetention(*row).days


def _put(connection: Connection, workspace_id: str, project_id: str, days: int | None) -> None:
    _get(connection, workspace_id, project_id)
    connection.execute(delete(RETENTION).where(RETENTION.c.project_id == project_id))
    if days is not None:
        connection.execute(RETENTION.insert().values(project_id=project_id, days=days))


def _put_workspace(connection: Connection, workspace_id: str, days: int | None) -> None:
    connection.execute(delete(WORKSPACE_RETENTION).where(WORKSPACE_RETENTION.c.workspace_id == workspace_id))
    if days is not None:
        connection.execute(WORKSPACE_RETENTION.insert().values(workspace_id=workspace_id, days=days))
