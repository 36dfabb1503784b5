"""One application on the embedded engines. Opening it is slow, so all tests share it and keep apart by project.

Tests that use `client` run in the loop it was opened in: `pytestmark = pytest.mark.asyncio(loop_scope="session")`.
"""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.api.records import Records
from weft.app import create_app
from weft.core.costs import with_cost
from weft.model.ids import new_id
from weft.registry import open_registry
from weft.settings import Settings
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

MAX_BODY_BYTES = 45_000_000


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    folder = tmp_path_factory.mktemp("weft")
    engine = await open_duckdb(folder / "traces", memory_limit="1GB", reader_threads=2, query_timeout_s=30)
    store = SqlStore(engine, price=with_cost)
    registry = await open_registry(folder / "registry")
    app = create_app(Settings(max_body_bytes=MAX_BODY_BYTES), store, registry)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://weft") as client:
        yield client
    await registry.close()
    await store.close()


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
