"""Threads of agents: made, edited, moved on by runs, deleted. How they are found is in `agent_thread_queries`."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update

from weft.errors import AgentThreadExists, AgentThreadNotFound
from weft.model.agent_thread import (
    AgentThread,
    Interrupts,
    ThreadChanges,
    ThreadProgress,
    ThreadStatus,
    copied,
    edited,
    new_thread,
    progressed,
)
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.outcome import Outcome
from weft.registry.agent_thread_queries import (
    COLUMNS,
    ThreadQuery,
    ThreadSearch,
    count_threads,
    count_threads_needing_attention,
    find_threads,
    read_threads,
    search_threads,
)
from weft.registry.database import Database, insert_new
from weft.registry.tables import AGENT_THREAD_VALUES, AGENT_THREADS

_FLAGS = ("is_pinned", "is_test_run", "needs_attention")
_CHANGING = ("title", "status", "metadata", "interrupts", "error", "updated_at", "state_updated_at", *_FLAGS)
_BY_ID = select(*COLUMNS).where(AGENT_THREADS.c.id == bindparam("id"))
_PUT = update(AGENT_THREADS).where(AGENT_THREADS.c.id == bindparam("of"))


class AgentThreads:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self,
        workspace_id: str,
        agent_id: str,
        owner_id: str,
        *,
        id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        keep_existing: bool = False,
    ) -> AgentThread:
        """Whether there is such an agent is not asked. With `keep_existing`, the thread of this id is the result when
        there is one. Raises AgentThreadExists when the id is taken, by another workspace in any case."""
        thread = new_thread(id or new_id(), workspace_id, agent_id, owner_id, metadata or {}, now_us())
        return await self._database.write(lambda c: _create(c, thread, keep_existing))

    async def get(self, workspace_id: str, id: str) -> AgentThread:
        """Raises AgentThreadNotFound."""
        return await self._database.read(lambda c: _get(c, workspace_id, id))

    async def values(self, ids: Sequence[str]) -> dict[str, Any]:
        """By thread id: the values of the state at the end of the last run. No entry for threads that have not run."""
        query = select(AGENT_THREAD_VALUES).where(AGENT_THREAD_VALUES.c.thread_id.in_(ids))
        return await self._database.read(lambda c: {row.thread_id: row.content for row in c.execute(query)})

    async def find(self, workspace_id: str, query: ThreadQuery) -> tuple[list[AgentThread], str | None]:
        """A page, the latest activity first, and the cursor of the next one if there is one. Raises InvalidCursor."""
        return await self._database.read(lambda c: find_threads(c, workspace_id, query))

    async def search(self, workspace_id: str, search: ThreadSearch) -> tuple[int, list[AgentThread]]:
        """How many there are, and those of the page."""
        return await self._database.read(lambda c: search_threads(c, workspace_id, search))

    async def count(self, workspace_id: str, search: ThreadSearch) -> int:
        return await self._database.read(lambda c: count_threads(c, workspace_id, search))

    async def count_needing_attention(self, workspace_id: str, agent_id: str | None = None) -> int:
        """Test runs do not count."""
        return await self._database.read(lambda c: count_threads_needing_attention(c, workspace_id, agent_id))

    async def update(self, workspace_id: str, id: str, changes: ThreadChanges) -> AgentThread:
        """The thread as it is then. Raises AgentThreadNotFound."""
        return await self._database.write(lambda c: _update(c, workspace_id, id, changes))

    async def update_many(self, workspace_id: str, ids: Sequence[str], changes: ThreadChanges) -> list[Outcome]:
        """One outcome for each id, in their order. None of them stands in the way of another, and a crash leaves all
        or none (decision 0016)."""
        return await self._database.write(lambda c: _update_many(c, workspace_id, ids, changes))

    async def set_state(
        self,
        id: str,
        *,
        status: ThreadStatus,
        interrupts: Interrupts,
        error: Mapping[str, Any] | None,
        at: int,
        first_message_preview: str | None = None,
        agent_name: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """What a run does to its thread (see `ThreadProgress`). `values` are what `values()` gives then. One that was
        deleted meanwhile stays so."""
        progress = ThreadProgress(status, at, interrupts, error, first_message_preview, agent_name)
        await self._database.write(lambda c: move_on(c, id, progress, values))

    async def copy_row(self, workspace_id: str, id: str, new_id: str) -> AgentThread:
        """The copy, without runs: it is idle unless it waits for a human. Raises AgentThreadNotFound."""
        return await self._database.write(lambda c: _copy(c, workspace_id, id, new_id))

    async def delete(self, workspace_id: str, id: str) -> AgentThread | None:
        """With its runs and their events. The thread as it was, None if there was none."""
        return await self._database.write(lambda c: _delete(c, workspace_id, id))


def _has_id(workspace_id: str, id: str) -> ColumnElement[bool]:
    return and_(AGENT_THREADS.c.workspace_id == workspace_id, AGENT_THREADS.c.id == id)


def _read(connection: Connection, id: str) -> AgentThread | None:
    row = connection.execute(_BY_ID, {"id": id}).one_or_none()
    return None if row is None else AgentThread(*row)


def _find(connection: Connection, workspace_id: str, id: str) -> AgentThread | None:
    thread = _read(connection, id)
    return thread if thread is not None and thread.workspace_id == workspace_id else None


def _get(connection: Connection, workspace_id: str, id: str) -> AgentThread:
    thread = _find(connection, workspace_id, id)
    if thread is None:
        raise AgentThreadNotFound(id=id)
    return thread


def _create(connection: Connection, thread: AgentThread, keep_existing: bool) -> AgentThread:
    if insert_new(connection, AGENT_THREADS, row_of(thread)):
        return thread
    existing = _find(connection, thread.workspace_id, thread.id) if keep_existing else None
    if existing is None:
        raise AgentThreadExists(id=thread.id)
    return existing


def _update(connection: Connection, workspace_id: str, id: str, changes: ThreadChanges) -> AgentThread:
    changed = edited(_get(connection, workspace_id, id), changes, now_us())
    _put(connection, [changed])
    return changed


def _update_many(
    connection: Connection, workspace_id: str, ids: Sequence[str], changes: ThreadChanges
) -> list[Outcome]:
    at = now_us()
    found = read_threads(connection, and_(AGENT_THREADS.c.workspace_id == workspace_id, AGENT_THREADS.c.id.in_(ids)))
    _put(connection, [edited(thread, changes, at) for thread in found.values()])
    return [Outcome(id, None if id in found else AgentThreadNotFound(id=id)) for id in ids]


def move_on(connection: Connection, id: str, progress: ThreadProgress, values: Mapping[str, Any] | None = None) -> None:
    """As `AgentThreads.set_state`, in a transaction of the caller's."""
    thread = _read(connection, id)
    if thread is None:
        return
    _put(connection, [progressed(thread, progress)])
    if values is not None:
        _put_values(connection, id, values)


def _copy(connection: Connection, workspace_id: str, id: str, new_id: str) -> AgentThread:
    copy = copied(_get(connection, workspace_id, id), new_id, now_us())
    connection.execute(insert(AGENT_THREADS).values(row_of(copy)))
    values = AGENT_THREAD_VALUES.c.content
    found = connection.execute(select(values).where(AGENT_THREAD_VALUES.c.thread_id == id)).one_or_none()
    if found is not None:
        _put_values(connection, new_id, found.content)
    return copy


def _delete(connection: Connection, workspace_id: str, id: str) -> AgentThread | None:
    thread = _find(connection, workspace_id, id)
    connection.execute(delete(AGENT_THREADS).where(_has_id(workspace_id, id)))
    return thread


def _put(connection: Connection, threads: Sequence[AgentThread]) -> None:
    if threads:
        connection.execute(_PUT, [_columns(thread, _CHANGING) | {"of": thread.id} for thread in threads])


def _put_values(connection: Connection, id: str, values: Mapping[str, Any]) -> None:
    connection.execute(delete(AGENT_THREAD_VALUES).where(AGENT_THREAD_VALUES.c.thread_id == id))
    connection.execute(insert(AGENT_THREAD_VALUES).values(thread_id=id, content=values))


def row_of(thread: AgentThread) -> dict[str, object]:
    return _columns(thread, (*AgentThread.__struct_fields__, *_FLAGS))


def _columns(thread: AgentThread, names: Sequence[str]) -> dict[str, object]:
    return {name: getattr(thread, name) for name in names}
