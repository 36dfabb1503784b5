"""What tests of every kind may need."""

from pathlib import Path

import pytest
import pytest_asyncio

from weft.registry import open_registry


@pytest.fixture(scope="session")
def chdb_dsn(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where ClickHouse keeps its data. It takes one folder per process: databases keep tests apart."""
    return f"chdb:///{tmp_path_factory.mktemp('chdb')}"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def empty_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry that nothing is in. To copy it takes a thirtieth of the time of making one."""
    path = tmp_path_factory.mktemp("registry") / "registry.sqlite"
    await (await open_registry(path)).close()
    return path
