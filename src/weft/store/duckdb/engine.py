"""The embedded engine: one DuckDB file, one writer, readers on cursors of their own."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb
from duckdb import DuckDBPyConnection

from weft.errors import StoreUnavailable
from weft.store.contract import CannotOpenStore
from weft.store.duckdb.copying import copy_out
from weft.store.duckdb.errors import store_errors
from weft.store.duckdb.extent import Extents
from weft.store.duckdb.opening import open_connection
from weft.store.duckdb.parsing import Parser
from weft.store.duckdb.search_words import block_condition, collect_words
from weft.store.duckdb.transaction import DuckDBTransaction
from weft.store.engine import Params, Reader, Rows, Transaction
from weft.store.ever_seen import EverSeen, RareRow
from weft.store.recall import Recall

LOG = logging.getLogger("weft.store")

T = TypeVar("T")

_WATCH_EVERY_S = 0.25
_INTERRUPT_EVERY_S = 0.005


class DuckDBEngine:
    """Opened by `open_duckdb`. All blocking work happens in its own threads, never on the event loop.

    After a fatal error, such as a full disk, DuckDB answers nothing more; the engine then opens the file anew before
    the next request, so that it works again as soon as it can.
    """

    def __init__(
        self,
        connection: DuckDBPyConnection,
        reopen: Callable[[], DuckDBPyConnection],
        *,
        reader_threads: int,
        query_timeout_s: float,
    ) -> None:
        self._connection = connection
        self._parse = Parser(connection)
        self._reopen_connection = reopen
        self._timeout_s = query_timeout_s
        self._readers = ThreadPoolExecutor(reader_threads, "duckdb-reader")
        self._writer = ThreadPoolExecutor(1, "duckdb-writer")
        self._background = ThreadPoolExecutor(1, "duckdb-background")
        self._transaction = DuckDBTransaction(connection.cursor())
        self.extents = Extents()
        self._collecting: asyncio.Task[None] | None = None
        self._failed = False
        self._reopening = asyncio.Lock()
        self._deadlines: dict[DuckDBPyConnection, float] = {}
        self._watchdog = asyncio.create_task(self._interrupt_late_queries())
        self._collect_words()

    @property
    def rare(self) -> EverSeen[RareRow] | None:
        return self._transaction.rare

    @property
    def usage_keys(self) -> EverSeen[str] | None:
        return self._transaction.usage_keys

    @property
    def recall(self) -> Recall:
        return self._transaction.recall

    async def read(self, sql: str, params: Params) -> Rows:
        await self._be_open()
        return await self.read_on(self._connection.cursor(), sql, params)

    async def likely_from(self, table: str, below: str, rows: int, total: int | None) -> str | None:
        return await self.extents.likely_from(self, table, below, rows, total)

    async def may_have(self, table: str, text: str) -> str:
        return await block_condition(self, self._transaction.blocks.full, table, text)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Reader]:
        await self._be_open()
        cursor = self._connection.cursor()
        full = self._transaction.blocks.full
        await self.read_on(cursor, "BEGIN TRANSACTION READ ONLY", {})
        snapshot = _Snapshot(self, cursor, full)
        try:
            yield snapshot
        finally:
            await snapshot.close()

    async def write(self, work: Callable[[Transaction], T]) -> T:
        await self._be_open()
        blocks = self._transaction.blocks
        full = blocks.full
        with self._noticing_failure():
            result = await asyncio.get_running_loop().run_in_executor(self._writer, self._transaction.run, work)
        if blocks.full > full:
            self._collect_words()
        return result

    async def copy_to(self, path: Path) -> None:
        await self._be_open()
        cursor = self._connection.cursor()
        await self._ended(self._background.submit(copy_out, cursor, path), cursor)

    def _collect_words(self) -> None:
        """In the background. What is left undone, as when it fails, is done the next time."""
        if self._collecting is None or self._collecting.done():
            self._collecting = asyncio.create_task(self._words_collected())

    async def _words_collected(self) -> None:
        cursor, collected = self._connection.cursor(), -1
        while collected < (full := self._transaction.blocks.full):
            collected = full
            try:
                await self._ended(self._background.submit(collect_words, cursor, full), cursor)
            except Exception as error:
                LOG.warning("words not collected", extra={"fields": {"reason": str(error)}})
        cursor.close()

    async def close(self) -> None:
        self._watchdog.cancel()
        if self._collecting is not None:
            self._collecting.cancel()
            await asyncio.wait([self._collecting])
        self._writer.shutdown()
        self._readers.shutdown()
        self._background.shutdown()
        self._connection.close()

    async def read_on(self, cursor: DuckDBPyConnection, sql: str, params: Params) -> Rows:
        return await self._ended(self._readers.submit(self._fetch, cursor, sql, params), cursor)

    async def _ended(self, work: Future[T], cursor: DuckDBPyConnection) -> T:
        try:
            with self._noticing_failure():
                return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            while not work.done():  # until then its cursor can neither be used nor closed
                cursor.interrupt()
                await asyncio.sleep(_INTERRUPT_EVERY_S)
            raise

    def _fetch(self, cursor: DuckDBPyConnection, sql: str, params: Params) -> Rows:
        self._deadlines[cursor] = time.monotonic() + self._timeout_s
        try:
            with store_errors():
                return cursor.execute(*self._parse(sql, params)).fetchall()
        finally:
            del self._deadlines[cursor]

    async def _interrupt_late_queries(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_EVERY_S)
            now = time.monotonic()
            for cursor, deadline in list(self._deadlines.items()):
                if deadline < now:
                    cursor.interrupt()

    @contextmanager
    def _noticing_failure(self) -> Iterator[None]:
        try:
            yield
        except StoreUnavailable as error:
            self._failed = self._failed or isinstance(error.__cause__, duckdb.FatalException)
            raise

    async def _be_open(self) -> None:
        if self._failed:
            async with self._reopening:
                if self._failed:
                    await asyncio.get_running_loop().run_in_executor(self._writer, self._reopen)

    def _reopen(self) -> None:
        """In the writer's thread, so that no write is under way. Raises StoreUnavailable."""
        self._transaction.close()
        self._connection.close()
        try:
            with store_errors():
                self._connection = self._reopen_connection()
                self._parse = Parser(self._connection)
                self._transaction = DuckDBTransaction(self._connection.cursor())
        except CannotOpenStore as error:
            raise StoreUnavailable(reason=str(error)) from error
        self._failed = False


class _Snapshot:
    """Reads one after the other, as they share a cursor."""

    def __init__(self, engine: DuckDBEngine, cursor: DuckDBPyConnection, full: int) -> None:
        self._engine = engine
        self._cursor = cursor
        self._full = full
        self.rare = engine.rare
        self.usage_keys = engine.usage_keys
        self.recall: Recall | None = None
        self._lock = asyncio.Lock()

    async def read(self, sql: str, params: Params) -> Rows:
        async with self._lock:
            return await self._engine.read_on(self._cursor, sql, params)

    async def close(self) -> None:
        """When the query that has the cursor has ended: one of several may go on after all were cancelled."""
        async with self._lock:
            self._cursor.close()

    async def likely_from(self, table: str, below: str, rows: int, total: int | None) -> str | None:
        return await self._engine.extents.likely_from(self, table, below, rows, total)

    async def may_have(self, table: str, text: str) -> str:
        return await block_condition(self, self._full, table, text)


async def open_duckdb(path: Path, *, memory_limit: str, reader_threads: int, query_timeout_s: float) -> DuckDBEngine:
    """Opens or makes the database file and brings its schema up to date. Raises CannotOpenStore."""

    def connect() -> DuckDBPyConnection:
        return open_connection(path, memory_limit)

    connection = await asyncio.to_thread(connect)
    return DuckDBEngine(connection, connect, reader_threads=reader_threads, query_timeout_s=query_timeout_s)
