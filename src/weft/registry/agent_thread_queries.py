"""How threads of agents are found: by activity, page after page, and by what is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from weft.model.agent_thread import AgentThread, ThreadStatus
from weft.model.containment import contains
from weft.registry.keyset import Keyset
from weft.registry.tables import AGENT_THREAD_VALUES, AGENT_THREADS

COLUMNS = tuple(AGENT_THREADS.c[name] for name in AgentThread.__struct_fields__)

SortField = Literal["thread_id", "status", "created_at", "updated_at", "state_updated_at"]
SORTABLE: Mapping[SortField, ColumnElement[Any]] = {
    "thread_id": AGENT_THREADS.c.id,
    "status": AGENT_THREADS.c.status,
    "created_at": AGENT_THREADS.c.created_at,
    "updated_at": AGENT_THREADS.c.updated_at,
    "state_updated_at": AGENT_THREADS.c.state_updated_at,
}


LATEST_ACTIVITY = Keyset("activity", AGENT_THREADS.c.state_updated_at, AGENT_THREADS.c.id, descending=True)


@dataclass(frozen=True, slots=True)
class ThreadQuery:
    """`is_test_run` is one or the other, never both; `is_pinned` and `needs_attention` are both when None."""

    agent_id: str
    size: int = 20
    cursor: str | None = None
    status: ThreadStatus | None = None
    is_pinned: bool | None = None
    is_test_run: bool = False
    needs_attention: bool | None = None


@dataclass(frozen=True, slots=True)
class ThreadSearch:
    """`metadata` and `values` are parts of what is looked for (see `containment`). No `ids` are all of them."""

    ids: Sequence[str] | None = None
    agent_id: str | None = None
    status: ThreadStatus | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    sort_by: SortField = "created_at"
    descending: bool = True
    limit: int = 10
    offset: int = 0


def read_threads(connection: Connection, where: ColumnElement[bool]) -> dict[str, AgentThread]:
    """By their ids."""
    return {row.id: AgentThread(*row) for row in connection.execute(select(*COLUMNS).where(where))}


def find_threads(connection: Connection, workspace_id: str, query: ThreadQuery) -> tuple[list[AgentThread], str | None]:
    found = select(*COLUMNS).where(_found(workspace_id, query))
    rows, cursor = LATEST_ACTIVITY.page(connection, found, query.size, query.cursor)
    return [AgentThread(*row[: len(COLUMNS)]) for row in rows], cursor


def search_threads(connection: Connection, workspace_id: str, search: ThreadSearch) -> tuple[int, list[AgentThread]]:
    total, ids = _page_of_ids(connection, workspace_id, search)
    threads = read_threads(connection, AGENT_THREADS.c.id.in_(ids))
    return total, [threads[id] for id in ids]


def count_threads(connection: Connection, workspace_id: str, search: ThreadSearch) -> int:
    if search.metadata or search.values:
        return len(_matching_ids(connection, workspace_id, search))
    return _count(connection, _searched(workspace_id, search))


def count_threads_needing_attention(connection: Connection, workspace_id: str, agent_id: str | None) -> int:
    threads = AGENT_THREADS.c
    of_agent = true() if agent_id is None else threads.agent_id == agent_id
    waiting = and_(threads.needs_attention.is_(True), threads.is_test_run.is_(False))
    return _count(connection, and_(threads.workspace_id == workspace_id, waiting, of_agent))


def _found(workspace_id: str, query: ThreadQuery) -> ColumnElement[bool]:
    threads = AGENT_THREADS.c
    wanted = (
        (threads.status, query.status),
        (threads.is_pinned, query.is_pinned),
        (threads.is_test_run, query.is_test_run),
        (threads.needs_attention, query.needs_attention),
    )
    return and_(
        threads.workspace_id == workspace_id,
        threads.agent_id == query.agent_id,
        *(column == value for column, value in wanted if value is not None),
    )


def _searched(workspace_id: str, search: ThreadSearch) -> ColumnElement[bool]:
    threads = AGENT_THREADS.c
    return and_(
        threads.workspace_id == workspace_id,
        true() if search.ids is None else threads.id.in_(search.ids),
        true() if search.agent_id is None else threads.agent_id == search.agent_id,
        true() if search.status is None else threads.status == search.status,
    )


def _order(search: ThreadSearch) -> tuple[ColumnElement[Any], ...]:
    columns = (SORTABLE[search.sort_by], AGENT_THREADS.c.id)
    return tuple(column.desc() if search.descending else column.asc() for column in columns)


def _page_of_ids(connection: Connection, workspace_id: str, search: ThreadSearch) -> tuple[int, Sequence[str]]:
    if search.metadata or search.values:
        ids = _matching_ids(connection, workspace_id, search)
        return len(ids), ids[search.offset : search.offset + search.limit]
    where = _searched(workspace_id, search)
    page = select(AGENT_THREADS.c.id).where(where).order_by(*_order(search)).limit(search.limit).offset(search.offset)
    return _count(connection, where), connection.execute(page).scalars().all()


def _matching_ids(connection: Connection, workspace_id: str, search: ThreadSearch) -> list[str]:
    """In their order. SQL engines do not agree on parts of documents, so the documents are read."""
    wanted = ((AGENT_THREADS.c.metadata, search.metadata), (AGENT_THREAD_VALUES.c.content, search.values))
    columns, parts = zip(*((column, part) for column, part in wanted if part), strict=True)
    documents = select(AGENT_THREADS.c.id, *columns).select_from(AGENT_THREADS.outerjoin(AGENT_THREAD_VALUES))
    rows = connection.execute(documents.where(_searched(workspace_id, search)).order_by(*_order(search)))
    return [id for id, *found in rows if all(map(contains, found, parts))]


def _count(connection: Connection, where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(where)).scalar_one()
