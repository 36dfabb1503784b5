"""States of threads, which are there whatever became of their agents."""

import asyncio

import pytest

from examples.local_model import LocalModel
from tests.agents.agents import a_job, a_thread, an_agent, events, last_values, resuming, texts
from weft.agents.parts import Parts, Skill, Subagent
from weft.agents.runtime.runtime import Runtime
from weft.errors import CheckpointNotFound, InvalidState

STATE_FIELDS = {
    "values",
    "next",
    "tasks",
    "metadata",
    "created_at",
    "checkpoint",
    "parent_checkpoint",
    "interrupts",
    "checkpoint_id",
    "parent_checkpoint_id",
}
SKILLED = Parts(skills=[Skill(name="month-end", description="Close a month", instructions="Close it.")])


async def test_a_thread_that_never_ran_has_an_empty_state(runtime: Runtime) -> None:
    state = await runtime.state(a_thread())
    assert state.keys() == STATE_FIELDS
    assert (state["values"], state["next"], state["interrupts"]) == ({}, [], [])


async def test_a_state_has_what_the_run_ended_with(runtime: Runtime) -> None:
    thread = a_thread()
    values = await last_values(runtime, a_job(thread, an_agent(), "write /plan.md steps"))
    state = await runtime.state(thread)
    assert state["values"] == values
    assert state["values"]["files"]["/plan.md"]["content"] == "steps"
    assert state["checkpoint"] == {
        "thread_id": thread.id,
        "checkpoint_ns": "",
        "checkpoint_id": state["checkpoint_id"],
    }


async def test_states_and_events_have_nothing_of_the_machinery(runtime: Runtime) -> None:
    thread = a_thread()
    told = await events(runtime, a_job(thread, an_agent(SKILLED), "hello"))
    state = await runtime.state(thread)
    for values in (*(data for _, data in told), state["values"]):
        assert values.keys() <= {"messages", "files", "structured_response"}


async def test_a_waiting_thread_shows_what_it_waits_for(runtime: Runtime) -> None:
    thread = a_thread()
    await events(runtime, a_job(thread, an_agent(SKILLED), "remember tea"))
    state = await runtime.state(thread)
    [task] = state["tasks"]
    assert state["next"] == [task["name"]]
    assert task["interrupts"] == state["interrupts"]
    assert await runtime.pending(thread) == {task["id"]: task["interrupts"]}


async def test_history_goes_back_from_the_newest(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "one"))
    await events(runtime, a_job(thread, agent, "two"))
    states = await runtime.history(thread, 100, None)
    assert states[0] == await runtime.state(thread)
    assert [state["checkpoint_id"] for state in states[1:]] == [state["parent_checkpoint_id"] for state in states[:-1]]
    older = await runtime.history(thread, 2, states[1]["checkpoint_id"])
    assert older == states[2:4]


async def test_a_state_of_long_ago_can_be_read(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "one"))
    then = await runtime.state(thread)
    await events(runtime, a_job(thread, agent, "two"))
    assert (await runtime.state(thread, then["checkpoint_id"]))["values"] == then["values"]
    with pytest.raises(CheckpointNotFound):
        await runtime.state(thread, "1f0b7c1e-0000-6000-8000-000000000000")


async def test_a_state_can_be_changed_by_hand(runtime: Runtime) -> None:
    thread = a_thread()
    values = {"messages": [{"role": "user", "content": "from outside"}]}
    checkpoint = await runtime.update_state(thread, values, None)
    state = await runtime.state(thread)
    assert checkpoint == state["checkpoint"]
    assert texts(state["values"]["messages"]) == [("human", "from outside")]


@pytest.mark.parametrize(
    ("values", "node"),
    [
        ({"messages": [{"role": "nobody"}]}, None),
        ({"messages": [7]}, None),
        ({"messages": []}, "nowhere"),
        (7, "model"),
    ],
)
async def test_a_change_that_does_not_fit_is_refused(runtime: Runtime, values: object, node: str | None) -> None:
    thread = a_thread()
    with pytest.raises(InvalidState):
        await runtime.update_state(thread, values, node)
    assert (await runtime.state(thread))["values"] == {}


async def test_a_copy_goes_on_by_itself(runtime: Runtime) -> None:
    thread, other, agent = a_thread(), a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "remember tea"))
    await runtime.copy(thread.id, other.id)
    await events(runtime, resuming(other, agent, {"type": "respond", "message": "no"}))
    assert texts((await runtime.state(other))["values"]["messages"])[-1] == ("ai", "The tool says: no")
    assert await runtime.pending(thread) != {}


async def test_a_rewound_thread_is_as_it_was(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "one"))
    before = await runtime.state(thread)
    await events(runtime, a_job(thread, agent, "two"))
    await runtime.rewind(thread.id, before["checkpoint_id"])
    assert await runtime.state(thread) == before
    await runtime.rewind(thread.id, None)
    assert (await runtime.state(thread))["values"] == {}


@pytest.mark.parametrize("text", ["remember tea", "delegate remember tea to clerk"])
async def test_a_thread_that_is_rewound_to_a_question_can_be_answered_anew(runtime: Runtime, text: str) -> None:
    thread = a_thread()
    agent = an_agent(Parts(subagents=[Subagent(name="clerk", description="Writes", instructions="Write.")]))
    await events(runtime, a_job(thread, agent, text))
    before = await runtime.state(thread)
    await events(runtime, resuming(thread, agent, {"type": "respond", "message": "yes"}))
    await runtime.rewind(thread.id, before["checkpoint_id"])
    assert await runtime.state(thread) == before
    values = await last_values(runtime, resuming(thread, agent, {"type": "respond", "message": "no"}))
    assert texts(values["messages"])[-1][1].endswith("The tool says: no")


async def test_memories_outlive_the_thread_that_wrote_them(runtime: Runtime) -> None:
    thread, agent = a_thread(skip_memory_write_protection=True), an_agent()
    await events(runtime, a_job(thread, agent, "remember tea"))
    await runtime.delete(thread.id)
    assert (await runtime.state(thread))["values"] == {}
    assert "tea" in await told(runtime, "recall tea")
    await runtime.delete_memories(agent.agent.id)
    assert "not found" in await told(runtime, "recall tea")


async def told(runtime: Runtime, text: str) -> str:
    values = await last_values(runtime, a_job(a_thread(), an_agent(), text))
    return texts(values["messages"])[-1][1]


async def test_a_run_that_is_cut_in_the_middle_of_a_word_leaves_the_thread_usable(
    runtime: Runtime, model: LocalModel
) -> None:
    thread, agent = a_thread(), an_agent()
    word = asyncio.Event()

    async def run() -> None:
        async for _ in runtime.stream(a_job(thread, agent, "hold", stream_modes=("messages-tuple",))):
            word.set()

    task = asyncio.ensure_future(run())
    await word.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    state = await runtime.state(thread)
    assert texts(state["values"]["messages"]) == [("human", "hold")]
    assert state["next"] == ["model"]
    model.released.set()
    values = await last_values(runtime, a_job(thread, agent, "hello"))
    assert texts(values["messages"])[-1] == ("ai", "You said: hello")
