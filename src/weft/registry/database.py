"""The relational engine: where it blocks, how a transaction begins, and what its failures are called.

All work on the database goes through `read` and `write`: reads in a few threads of their own, each in one transaction,
writes one after the other (see `writer`).
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from weft.errors import StoreUnavailable
from weft.registry.writer import Writer

T = TypeVar("T")

_READERS = 4
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
        self._engine = _create_engine(location)
        self._reader = self._engine.execution_options(read_only=True)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="registry")
        self._writer = Writer(partial(_transaction, self._engine))

    async def read(self, work: Callable[[Connection], T]) -> T:
        reading = asyncio.get_running_loop().run_in_executor(self._readers, _transaction, self._reader, work)
        return await _completed(reading)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, once it is committed and kept for good; what it raises, once nothing is left of it. It
        may be called again, and does nothing but work on the connection."""
        written: T = await _completed(self._writer.put(work))
        return written

    async def close(self) -> None:
        await self._writer.close()
        await asyncio.to_thread(self._readers.shutdown)
        self._engine.dispose()


def _transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with _named_failures(), engine.begin() as connection:
        return work(connection)


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
    engine = create_engine(_url(location), pool_size=_READERS + 1, max_overflow=0)
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
