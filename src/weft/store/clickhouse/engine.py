"""The engine for those who outgrow one machine: ClickHouse, through its official client.

A group of changes is one insert per table, each atomic; ClickHouse has no transaction over several tables, so a server
that is killed between two of them keeps the first. Rows are replaced by newer versions, deletions are lightweight ones.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from clickhouse_connect.driver import create_client
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from weft.errors import QueryTooExpensive, StoreUnavailable
from weft.store.contract import CannotOpenStore
from weft.store.engine import Key, Params, Reader, Rows, Transaction
from weft.store.ever_seen import EverSeen, RareRow
from weft.store.migrations import DataFromNewerVersion, load_migrations, pending
from weft.store.recall import Recall
from weft.store.seen_ids import SeenIds
from weft.store.statements import bound, script

T = TypeVar("T")

PACKAGE = "weft.store.clickhouse"

# What makes ClickHouse read our statements as DuckDB does: newest row versions only, NULL kept NULL, a name in WHERE is
# a column and not an alias of the SELECT list.
SETTINGS: dict[str, object] = {
    "final": 1,
    "cast_keep_nullable": 1,
    "join_use_nulls": 1,
    "prefer_column_name_to_alias": 1,
    "function_json_value_return_type_allow_complex": 1,
    "lightweight_deletes_sync": 2,
    "lightweight_delete_mode": "lightweight_update",
    "mutations_sync": 2,
    "input_format_defaults_for_omitted_fields": 1,
}

_TYPES = {str: "String", int: "Int64", float: "Float64", list: "Array(String)"}
_EXPENSIVE = re.compile(r"TIMEOUT_EXCEEDED|MEMORY_LIMIT_EXCEEDED")


class ClickHouseEngine:
    """Opened by `open_clickhouse`. All blocking work happens in its own threads, never on the event loop."""

    def __init__(self, client: Client, reader_threads: int) -> None:
        self._client = client
        self._readers = ThreadPoolExecutor(reader_threads, "clickhouse-reader")
        self._writer = ThreadPoolExecutor(1, "clickhouse-writer")
        self._transaction = ClickHouseTransaction(client)
        self.rare: EverSeen[RareRow] | None = None
        self.usage_keys: EverSeen[str] | None = None
        self.recall: Recall | None = None

    async def read(self, sql: str, params: Params) -> Rows:
        return await asyncio.get_running_loop().run_in_executor(self._readers, _read, self._client, sql, params)

    async def likely_from(self, table: str, below: str, rows: int, total: int | None) -> str | None:
        return None

    async def may_have(self, table: str, text: str) -> str:
        return "true"

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Reader]:
        yield self

    async def write(self, work: Callable[[Transaction], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._transaction.run, work)

    async def copy_to(self, path: Path) -> None:
        raise StoreUnavailable(reason="ClickHouse makes its own backups, with its BACKUP statement")

    async def close(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        self._client.close()


class ClickHouseTransaction:
    def __init__(self, client: Client) -> None:
        self._client = client
        self.seen: Mapping[str, SeenIds] = {}
        self.rare: EverSeen[RareRow] | None = None
        self.usage_keys: EverSeen[str] | None = None
        self.recall: Recall | None = None

    def run(self, work: Callable[[Transaction], T]) -> T:
        with _store_errors():
            return work(self)

    def read(self, sql: str, params: Params) -> Rows:
        return _read(self._client, sql, params)

    def execute(self, sql: str, params: Params) -> None:
        self._client.command(*_typed(sql, params))

    def put(self, table: str, inserted: Sequence[str], replaced: Mapping[Key, str]) -> None:
        lines = "\n".join([*inserted, *replaced.values()])
        self._client.raw_insert(table, insert_block=lines.encode(), fmt="JSONEachRow")


async def open_clickhouse(
    dsn: str, *, database: str, query_timeout_s: float, query_memory_bytes: int, reader_threads: int
) -> ClickHouseEngine:
    """Connects and brings the schema up to date. `dsn` is `http(s)://…`, or `chdb:///folder` for an embedded engine.
    Raises CannotOpenStore."""
    limits = {"max_execution_time": query_timeout_s, "max_memory_usage": query_memory_bytes}
    client = await asyncio.to_thread(_open, dsn, database, SETTINGS | limits)
    return ClickHouseEngine(client, reader_threads)


def _open(dsn: str, database: str, settings: dict[str, object]) -> Client:
    try:
        # One client serves all threads, so no session, which would refuse a second query at a time.
        if dsn.startswith("chdb:"):
            client = create_client(dsn=dsn, settings=settings)
        else:
            client = create_client(dsn=dsn, settings=settings, autogenerate_session_id=False)
        client.command(f"CREATE DATABASE IF NOT EXISTS {database}")
        client.database = database
        _migrate(client)
        for statement in script((files(PACKAGE) / "prelude.sql").read_text()):
            client.command(statement)
    except (ClickHouseError, DataFromNewerVersion) as error:
        raise CannotOpenStore(f"cannot open ClickHouse: {error}") from error
    return client


def _migrate(client: Client) -> None:
    client.command(
        "CREATE TABLE IF NOT EXISTS schema_migrations (number Int32, name String, applied_at DateTime)"
        " ENGINE = MergeTree ORDER BY number"
    )
    applied = {number for (number,) in client.query("SELECT number FROM schema_migrations").result_rows}
    for migration in pending(load_migrations(PACKAGE), applied):
        for statement in script(migration.sql):
            client.command(statement)
        client.command(
            "INSERT INTO schema_migrations SELECT {number:Int32}, {name:String}, now()",
            parameters={"number": migration.number, "name": migration.name},
        )


def _read(client: Client, sql: str, params: Params) -> Rows:
    with _store_errors():
        typed, values = _typed(sql, params)
        return [tuple(row) for row in client.query(typed, parameters=values).result_rows]


def _typed(sql: str, params: Params) -> tuple[str, dict[str, object]]:
    """`$name` as ClickHouse writes it: `{name:Type}`, by the type of the value."""
    values = bound(sql, params)
    typed = re.sub(r"\$([a-z_]\w*)", lambda match: f"{{{match[1]}:{_TYPES[type(values[match[1]])]}}}", sql)
    return typed, values


@contextmanager
def _store_errors() -> Iterator[None]:
    """ClickHouse's exceptions as ours, keeping the cause. What is left is a fault of our own and stays as it is."""
    try:
        yield
    except DatabaseError as error:
        if _EXPENSIVE.search(str(error)):
            raise QueryTooExpensive(reason="it took too long or needs more memory than queries may use") from error
        raise
    except ClickHouseError as error:
        raise StoreUnavailable(reason=type(error).__name__) from error
