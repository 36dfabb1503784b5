"""How threads of agents are found: by activity, page after page, and by what is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, select, true

from weft.model.agent_thread import AgentThread, ThreadStatus
from weft.model.containment import contains
from weft.registry.json_parts import has_part
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
    found = _Found.of(connection, workspace_id, search)
    return len(found.ids_by_reading(connection)) if found.unsaid else found.count(connection)


def count_threads_needing_attention(connection: Connection, workspace_id: str, agent_id: str | None) -> int:
    threads = AGENT_THREADS.c
    of_agent = true() if agent_id is None else threads.agent_id == agent_id
    waiting = and_(threads.needs_attention.is_(True), threads.is_test_run.is_(False))
    return _count(connection, AGENT_THREADS, and_(threads.workspace_id == workspace_id, waiting, of_agent))


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
    found = _Found.of(connection, workspace_id, search)
    if found.unsaid:
        ids = found.ids_by_reading(connection)
        return len(ids), ids[search.offset : search.offset + search.limit]
    return found.count(connection), found.page(connection)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search finds: `unsaid` are documents with parts that SQL cannot look for."""

    search: ThreadSearch
    source: FromClause
    where: ColumnElement[bool]
    unsaid: Sequence[tuple[ColumnElement[Any], Mapping[str, Any]]]

    @classmethod
    def of(cls, connection: Connection, workspace_id: str, search: ThreadSearch) -> "_Found":
        wanted = ((AGENT_THREADS.c.metadata, search.metadata), (AGENT_THREAD_VALUES.c.content, search.values))
        parts = [(column, part) for column, part in wanted if part]
        in_sql = connection.dialect.name == "sqlite"
        said = [has_part(column, part) if in_sql else None for column, part in parts]
        return cls(
            search,
            AGENT_THREADS.join(AGENT_THREAD_VALUES) if search.values else AGENT_THREADS,
            and_(_searched(workspace_id, search), *(condition for condition in said if condition is not None)),
            [part for part, condition in zip(parts, said, strict=True) if condition is None],
        )

    def count(self, connection: Connection) -> int:
        return _count(connection, self.source, self.where)

    def page(self, connection: Connection) -> Sequence[str]:
        found = select(AGENT_THREADS.c.id).select_from(self.source).where(self.where).order_by(*_order(self.search))
        return connection.execute(found.limit(self.search.limit).offset(self.search.offset)).scalars().all()

    def ids_by_reading(self, connection: Connection) -> list[str]:
        """All of them, in their order."""
        columns, parts = zip(*self.unsaid, strict=True)
        documents = select(AGENT_THREADS.c.id, *columns).select_from(self.source).where(self.where)
        rows = connection.execute(documents.order_by(*_order(self.search)))
        return [id for id, *found in rows if all(map(contains, found, parts))]


def _count(connection: Connection, source: FromClause, where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(source).where(where)).scalar_one()
