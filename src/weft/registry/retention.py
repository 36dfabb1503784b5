"""How many days each project is kept. Read anew each time, as the command sets it behind a running server's back."""

from sqlalchemy import Connection, delete, select

from weft.errors import NotFound
from weft.model.retention import ProjectRetention
from weft.registry.database import Database
from weft.registry.tables import PROJECTS, RETENTION, WORKSPACES

_ALL = (
    select(WORKSPACES.c.id, WORKSPACES.c.name, PROJECTS.c.id, PROJECTS.c.name, RETENTION.c.days)
    .join(PROJECTS, PROJECTS.c.workspace_id == WORKSPACES.c.id)
    .outerjoin(RETENTION, RETENTION.c.project_id == PROJECTS.c.id)
    .order_by(WORKSPACES.c.name, PROJECTS.c.name_key)
)


class Retention:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[ProjectRetention]:
        """Every project of every workspace."""
        return await self._database.read(lambda c: [ProjectRetention(*row) for row in c.execute(_ALL)])

    async def get(self, workspace_id: str, project_id: str) -> int | None:
        """The project's own days, None if it follows the default. Raises NotFound."""
        return await self._database.read(lambda c: _get(c, workspace_id, project_id))

    async def put(self, workspace_id: str, project_id: str, days: int | None) -> None:
        """Raises NotFound."""
        await self._database.write(lambda c: _put(c, workspace_id, project_id, days))


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
