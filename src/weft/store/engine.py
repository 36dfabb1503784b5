"""The seam between the store and a storage engine. What an engine does in its own way is behind this and is short."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from weft.store.ever_seen import EverSeen, RareRow
from weft.store.recall import Recall
from weft.store.seen_ids import SeenIds

T = TypeVar("T")

Rows = list[tuple[Any, ...]]
Params = Mapping[str, object]
Key = tuple[str, ...]

# Key columns of each table: what makes two rows the same row.
KEYS: Mapping[str, tuple[str, ...]] = {
    "traces": ("workspace_id", "project_id", "id"),
    "spans": ("workspace_id", "project_id", "id"),
    "feedback_scores": (
        "workspace_id",
        "project_id",
        "entity_type",
        "entity_id",
        "name",
        "author",
        "source_queue_id",
    ),
    "threads": ("workspace_id", "project_id", "thread_id"),
    "comments": ("workspace_id", "project_id", "entity_type", "entity_id", "id"),
    "attachments": ("workspace_id", "project_id", "entity_type", "entity_id", "file_name"),
    "guardrails": ("workspace_id", "project_id", "entity_id", "secondary_id", "id"),
}


class Transaction(Protocol):
    """The one writer's view: it sees its own writes, and all of them become durable together.

    `seen` tells of some tables which of their ids need no query; of none where others write to them, too. `rare`,
    `usage_keys` and `recall` are those of the readers.
    """

    @property
    def seen(self) -> Mapping[str, SeenIds]: ...

    @property
    def rare(self) -> EverSeen[RareRow] | None: ...

    @property
    def usage_keys(self) -> EverSeen[str] | None: ...

    @property
    def recall(self) -> Recall | None: ...

    def read(self, sql: str, params: Params) -> Rows: ...

    def execute(self, sql: str, params: Params) -> None: ...

    def put(self, table: str, inserted: Sequence[str], replaced: Mapping[Key, str]) -> None:
        """Writes whole rows, each a JSON object whose keys are columns; absent columns take their default.

        `replaced` are rows by their key (the values of its columns in KEYS), which is stored already; the keys of
        `inserted` are not. Keys never repeat.
        """


class Reader(Protocol):
    """`rare`, `usage_keys` and `recall` are None where others write, too, and `recall` where not the newest state is
    read."""

    @property
    def rare(self) -> EverSeen[RareRow] | None: ...

    @property
    def usage_keys(self) -> EverSeen[str] | None: ...

    @property
    def recall(self) -> Recall | None: ...

    async def read(self, sql: str, params: Params) -> Rows:
        """All rows of a query. Raises QueryTooExpensive over the time or memory limit."""

    async def likely_from(self, table: str, below: str, rows: int, total: int | None) -> str | None:
        """An id: among those from it up to `below` there probably are so many rows of a project, of `total` if
        that is known. None if there is nothing to gain by it."""

    async def may_have(self, table: str, text: str) -> str:
        """A condition that is quick and holds for every row `t` of traces or spans that a search for a text finds; of
        others it may hold too. SQL made from constants."""


class Engine(Reader, Protocol):
    def snapshot(self) -> AbstractAsyncContextManager[Reader]:
        """Reads that all see one state of the data, as far as the engine can (DuckDB: exactly; ClickHouse: not)."""

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Runs `work` in the writer's thread, in a transaction that is durable when this returns.

        If `work` raises, nothing is written. Calls never overlap: the caller waits for one before the next.
        Raises StoreUnavailable if the engine fails.
        """

    async def copy_to(self, path: Path) -> None:
        """Makes a file of all data as they are at one moment, while writes go on. Raises StoreUnavailable, also where
        an engine has means of its own for that."""

    async def close(self) -> None: ...
