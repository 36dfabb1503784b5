"""What runs tell, kept and passed on."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from tests.agents.threads import a_stored_run, a_stored_thread
from weft.agents.event_log import RECENT, EventLog
from weft.model.agent_thread import ThreadProgress
from weft.model.run import RunEvent
from weft.registry import Registry


@pytest.fixture
def log(registry: Registry) -> EventLog:
    return EventLog(registry)


async def a_run(registry: Registry, log: EventLog) -> str:
    """Of a run that goes on."""
    thread = await a_stored_thread(registry)
    run = a_stored_run(thread)
    await registry.runs.create(run, ThreadProgress("busy", run.created_at))
    log.open(run.id)
    return run.id


@pytest.fixture
async def run_id(registry: Registry, log: EventLog) -> str:
    return await a_run(registry, log)


async def end(log: EventLog, run_id: str) -> None:
    await log.flush(run_id)
    log.close(run_id)


async def sequences(log: EventLog, run_id: str, after: int = 0) -> list[int]:
    return [event.sequence async for event in log.follow(run_id, after)]


async def test_who_follows_from_the_start_is_told_everything_in_order(log: EventLog, run_id: str) -> None:
    following = asyncio.create_task(sequences(log, run_id))
    for number in range(500):
        await log.append(run_id, "values", {"number": number})
        if number % 50 == 0:
            await asyncio.sleep(0)
    await end(log, run_id)
    assert await following == list(range(1, 501))


async def test_what_was_told_is_on_disk(registry: Registry, log: EventLog, run_id: str) -> None:
    await log.append(run_id, "values", {"a": [1, "é"]})
    event = await anext(log.follow(run_id))
    assert event == RunEvent(1, "values", '{"a":[1,"é"]}')
    assert await registry.run_events.find_after(run_id, 0, 10) == [event]


@pytest.mark.parametrize("after", [0, 1, RECENT, 3 * RECENT - 1, 3 * RECENT, 3 * RECENT + 5])
async def test_who_comes_back_is_told_the_rest_once(log: EventLog, run_id: str, after: int) -> None:
    for _ in range(3 * RECENT):
        await log.append(run_id, "values", {})
    await log.flush(run_id)
    following = asyncio.create_task(sequences(log, run_id, after))
    await asyncio.sleep(0)
    await log.append(run_id, "values", {})
    await end(log, run_id)
    assert await following == list(range(after + 1, 3 * RECENT + 2))


async def test_a_run_that_has_ended_is_told_from_the_store(log: EventLog, run_id: str) -> None:
    for _ in range(5):
        await log.append(run_id, "values", {})
    await end(log, run_id)
    assert await sequences(log, run_id, 3) == [4, 5]
    assert await sequences(log, run_id, 5) == []


async def test_runs_do_not_mix_and_any_number_may_follow(registry: Registry, log: EventLog, run_id: str) -> None:
    other_id = await a_run(registry, log)
    following = asyncio.gather(*(sequences(log, id) for id in (run_id, other_id) * 10))
    for _ in range(100):
        await log.append(run_id, "values", {})
        await log.append(other_id, "updates", {})
    await end(log, run_id)
    await end(log, other_id)
    assert await following == [list(range(1, 101))] * 20
    assert {event.event async for event in log.follow(other_id)} == {"updates"}


async def test_a_run_whose_events_cannot_be_written_fails_alone(
    registry: Registry, log: EventLog, run_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken_id = await a_run(registry, log)
    await registry.runs.delete(broken_id)
    following = asyncio.create_task(sequences(log, broken_id))
    for id in (broken_id, run_id):
        await log.append(id, "values", {})
    await end(log, run_id)
    assert await sequences(log, run_id) == [1]
    with pytest.raises(IntegrityError):
        await following
    with pytest.raises(IntegrityError):
        await log.append(broken_id, "values", {})
    await end(log, broken_id)
    assert [record.message for record in caplog.records] == ["events not written"]


async def test_what_json_cannot_hold_is_refused_and_leaves_no_gap(log: EventLog, run_id: str) -> None:
    with pytest.raises(TypeError):
        await log.append(run_id, "values", object())
    await log.append(run_id, "values", {})
    await end(log, run_id)
    assert await sequences(log, run_id) == [1]
