"""One application on the embedded engines. Opening it is slow, so all tests share it and keep apart by project.

Tests that use `client` run in the loop it was opened in: `pytestmark = pytest.mark.asyncio(loop_scope="session")`.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from typing import cast

import httpx
import pytest
import pytest_asyncio

from tests.api.agent_threads import ThreadCalls, create_agent
from tests.api.http_client import HOSTS, Pinged
from tests.api.records import Records
from weft.app import create_app, services_of, vault_of
from weft.core.costs import with_cost
from weft.model.ids import new_id
from weft.registry import open_registry
from weft.settings import Settings
from weft.store.contract import Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

MAX_BODY_BYTES = 45_000_000
MAX_ATTACHMENT_BYTES = 2_000_000


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("weft")
    return Settings(
        data_dir=folder, allowed_hosts=HOSTS, max_body_bytes=MAX_BODY_BYTES, max_attachment_bytes=MAX_ATTACHMENT_BYTES
    )


@pytest.fixture
def attachments_dir(settings: Settings) -> Path:
    return settings.attachments_dir


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    folder = settings.data_dir
    engine = await open_duckdb(folder / "traces", memory_limit="1GB", reader_threads=2, query_timeout_s=30)
    store = SqlStore(engine, price=with_cost, free=vault_of(settings).delete)
    registry = await open_registry(folder / "registry")
    services = services_of(settings, store, registry)
    app = create_app(settings, services)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://weft") as client:
        yield client
    await services.runs.close()
    await registry.close()
    await store.close()


@pytest.fixture
async def registry_client(tmp_path: Path, empty_registry: Path) -> AsyncIterator[httpx.AsyncClient]:
    """For routes that never ask the store, on a registry of its own."""
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    settings = Settings(allowed_hosts=HOSTS)
    app = create_app(settings, services_of(settings, cast(Store, Pinged()), registry))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://weft") as client:
        yield client
    await registry.close()


@pytest.fixture
async def threads(registry_client: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[ThreadCalls]:
    """Of an agent that has none yet, on the registry of `registry_client`."""
    registry_client.headers["X-Api-Key"] = "any"
    registry = await open_registry(tmp_path / "registry.sqlite")
    yield ThreadCalls(registry_client, await create_agent(registry_client), registry.agent_threads)
    await registry.close()


@pytest.fixture
def project() -> str:
    """The name of a project that nothing is in."""
    return f"project {new_id()}"


@pytest.fixture
def traces(client: httpx.AsyncClient, project: str) -> Records:
    return Records(client, "trace", project)


@pytest.fixture
def spans(client: httpx.AsyncClient, project: str) -> Records:
    """All in one trace, which need not exist."""
    return Records(client, "span", project, {"trace_id": new_id()})


@pytest.fixture(params=["traces", "spans"])
def records(request: pytest.FixtureRequest) -> Records:
    """What holds for traces holds for spans."""
    records: Records = request.getfixturevalue(request.param)
    return records
