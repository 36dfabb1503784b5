"""The relational engine: where it blocks, how a transaction begins, and what its failures are called.

All work on the database goes through `read` and `write`, each one transaction in one of a few threads of its own.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from weft.errors import StoreUnavailable

T = TypeVar("T")

_THREADS = 4
_SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout = 15000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


class Database:
    """Errors of the driver are raised as StoreUnavailable, except IntegrityError, which is the caller's to name."""

    def __init__(self, location: str | Path) -> None:
        """`location` is a SQLAlchemy URL, or the path of a SQLite file in a folder that exists."""
        self._writer = _create_engine(location)
        self._reader = self._writer.execution_options(read_only=True)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="registry")

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._run(self._reader, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Commits when `work` returns, and has then kept it for good; rolls back when it raises."""
        return await self._run(self._writer, work)

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._writer.dispose()

    async def _run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        def transaction() -> T:
            with _named_failures(), engine.begin() as connection:
                return work(connection)

        return await _completed(asyncio.get_running_loop().run_in_executor(self._threads, transaction))


async def _completed(work: asyncio.Future[T]) -> T:
    """The result of work that cannot be interrupted: a cancelled caller goes on when the work has ended, not before."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise


def insert_new(connection: Connection, table: Table, values: Mapping[str, object]) -> bool:
    """Insert a row unless one of its unique keys is taken; says whether it was inserted."""
    try:
        with connection.begin_nested():
            connection.execute(table.insert().values(**values))
    except IntegrityError:
        return False
    return True


def _create_engine(location: str | Path) -> Engine:
    engine = create_engine(_url(location), pool_size=_THREADS, max_overflow=0)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _url(location: str | Path) -> str | URL:
    if isinstance(location, str) and "://" in location:
        return location
    return URL.create("sqlite", database=str(location))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # leaves BEGIN to us: the driver would begin late, and not at all before DDL
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: one that reads first and then writes could not wait for its turn."""
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise StoreUnavailable(reason=f"registry: {error.orig}") from error
