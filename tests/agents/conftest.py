from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import copy
from typing import cast

import pytest

from examples.local_model import LocalModel
from tests.agents.fake_runtime import FakeRuntime
from tests.model_server import environment, serving_model
from weft.agents.addresses import AddressRule
from weft.agents.runs import Runs
from weft.agents.runtime.runtime import Runtime, open_runtime
from weft.agents.runtime.tools import McpAccess
from weft.agents.trace_writer import TraceSink
from weft.attachments.vault import Vault
from weft.registry import Registry, open_registry
from weft.store.contract import Store


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalModel]:
    """The model of `openai:…`."""
    with serving_model() as served:
        for name, value in environment(served).items():
            monkeypatch.setenv(name, value)
        yield served


async def no_headers(workspace_id: str, url: str, user_id: str) -> None:
    return None


@pytest.fixture
async def runtime(model: LocalModel, tmp_path: Path) -> AsyncIterator[Runtime]:
    opened = await open_runtime(tmp_path, McpAccess(AddressRule(allow_private=True), no_headers))
    yield opened
    await opened.close()


@pytest.fixture
async def registry(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Registry]:
    opened = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield opened
    await opened.close()


@pytest.fixture
def fake() -> FakeRuntime:
    return FakeRuntime()


@pytest.fixture
async def runs(registry: Registry, fake: FakeRuntime) -> AsyncIterator[Runs]:
    """That record no traces."""
    opened = Runs(TraceSink(cast(Store, None), registry, cast(Vault, None)), fake.opened)
    yield opened
    await opened.close()
