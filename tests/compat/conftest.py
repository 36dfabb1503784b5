"""A real `weft serve` process, and clients of the stock opik SDK that log to it."""

import os

# The SDK reads its settings while it is imported: no reports to anyone, and no settings of whoever runs this.
os.environ |= {
    "OPIK_CONFIG_PATH": os.devnull,
    "OPIK_SENTRY_ENABLE": "false",
    "OPIK_ANALYTICS_ENABLE": "false",
    "OPIK_SUPPRESS_BATCHING_UPDATE_WARNING": "true",
    "OPIK_CONSOLE_LOGGING_LEVEL": "ERROR",
}

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from opik import Opik, set_global_client
from opik.api_objects.opik_client import reset_global_client

from tests.compat.server import Server, free_port, serving

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("weft"), free_port()) as server:
        os.environ["OPIK_URL_OVERRIDE"] = server.api
        yield server


@pytest.fixture
def project() -> str:
    return f"compat {uuid4()}"


@pytest.fixture(params=[True, False], ids=["batching", "one by one"])
def client(
    request: pytest.FixtureRequest, server: Server, project: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opik]:
    """The client that `@track` uses as well. Nothing may be dropped on the way to the server.

    `@track` creates what it records twice, at the start and at the end of a function. One by one the second create is
    answered with 409 and dropped by the SDK (Opik's contract: B.1, G.3), so that mode is used without the first.
    """
    monkeypatch.setenv("OPIK_LOG_START_TRACE_SPAN", str(request.param))
    client = Opik(project_name=project, host=server.api, batching=request.param)
    set_global_client(client)
    yield client
    dropped = client.get_errors_report()
    reset_global_client()
    assert dropped.failures == ()


@pytest.fixture
def batching_client(server: Server, project: str) -> Iterator[Opik]:
    client = Opik(project_name=project, host=server.api)
    yield client
    client.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """How the SDK calls its own dependencies is not ours to repair."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))
