"""The relational side: what is small, has unique names and needs transactions."""

from pathlib import Path

from sqlalchemy import func, select

from weft.errors import StoreUnavailable
from weft.registry.agent_records import AgentRecords
from weft.registry.agent_threads import AgentThreads
from weft.registry.agents import Agents
from weft.registry.api_keys import ApiKeys
from weft.registry.auth_sessions import AuthSessions
from weft.registry.database import Database
from weft.registry.environments import Environments
from weft.registry.feedback_definitions import FeedbackDefinitions
from weft.registry.mcp_servers import McpServers
from weft.registry.oauth_providers import OAuthProviders
from weft.registry.otel_traces import OtelTraces
from weft.registry.projects import Projects
from weft.registry.retention import Retention
from weft.registry.run_events import RunEvents
from weft.registry.runs import RunRecords
from weft.registry.schema import CannotOpenRegistry, bring_up_to_date
from weft.registry.secrets import Secrets
from weft.registry.tables import METADATA, WORKSPACES
from weft.registry.workspaces import Workspaces

__all__ = ["CannotOpenRegistry", "Registry", "open_registry"]

KEY_FILE = "secret.key"


class Registry:
    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self.workspaces = Workspaces(database)
        self.api_keys = ApiKeys(database)
        self.agents = Agents(database)
        self.agent_records = AgentRecords(database)
        self.projects = Projects(database)
        self.retention = Retention(database)
        self.environments = Environments(database)
        self.feedback_definitions = FeedbackDefinitions(database)
        self.otel_traces = OtelTraces(database)
        self.agent_threads = AgentThreads(database)
        self.runs = RunRecords(database)
        self.run_events = RunEvents(database)
        self.mcp_servers = McpServers(database, secrets)
        self.oauth_providers = OAuthProviders(database, secrets)
        self.auth_sessions = AuthSessions(database, secrets)

    async def ping(self) -> None:
        """Raises StoreUnavailable when the database does not answer."""
        await self._database.read(lambda c: c.execute(select(WORKSPACES.c.id).limit(1)).all())

    async def count_rows(self) -> dict[str, int]:
        """By table."""
        counts = {name: select(func.count()).select_from(table) for name, table in METADATA.tables.items()}
        return await self._database.read(
            lambda c: {name: c.execute(count).scalar_one() for name, count in sorted(counts.items())}
        )

    async def close(self) -> None:
        await self._database.close()


async def open_registry(location: str | Path, secrets: Secrets | None = None) -> Registry:
    """Opens, makes or migrates the database at a SQLAlchemy URL or at the path of a SQLite file. Without
    `secrets`, their key is in a file next to it.

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
    return Registry(database, secrets or Secrets(Path(location).parent / KEY_FILE))
