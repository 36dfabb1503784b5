"""What agents leave behind in every workspace, for retention: threads in which nothing goes on, and ended runs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, select

from weft.model.agent_thread import AGENT_NAME
from weft.model.retention import AgentRecord
from weft.model.run import UNFINISHED
from weft.registry.database import Database
from weft.registry.tables import AGENT_THREADS, RUNS

_AGENT_NAME = AGENT_THREADS.c.metadata[AGENT_NAME].as_string()
_THREADS = select(
    AGENT_THREADS.c.id, AGENT_THREADS.c.workspace_id, _AGENT_NAME, AGENT_THREADS.c.state_updated_at
).where(AGENT_THREADS.c.status != "busy")
_RUNS = (
    select(RUNS.c.id, RUNS.c.workspace_id, _AGENT_NAME, RUNS.c.updated_at)
    .join(AGENT_THREADS, AGENT_THREADS.c.id == RUNS.c.thread_id)
    .where(RUNS.c.status.not_in(UNFINISHED))
)


class AgentRecords:
    """Found by id, from the one after `after_id`; those of before `before_us` only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_threads(self, before_us: int, after_id: str, limit: int) -> list[AgentRecord]:
        old = _THREADS.where(AGENT_THREADS.c.state_updated_at < before_us, AGENT_THREADS.c.id > after_id)
        return await self._find(old.order_by(AGENT_THREADS.c.id).limit(limit))

    async def find_runs(self, before_us: int, after_id: str, limit: int) -> list[AgentRecord]:
        old = _RUNS.where(RUNS.c.updated_at < before_us, RUNS.c.id > after_id)
        return await self._find(old.order_by(RUNS.c.id).limit(limit))

    async def delete_runs(self, ids: Sequence[str]) -> None:
        """With their events, not what they did to their threads."""
        await self._database.write(lambda c: c.execute(delete(RUNS).where(RUNS.c.id.in_(ids))))

    async def _find(self, query: Select[Any]) -> list[AgentRecord]:
        return await self._database.read(lambda c: [AgentRecord(*row) for row in c.execute(query)])
