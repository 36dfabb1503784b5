"""Writes that come together share a transaction, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from weft.errors import ProjectNotFound, StoreUnavailable
from weft.registry.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(tmp_path / "registry.sqlite")
    await opened.write(lambda c: c.execute(text("CREATE TABLE kept (number INTEGER PRIMARY KEY)")))
    yield opened
    await opened.close()


def puts(number: int) -> Callable[[Connection], int]:
    def put(connection: Connection) -> int:
        connection.execute(text("INSERT INTO kept VALUES (:number)"), {"number": number})
        return number

    return put


def puts_and_fails(number: int) -> Callable[[Connection], int]:
    def put(connection: Connection) -> int:
        puts(number)(connection)
        raise ProjectNotFound(id=str(number))

    return put


def breaks(connection: Connection) -> int:
    """As when SQLite gives up a transaction: it rolls back by itself."""
    connection.exec_driver_sql("ROLLBACK")
    connection.exec_driver_sql("SELECT * FROM nothing")
    return 0


async def kept(database: Database) -> list[int]:
    return await database.read(lambda c: list(c.execute(text("SELECT number FROM kept ORDER BY number")).scalars()))


async def together(database: Database, *works: Callable[[Connection], int]) -> list[int | BaseException]:
    """What comes of writes that have gathered while another one went on."""
    released = Event()
    first = asyncio.create_task(database.write(lambda c: released.wait(60)))
    await asyncio.sleep(0)
    gathered = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0)
    released.set()
    await first
    return await asyncio.gather(*gathered, return_exceptions=True)


async def test_each_has_its_result_in_the_order_of_their_coming(database: Database) -> None:
    seen: list[int] = []

    def sees(connection: Connection) -> int:
        seen.extend(connection.execute(text("SELECT number FROM kept ORDER BY number")).scalars())
        return 0

    assert await together(database, puts(1), puts(2), sees, puts(3)) == [1, 2, 0, 3]
    assert seen == [1, 2]
    assert await kept(database) == [1, 2, 3]


async def test_one_that_raises_leaves_nothing_and_the_others_everything(database: Database) -> None:
    one, two, three = await together(database, puts(1), puts_and_fails(2), puts(3))
    assert isinstance(two, ProjectNotFound)
    assert (one, three, await kept(database)) == (1, 3, [1, 3])


async def test_a_taken_key_is_told_to_whoever_wanted_it(database: Database) -> None:
    one, again, two = await together(database, puts(1), puts(1), puts(2))
    assert isinstance(again, IntegrityError)
    assert (one, two, await kept(database)) == (1, 2, [1, 2])


async def test_one_that_breaks_the_transaction_fails_alone(database: Database) -> None:
    one, broken, two = await together(database, puts(1), breaks, puts(2))
    assert isinstance(broken, StoreUnavailable)
    assert (one, two, await kept(database)) == (1, 2, [1, 2])


async def test_a_cancelled_writer_goes_on_when_its_write_has_ended(database: Database) -> None:
    released = Event()
    writing = asyncio.create_task(database.write(lambda c: released.wait(60) and puts(1)(c)))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.sleep(0)
    assert not writing.done()
    released.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await kept(database) == [1]


async def test_what_was_put_before_the_end_is_written(tmp_path: Path, database: Database) -> None:
    writes = [asyncio.create_task(database.write(puts(number))) for number in range(10)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*writes) == list(range(10))
    again = Database(tmp_path / "registry.sqlite")
    assert await kept(again) == list(range(10))
    await again.close()


async def test_after_the_end_nothing_is_written(database: Database) -> None:
    await database.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await database.write(puts(1))
