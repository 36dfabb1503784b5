"""A store and a registry for what runs record. Tests that use `sink` run in the loop of their module."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from weft.agents.trace_writer import TraceSink
from weft.attachments.folder import FolderVault
from weft.core.costs import with_cost
from weft.registry import open_registry
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sink(tmp_path_factory: pytest.TempPathFactory, empty_registry: Path) -> AsyncIterator[TraceSink]:
    folder = tmp_path_factory.mktemp("weft")
    engine = await open_duckdb(folder / "traces", memory_limit="1GB", reader_threads=1, query_timeout_s=30)
    store = SqlStore(engine, price=with_cost)
    registry = await open_registry(copy(empty_registry, folder / "registry"))
    yield TraceSink(store, registry, FolderVault(folder / "attachments"))
    await registry.close()
    await store.close()
