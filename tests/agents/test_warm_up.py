"""What runs agents is opened ahead of the first run, and only where there is an agent."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.agents.fake_runtime import NO_MODEL, FakeRuntime
from tests.agents.threads import a_stored_thread, saying, told
from weft.agents.runs import Runs
from weft.agents.warm_up import WarmUp
from weft.registry import Registry


@pytest.fixture
async def warm_up(registry: Registry, runs: Runs) -> AsyncIterator[WarmUp]:
    opened = WarmUp(registry, runs, after_s=0)
    yield opened
    await opened.close()


async def test_with_an_agent_it_is_opened_at_the_start(registry: Registry, warm_up: WarmUp, fake: FakeRuntime) -> None:
    thread = await a_stored_thread(registry)
    warm_up.start()
    await fake.checking.wait()
    assert (fake.openings, fake.checked) == (1, [thread.agent_id])


async def test_without_agents_it_is_not_opened_until_one_is_made(
    registry: Registry, warm_up: WarmUp, fake: FakeRuntime
) -> None:
    warm_up.start()
    assert await registry.agents.newest() is None
    assert fake.openings == 0
    thread = await a_stored_thread(registry)
    warm_up.agent_made()
    await fake.checking.wait()
    assert fake.checked == [thread.agent_id]


async def test_a_run_that_comes_meanwhile_waits_for_the_same_opening(
    registry: Registry, runs: Runs, warm_up: WarmUp, fake: FakeRuntime
) -> None:
    thread = await a_stored_thread(registry)
    fake.may_open.clear()
    warm_up.start()
    await fake.opening.wait()
    starting = asyncio.create_task(runs.start(thread, "user", saying("hello")))
    fake.may_open.set()
    await told(runs, await starting)
    assert fake.openings == 1


async def test_an_agent_that_cannot_run_is_for_its_run_to_tell(
    registry: Registry, warm_up: WarmUp, fake: FakeRuntime
) -> None:
    await a_stored_thread(registry, runtime=NO_MODEL)
    warm_up.start()
    await fake.checking.wait()
    await warm_up.close()
    assert fake.openings == 1


async def test_closed_while_it_is_opened(registry: Registry, warm_up: WarmUp, fake: FakeRuntime) -> None:
    await a_stored_thread(registry)
    fake.may_open.clear()
    warm_up.start()
    await fake.opening.wait()
    await warm_up.close()
    assert fake.checked == []
