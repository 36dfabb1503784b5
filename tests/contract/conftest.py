"""One store on each engine. Opening one is slow, so all tests share it and keep apart by workspace.

Tests that use `store` run in the loop that it was opened in: `pytestmark = pytest.mark.asyncio(loop_scope="session")`.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from tests.factories import a_project
from weft.registry import Registry, open_registry
from weft.store.clickhouse.engine import open_clickhouse
from weft.store.contract import Scope, Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.engine import Engine
from weft.store.sql_store import SqlStore


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def duckdb(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    path = tmp_path_factory.mktemp("duckdb") / "weft.duckdb"
    engine = await open_duckdb(path, memory_limit="1GB", reader_threads=2, query_timeout_s=30)
    yield engine
    await engine.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def clickhouse(chdb_dsn: str) -> AsyncIterator[Engine]:
    engine = await open_clickhouse(
        chdb_dsn, database="contract", query_timeout_s=30, query_memory_bytes=10**9, reader_threads=1
    )
    yield engine
    await engine.close()


@pytest.fixture(params=["duckdb", "clickhouse"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both stay open: an engine that is itself a parameter is closed and opened again in every file."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def store(engine: Engine) -> Store:
    return SqlStore(engine)


@pytest.fixture
def project() -> Scope:
    return a_project()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of a registry that is not there yet."""
    return tmp_path / "registry.sqlite"


@pytest.fixture
async def registry(path: Path, empty_registry: Path) -> AsyncIterator[Registry]:
    registry = await open_registry(copy(empty_registry, path))
    yield registry
    await registry.close()
