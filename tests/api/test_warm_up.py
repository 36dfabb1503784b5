"""The first agent that is made through the API brings in what runs it."""

from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import cast

import httpx

from tests.agents.fake_runtime import FakeRuntime
from tests.api.agent_threads import create_agent
from tests.api.http_client import HOSTS, Pinged
from weft.agents.runs import Runs
from weft.agents.trace_writer import TraceSink
from weft.agents.warm_up import WarmUp
from weft.app import create_app, services_of
from weft.registry import open_registry
from weft.settings import Settings
from weft.store.contract import Store


async def test_an_agent_is_made(tmp_path: Path, empty_registry: Path) -> None:
    runtime, settings = FakeRuntime(), Settings(allowed_hosts=HOSTS)
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    services = services_of(settings, cast(Store, Pinged()), registry)
    runs = Runs(TraceSink(services.store, registry, services.vault), runtime.opened)
    services = replace(services, runs=runs, warm_up=WarmUp(registry, runs, after_s=0))
    services.warm_up.start()
    transport = httpx.ASGITransport(create_app(settings, services))
    async with httpx.AsyncClient(transport=transport, base_url="http://weft", headers={"X-Api-Key": "k"}) as client:
        agent_id = await create_agent(client)
    await runtime.checking.wait()
    assert runtime.checked == [agent_id]
    await services.warm_up.close()
    await runs.close()
    await registry.close()
