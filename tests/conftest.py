"""What tests of every kind may need."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from weft.registry import open_registry


def pytest_collection_finish() -> None:
    """What is imported by now stays: to look it over again for garbage takes a tenth of the time of the tests."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def _no_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing here speaks TLS, and to read the certificates of the world takes each client of httpx 60 ms."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("SSL_CERT_FILE", raising=False)
        environment.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("certificates")))
        yield


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
