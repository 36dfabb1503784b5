"""Data of an older version open in a newer one; data that cannot be opened are refused with the reason."""

import asyncio
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

import weft.store.clickhouse.engine
import weft.store.duckdb.opening
from tests.factories import a_trace, as_read
from weft.model.ids import new_id
from weft.store.clickhouse.engine import open_clickhouse
from weft.store.contract import CannotOpenStore
from weft.store.duckdb.engine import open_duckdb
from weft.store.engine import Engine
from weft.store.migrations import DataFromNewerVersion, Migration, load_migrations, pending
from weft.store.sql_store import SqlStore

ENGINES = ("duckdb", "clickhouse")
ONE, TWO = Migration(1, "0001_one.sql", "SELECT 1;"), Migration(2, "0002_two.sql", "SELECT 2;")
NUMBER = 9999


class Data:
    """One engine's data, to open several times."""

    def __init__(self, engine: str, folder: Path, chdb_dsn: str) -> None:
        self.engine = engine
        self.path = folder / "weft.duckdb"
        self._dsn = chdb_dsn
        self._database = f"migrations_{new_id().replace('-', '_')}"

    async def open(self) -> Engine:
        if self.engine == "duckdb":
            return await open_duckdb(self.path, memory_limit="1GB", reader_threads=1, query_timeout_s=30)
        return await open_clickhouse(
            self._dsn, database=self._database, query_timeout_s=30, query_memory_bytes=10**9, reader_threads=1
        )


@pytest.fixture(params=ENGINES)
def data(request: pytest.FixtureRequest, tmp_path: Path, chdb_dsn: str) -> Data:
    return Data(request.param, tmp_path, chdb_dsn)


async def open_in_newer_version(data: Data, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """With a migration more than there is."""
    text = {"duckdb": "VARCHAR", "clickhouse": "String"}[data.engine]
    newest = Migration(
        NUMBER, f"{NUMBER}_mood.sql", f"ALTER TABLE traces ADD COLUMN mood {text} DEFAULT 'calm';\nSELECT 1;\n"
    )
    with monkeypatch.context() as patch:
        for engine in (weft.store.duckdb.opening, weft.store.clickhouse.engine):
            patch.setattr(engine, "load_migrations", lambda package: [*load_migrations(package), newest])
        return await data.open()


async def test_data_of_an_older_version_open_in_a_newer_one(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = a_trace(name="old"), a_trace(name="new")
    older = SqlStore(await data.open())
    await older.put_traces([old])
    await older.close()
    engine = await open_in_newer_version(data, monkeypatch)
    newer = SqlStore(engine)
    await newer.put_traces([new])
    traces = [(await newer.get_trace(trace.workspace_id, trace.id)).trace for trace in (old, new)]
    moods = await engine.read("SELECT mood FROM traces", {})
    await newer.close()
    assert traces == [as_read(old), as_read(new)]
    assert moods == [("calm",), ("calm",)]


async def test_a_newer_version_opens_its_data_again_and_an_older_one_refuses_them(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await (await open_in_newer_version(data, monkeypatch)).close()
    with pytest.raises(CannotOpenStore, match=rf"schema version {NUMBER}, this Weft knows \d+; use a newer Weft"):
        await data.open()


async def test_a_migration_that_fails_leaves_the_data_as_they_were(
    tmp_path: Path, chdb_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Data("duckdb", tmp_path, chdb_dsn)
    broken = Migration(NUMBER, f"{NUMBER}_broken.sql", "ALTER TABLE traces ADD COLUMN mood VARCHAR;\nSELECT nothing;\n")
    with monkeypatch.context() as patch:
        patch.setattr(weft.store.duckdb.opening, "load_migrations", lambda package: [*load_migrations(package), broken])
        with pytest.raises(CannotOpenStore, match=f"^cannot open {data.path}: Binder Error: .+$"):
            await data.open()
    engine = await data.open()
    columns = [name for name, *_ in await engine.read("DESCRIBE TABLE traces", {})]
    await engine.close()
    assert "mood" not in columns


def hold_open(path: Path, connection: Connection) -> None:
    """Runs in another process, until it is ended."""
    asyncio.run(_hold_open(path, connection))


async def _hold_open(path: Path, connection: Connection) -> None:
    engine = await open_duckdb(path, memory_limit="1GB", reader_threads=1, query_timeout_s=30)
    connection.send("open")
    await asyncio.to_thread(connection.recv)
    await engine.close()


async def test_data_that_another_process_holds_are_refused(tmp_path: Path) -> None:
    here, there = multiprocessing.Pipe()
    path = tmp_path / "weft.duckdb"
    holder = multiprocessing.get_context("spawn").Process(target=hold_open, args=(path, there))
    holder.start()
    assert here.recv() == "open"
    with pytest.raises(CannotOpenStore, match=f"^cannot open {path}: another process is using it$"):
        await open_duckdb(path, memory_limit="1GB", reader_threads=1, query_timeout_s=30)
    here.send("close")
    holder.join()
    assert holder.exitcode == 0


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.duckdb"
    path.write_text("not a database, but long enough to be looked at " * 1000)
    with pytest.raises(CannotOpenStore, match="not a valid DuckDB database"):
        await open_duckdb(path, memory_limit="1GB", reader_threads=1, query_timeout_s=30)


async def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    data = Data("duckdb", tmp_path, chdb_dsn="")
    await (await data.open()).close()
    whole = data.path.read_bytes()
    data.path.write_bytes(whole[:12_288] + bytes(len(whole) - 12_288))
    with pytest.raises(CannotOpenStore, match=f"^cannot open {data.path}: .+$"):
        await data.open()


async def test_too_little_memory_to_open_is_refused_and_holds_no_file(tmp_path: Path) -> None:
    path = tmp_path / "weft.duckdb"
    with pytest.raises(CannotOpenStore, match=f"^cannot open {path}: Out of Memory Error: .+$"):
        await open_duckdb(path, memory_limit="100KB", reader_threads=1, query_timeout_s=30)
    await (await open_duckdb(path, memory_limit="1GB", reader_threads=1, query_timeout_s=30)).close()


async def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotOpenStore, match="No such file or directory"):
        await open_duckdb(tmp_path / "no" / "weft.duckdb", memory_limit="1GB", reader_threads=1, query_timeout_s=30)


@pytest.mark.parametrize("engine", ENGINES)
def test_migrations_are_numbered_from_one_and_in_order(engine: str) -> None:
    migrations = load_migrations(f"weft.store.{engine}")
    assert [migration.number for migration in migrations] == list(range(1, len(migrations) + 1))


def test_pending_are_those_not_applied_yet() -> None:
    assert pending([ONE, TWO], set()) == [ONE, TWO]
    assert pending([ONE, TWO], {1}) == [TWO]
    assert pending([ONE, TWO], {1, 2}) == []
    with pytest.raises(DataFromNewerVersion, match="the data have schema version 3, this Weft knows 2"):
        pending([ONE, TWO], {1, 2, 3})
