"""The runs of agents' threads, as records: what was asked, how it stands, how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, select, true, update
from sqlalchemy.exc import IntegrityError

from weft.errors import AgentThreadNotFound, RunNotFound
from weft.model.agent_thread import ThreadProgress
from weft.model.instants import now_us
from weft.model.run import UNFINISHED, Run, RunEvent, RunStatus
from weft.registry.agent_threads import move_on
from weft.registry.database import Database
from weft.registry.run_events import put_events
from weft.registry.tables import RUNS

_COLUMNS = tuple(RUNS.c[name] for name in Run.__struct_fields__)

# Made once: SQLAlchemy takes longer to put a statement together than SQLite to execute it.
_INSERT = RUNS.insert()
_SET_STATUS = (
    update(RUNS)
    .where(RUNS.c.id == bindparam("of"))
    .values(status=bindparam("status"), error=bindparam("error"), updated_at=bindparam("updated_at"))
)


@dataclass(frozen=True, slots=True)
class RunQuery:
    """The runs of one thread."""

    workspace_id: str
    thread_id: str
    status: RunStatus | None = None
    limit: int = 10
    offset: int = 0


class RunRecords:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, run: Run, progress: ThreadProgress, *events: RunEvent) -> None:
        """Together with what it makes of its thread, and what it tells first. Raises AgentThreadNotFound."""
        try:
            await self._database.write(lambda c: _create(c, run, progress, events))
        except IntegrityError as error:
            raise AgentThreadNotFound(id=run.thread_id) from error

    async def get(self, workspace_id: str, thread_id: str, id: str) -> Run:
        """Raises RunNotFound, also for a run of another thread."""
        query = select(*_COLUMNS).where(_has_thread(workspace_id, thread_id), RUNS.c.id == id)
        row = await self._database.read(lambda c: c.execute(query).one_or_none())
        if row is None:
            raise RunNotFound(id=id)
        return Run(*row)

    async def find(self, query: RunQuery) -> list[Run]:
        """The newest first."""
        status = true() if query.status is None else RUNS.c.status == query.status
        found = select(*_COLUMNS).where(_has_thread(query.workspace_id, query.thread_id), status)
        page = found.order_by(RUNS.c.created_at.desc(), RUNS.c.id.desc()).limit(query.limit).offset(query.offset)
        return await self._database.read(lambda c: [Run(*row) for row in c.execute(page)])

    async def has_run(self, workspace_id: str, agent_id: str) -> bool:
        """Whether the agent has any run."""
        of_agent = select(RUNS.c.id).where(RUNS.c.workspace_id == workspace_id, RUNS.c.agent_id == agent_id).limit(1)
        return await self._database.read(lambda c: c.execute(of_agent).first() is not None)

    async def find_unfinished(self) -> list[Run]:
        """Those of every workspace that have not ended, the oldest first."""
        query = select(*_COLUMNS).where(RUNS.c.status.in_(UNFINISHED)).order_by(RUNS.c.created_at, RUNS.c.id)
        return await self._database.read(lambda c: [Run(*row) for row in c.execute(query)])

    async def set_status(self, id: str, status: RunStatus, error: Mapping[str, Any] | None = None) -> None:
        """An unknown id is passed over."""
        changed = {"of": id, "status": status, "error": error, "updated_at": now_us()}
        await self._database.write(lambda c: c.execute(_SET_STATUS, changed))

    async def delete(self, id: str) -> None:
        """With its events. An unknown id is passed over."""
        await self._database.write(lambda c: c.execute(delete(RUNS).where(RUNS.c.id == id)))


def _create(connection: Connection, run: Run, progress: ThreadProgress, events: Sequence[RunEvent]) -> None:
    connection.execute(_INSERT, _row(run))
    move_on(connection, run.thread_id, progress)
    put_events(connection, [(run.id, event) for event in events])


def _has_thread(workspace_id: str, thread_id: str) -> ColumnElement[bool]:
    return and_(RUNS.c.workspace_id == workspace_id, RUNS.c.thread_id == thread_id)


def _row(run: Run) -> dict[str, object]:
    return {column.name: getattr(run, column.name) for column in _COLUMNS}
