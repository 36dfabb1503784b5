"""The relational side: what is small, has unique names and needs transactions."""

from pathlib import Path

from sqlalchemy import select

from weft.errors import StoreUnavailable
from weft.registry.database import Database
from weft.registry.environments import Environments
from weft.registry.feedback_definitions import FeedbackDefinitions
from weft.registry.otel_traces import OtelTraces
from weft.registry.projects import Projects
from weft.registry.schema import CannotOpenRegistry, bring_up_to_date
from weft.registry.tables import WORKSPACES
from weft.registry.workspaces import Workspaces

__all__ = ["CannotOpenRegistry", "Registry", "open_registry"]


class Registry:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.workspaces = Workspaces(database)
        self.projects = Projects(database)
        self.environments = Environments(database)
        self.feedback_definitions = FeedbackDefinitions(database)
        self.otel_traces = OtelTraces(database)

    async def ping(self) -> None:
        """Raises StoreUnavailable when the database does not answer."""
        await self._database.read(lambda c: c.execute(select(WORKSPACES.c.id).limit(1)).all())

    async def close(self) -> None:
        await self._database.close()


async def open_registry(location: str | Path) -> Registry:
    """Opens, makes or migrates the database at a SQLAlchemy URL or at the path of a SQLite file.

    Raises CannotOpenRegistry, also when a later version of Weft made it.
    """
    database = Database(location)
    try:
        await database.write(bring_up_to_date)
    except StoreUnavailable as error:
        await database.close()
        raise CannotOpenRegistry(f"{location}: {error.fields['reason']}") from error
    except BaseException:
        await database.close()
        raise
    return Registry(database)
