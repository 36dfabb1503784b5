"""What belongs to one workspace cannot be seen or changed with the key of another: every route of every API.

A new route needs a line in `tests/api/isolation.py`.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from tests.agents.fake_runtime import FakeRuntime
from tests.api.isolation import ASKS
from tests.api.two_workspaces import Ask, World
from weft.agents.runs import Runs
from weft.agents.thread_states import ThreadStates
from weft.agents.trace_writer import TraceSink
from weft.api.auth import Caller
from weft.api.services import Services
from weft.app import APIS, create_app, open_services
from weft.model.api_key import DEFAULT_USER
from weft.model.ids import new_id
from weft.settings import Settings

OPERATIONS = [f"{route.method} {route.path}" for api in APIS for route in api.routes]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    async with open_services(Settings(data_dir=tmp_path_factory.mktemp("weft"))) as opened:
        runs = Runs(TraceSink(opened.store, opened.registry, opened.vault), FakeRuntime().opened)
        yield replace(opened, runs=runs, thread_states=ThreadStates(opened.registry, runs))
        await runs.close()


@pytest.fixture(scope="module")
def transport(services: Services) -> httpx.ASGITransport:
    return httpx.ASGITransport(create_app(Settings(), services))


@pytest_asyncio.fixture(loop_scope="module")
async def world(services: Services, transport: httpx.ASGITransport) -> AsyncIterator[World]:
    keys, callers = [], []
    for name in (f"owner-{new_id()}", f"other-{new_id()}"):
        workspace = await services.registry.workspaces.create(name)
        keys.append((await services.registry.api_keys.create(workspace.id, "", DEFAULT_USER))[1])
        callers.append(Caller(workspace.id, workspace.name, DEFAULT_USER))
    owner, other = (
        httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers={"Authorization": key, "X-Api-Key": key}
        )
        for key in keys
    )
    async with owner, other:
        yield World(owner, other, callers[0], services)


def test_every_route_is_here() -> None:
    assert sorted(ASKS) == sorted(OPERATIONS)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("operation", sorted(ASKS))
async def test_another_key_sees_and_changes_nothing(world: World, operation: str) -> None:
    ask = ASKS[operation]
    request = await world.request(ask, operation)
    before = await world.seen()
    reply = await send(world.other, request)
    assert world.told(reply, request) == []
    assert reply.status_code < 500 or reply.status_code == ask.status
    assert await world.seen() == before
    await check_own(world, ask, request, reply)


async def check_own(world: World, ask: Ask, request: httpx.Request, reply: httpx.Response) -> None:
    """With the right key it is another matter, or nothing would have been proved."""
    before = await world.seen()
    own = await send(world.owner, request)
    assert own.status_code == ask.status, own.text
    if ask.kind == "reads":
        assert world.told(own, request) != []
    elif ask.kind == "changes":
        assert await world.seen() != before
    elif ask.kind == "tells":
        assert (own.status_code, own.text) != (reply.status_code, reply.text)
    elif ask.kind == "same":
        assert (own.status_code, own.text) == (reply.status_code, reply.text)


async def send(client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    headers = {name: value for name, value in request.headers.items() if name in ("content-type",)}
    return await client.request(request.method, request.url, content=request.content, headers=headers)
