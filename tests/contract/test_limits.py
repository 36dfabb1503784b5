"""A query over its limit is an error that says so, and the store lives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext

import pytest
import pytest_asyncio

from weft.errors import QueryTooExpensive
from weft.store.clickhouse.engine import open_clickhouse
from weft.store.duckdb.engine import open_duckdb
from weft.store.engine import Engine

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENDLESS = {
    "duckdb": "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE hash(a.range, b.range) = 1",
    "clickhouse": "SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1",
}
HUGE = {
    "duckdb": "SELECT list(range) FROM range(100000000)",
    "clickhouse": "SELECT groupArray(number) FROM numbers(100000000)",
}


@pytest.fixture(scope="module", params=["duckdb", "clickhouse"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def engine(name: str, tmp_path_factory: pytest.TempPathFactory, chdb_dsn: str) -> AsyncIterator[Engine]:
    engine: Engine
    if name == "duckdb":
        path = tmp_path_factory.mktemp("limits") / "weft.duckdb"
        engine = await open_duckdb(path, memory_limit="50MB", reader_threads=1, query_timeout_s=0.2)
    else:
        await (await open_limited(chdb_dsn, query_timeout_s=30)).close()
        engine = await open_limited(chdb_dsn, query_timeout_s=0.5)
    yield engine
    await engine.close()


async def open_limited(chdb_dsn: str, query_timeout_s: float) -> Engine:
    """The limit is also that of opening: a busy machine needs longer to make the tables, and longer to find them made
    than DuckDB does."""
    return await open_clickhouse(
        chdb_dsn,
        database="limits",
        query_timeout_s=query_timeout_s,
        query_memory_bytes=50 * 10**6,
        reader_threads=1,
    )


@pytest.mark.parametrize("queries", [ENDLESS, HUGE], ids=["time", "memory"])
async def test_a_query_over_its_limit_is_stopped(engine: Engine, name: str, queries: dict[str, str]) -> None:
    with pytest.raises(QueryTooExpensive):
        await engine.read(queries[name], {})
    assert await engine.read("SELECT 1", {}) == [(1,)]


@pytest.mark.parametrize("queries", [ENDLESS, HUGE], ids=["time", "memory"])
async def test_a_query_of_a_snapshot_over_its_limit_is_stopped(
    engine: Engine, name: str, queries: dict[str, str]
) -> None:
    async with engine.snapshot() as reader:
        with pytest.raises(QueryTooExpensive):
            await reader.read(queries[name], {})
    assert await engine.read("SELECT 1", {}) == [(1,)]


@pytest.mark.parametrize("in_snapshot", [False, True])
async def test_a_query_that_nobody_waits_for_frees_its_reader(engine: Engine, name: str, in_snapshot: bool) -> None:
    async def read() -> None:
        async with engine.snapshot() if in_snapshot else nullcontext(engine) as reader:
            await reader.read(ENDLESS[name], {})

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await engine.read("SELECT 1", {}) == [(1,)]


async def test_a_snapshot_that_is_left_while_several_queries_read(engine: Engine, name: str) -> None:
    """The first of them to end tells whoever waits for all, while another still has the reader."""

    async def read() -> None:
        async with engine.snapshot() as reader:
            await asyncio.gather(reader.read(ENDLESS[name], {}), reader.read(ENDLESS[name], {}))

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await engine.read("SELECT 1", {}) == [(1,)]
