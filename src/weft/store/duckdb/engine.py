"""The embedded engine: one DuckDB file, one writer, readers on cursors of their own."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, TypeVar

import duckdb
from duckdb import DuckDBPyConnection

from weft.errors import QueryTooExpensive, StoreUnavailable
from weft.store.contract import CannotOpenStore
from weft.store.engine import KEYS, Params, Reader, Rows, Transaction
from weft.store.migrations import DataFromNewerVersion, load_migrations, pending
from weft.store.statements import parameters, script

T = TypeVar("T")

PACKAGE = "weft.store.duckdb"
_WATCH_EVERY_S = 0.25


class DuckDBEngine:
    """Opened by `open_duckdb`. All blocking work happens in its own threads, never on the event loop."""

    def __init__(self, connection: DuckDBPyConnection, *, reader_threads: int, query_timeout_s: float) -> None:
        self._connection = connection
        self._timeout_s = query_timeout_s
        self._readers = ThreadPoolExecutor(reader_threads, "duckdb-reader")
        self._writer = ThreadPoolExecutor(1, "duckdb-writer")
        self._transaction = DuckDBTransaction(connection.cursor())
        self._deadlines: dict[DuckDBPyConnection, float] = {}
        self._watchdog = asyncio.create_task(self._interrupt_late_queries())

    async def read(self, sql: str, params: Params) -> Rows:
        return await self.read_on(self._connection.cursor(), sql, params)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Reader]:
        cursor = self._connection.cursor()
        await self.read_on(cursor, "BEGIN TRANSACTION READ ONLY", {})
        try:
            yield _Snapshot(self, cursor)
        finally:
            cursor.close()

    async def write(self, work: Callable[[Transaction], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, self._transaction.run, work)

    async def close(self) -> None:
        self._watchdog.cancel()
        self._writer.shutdown()
        self._readers.shutdown()
        self._connection.close()

    async def read_on(self, cursor: DuckDBPyConnection, sql: str, params: Params) -> Rows:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._readers, self._fetch, cursor, sql, params)
        except asyncio.CancelledError:
            cursor.interrupt()
            raise

    def _fetch(self, cursor: DuckDBPyConnection, sql: str, params: Params) -> Rows:
        self._deadlines[cursor] = time.monotonic() + self._timeout_s
        try:
            with _store_errors():
                return cursor.execute(sql, _bound(sql, params)).fetchall()
        finally:
            del self._deadlines[cursor]

    async def _interrupt_late_queries(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_EVERY_S)
            now = time.monotonic()
            for cursor, deadline in list(self._deadlines.items()):
                if deadline < now:
                    cursor.interrupt()


class _Snapshot:
    """Reads one after the other, as they share a cursor."""

    def __init__(self, engine: DuckDBEngine, cursor: DuckDBPyConnection) -> None:
        self._engine = engine
        self._cursor = cursor
        self._lock = asyncio.Lock()

    async def read(self, sql: str, params: Params) -> Rows:
        async with self._lock:
            return await self._engine.read_on(self._cursor, sql, params)


class DuckDBTransaction:
    """One transaction at a time on the writer's own cursor."""

    def __init__(self, cursor: DuckDBPyConnection) -> None:
        self._cursor = cursor
        columns = {table: _columns(cursor, table) for table in KEYS}
        self._inserts = {table: _insert_statement(table, columns[table]) for table in KEYS}
        self._deletes = {table: _delete_statement(table, columns[table]) for table in KEYS}

    def run(self, work: Callable[[Transaction], T]) -> T:
        with _store_errors():
            self._cursor.execute("BEGIN TRANSACTION")
            try:
                result = work(self)
                self._cursor.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            return result

    def read(self, sql: str, params: Params) -> Rows:
        return self._cursor.execute(sql, _bound(sql, params)).fetchall()

    def execute(self, sql: str, params: Params) -> None:
        self._cursor.execute(sql, _bound(sql, params))

    def put(self, table: str, inserted: Sequence[str], replaced: Sequence[str]) -> None:
        if replaced:
            self._cursor.execute(self._deletes[table], {"lines": replaced})
        self._cursor.execute(self._inserts[table], {"lines": [*inserted, *replaced]})

    def _roll_back(self) -> None:
        try:
            self._cursor.execute("ROLLBACK")
        except duckdb.Error:
            # A failed commit has ended the transaction already.
            return


async def open_duckdb(path: Path, *, memory_limit: str, reader_threads: int, query_timeout_s: float) -> DuckDBEngine:
    """Opens or makes the database file and brings its schema up to date. Raises CannotOpenStore."""
    connection = await asyncio.to_thread(_open, path, memory_limit)
    return DuckDBEngine(connection, reader_threads=reader_threads, query_timeout_s=query_timeout_s)


def _open(path: Path, memory_limit: str) -> DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(path), config={"memory_limit": memory_limit})
    except duckdb.IOException as error:
        reason = "another process is using it" if "set lock" in str(error) else str(error).splitlines()[0]
        raise CannotOpenStore(f"cannot open {path}: {reason}") from error
    try:
        _migrate(connection)
    except DataFromNewerVersion as error:
        connection.close()
        raise CannotOpenStore(f"cannot open {path}: {error}") from error
    for statement in script((files(PACKAGE) / "prelude.sql").read_text()):
        connection.execute(statement)
    connection.execute("SET enable_external_access = false")
    return connection


def _migrate(connection: DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER, name VARCHAR, applied_at TIMESTAMP)"
    )
    applied = {number for (number,) in connection.execute("SELECT number FROM schema_migrations").fetchall()}
    for migration in pending(load_migrations(PACKAGE), applied):
        connection.execute("BEGIN TRANSACTION")
        for statement in script(migration.sql):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO schema_migrations VALUES (?, ?, now()::TIMESTAMP)", [migration.number, migration.name]
        )
        connection.execute("COMMIT")


class _Column(NamedTuple):
    name: str
    type: str
    default: str | None


def _columns(cursor: DuckDBPyConnection, table: str) -> list[_Column]:
    found = cursor.execute(
        "SELECT column_name, data_type, column_default FROM duckdb_columns()"
        " WHERE database_name = current_database() AND table_name = $table ORDER BY column_index",
        {"table": table},
    ).fetchall()
    return [_Column(*column) for column in found]


def _insert_statement(table: str, columns: Sequence[_Column]) -> str:
    """Rows come as a list of JSON texts; a column that a row does not name takes the table's default."""
    values = [f"coalesce(r.{c.name}, {c.default})" if c.default else f"r.{c.name}" for c in columns]
    return f"INSERT INTO {table} SELECT {', '.join(values)} FROM ({_rows(columns)})"


def _delete_statement(table: str, columns: Sequence[_Column]) -> str:
    keys = [column for column in columns if column.name in KEYS[table]]
    same = " AND ".join(f"t.{key.name} = coalesce(k.r.{key.name}, {key.default or 'NULL'})" for key in keys)
    return f"DELETE FROM {table} AS t USING ({_rows(keys)}) AS k WHERE {same}"


def _rows(columns: Sequence[_Column]) -> str:
    structure = json.dumps({column.name: column.type for column in columns})
    return f"SELECT from_json(line, '{structure}') AS r FROM (SELECT unnest($lines::VARCHAR[]) AS line)"


def _bound(sql: str, params: Params) -> dict[str, object]:
    return {name: params[name] for name in _parameters(sql)}


@lru_cache(maxsize=1024)
def _parameters(sql: str) -> list[str]:
    return parameters(sql)


@contextmanager
def _store_errors() -> Iterator[None]:
    """DuckDB's exceptions as ours, keeping the cause. What is left is a fault of our own and stays as it is."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTooExpensive(reason="it took too long") from error
    except duckdb.OutOfMemoryException as error:
        raise QueryTooExpensive(reason="it needs more memory than queries may use") from error
    except (duckdb.IOException, duckdb.FatalException) as error:
        raise StoreUnavailable(reason=str(error).splitlines()[0]) from error
