"""Tools that wait for a human (the contract, D.3)."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.agents.agents import INTERRUPT, a_job, a_thread, an_agent, events, last_values, resuming, texts
from weft.agents.parts import Parts, Subagent
from weft.agents.runtime.runtime import Runtime

BOTH = ("values", "updates")
DELEGATED = "delegate remember tea to clerk"


async def test_a_write_to_memory_waits_for_a_human(runtime: Runtime) -> None:
    told = await events(runtime, a_job(a_thread(), an_agent(), "remember tea", stream_modes=BOTH))
    name, values = told[-1]
    update = next(data for kind, data in told if kind == "updates" and INTERRUPT in data)
    [interrupt] = update[INTERRUPT]
    assert name == "values"
    assert values[INTERRUPT] == [interrupt]
    assert interrupt.keys() == {"id", "value", "response_schema"}
    [asked] = interrupt["value"]["action_requests"]
    assert (asked["name"], asked["args"]) == ("write_file", {"file_path": "/memories/tea.md", "content": "tea"})
    [review] = interrupt["value"]["review_configs"]
    assert review == {"action_name": "write_file", "allowed_decisions": ["approve", "edit", "reject", "respond"]}


async def test_a_thread_that_skips_the_protection_writes_at_once(runtime: Runtime) -> None:
    thread = a_thread(skip_memory_write_protection=True)
    values = await last_values(runtime, a_job(thread, an_agent(), "remember tea"))
    assert INTERRUPT not in values
    assert texts(values["messages"])[-1][0] == "ai"
    assert await recalled(runtime, "tea") == "tea"


@pytest.mark.parametrize(
    ("decision", "status", "told", "memory"),
    [
        ({"type": "approve"}, "success", "/memories/tea.md", "tea"),
        (
            {
                "type": "edit",
                "edited_action": {"name": "write_file", "args": {"file_path": "/memories/tea.md", "content": "mate"}},
            },
            "success",
            "/memories/tea.md",
            "mate",
        ),
        ({"type": "reject", "message": "no tea"}, "error", "no tea", None),
        ({"type": "respond", "message": "I shall"}, "success", "I shall", None),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
async def test_each_decision_does_what_it_says(
    runtime: Runtime, decision: Mapping[str, Any], status: str, told: str, memory: str | None
) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "remember tea"))
    values = await last_values(runtime, resuming(thread, agent, decision))
    [result] = [message for message in values["messages"] if message["type"] == "tool"]
    assert result["status"] == status
    assert told in result["content"]
    assert await recalled(runtime, "tea") == memory


async def recalled(runtime: Runtime, name: str) -> str | None:
    """What another thread of the agent finds."""
    values = await last_values(runtime, a_job(a_thread(), an_agent(), f"recall {name}"))
    [result] = [message for message in values["messages"] if message["type"] == "tool"]
    return None if "not found" in result["content"] else result["content"].split()[-1]


@pytest.mark.parametrize(
    ("resume", "error"),
    [
        ([{"type": "approve"}], TypeError),
        ({"decisions": []}, ValueError),
        ({"decisions": [{"type": "approve"}, {"type": "approve"}]}, ValueError),
        ({"decisions": [{"type": "shrug"}]}, ValueError),
    ],
    ids=["a bare list", "none", "too many", "an unknown type"],
)
async def test_a_wrong_decision_fails_the_run_and_the_thread_waits_on(
    runtime: Runtime, resume: object, error: type[Exception]
) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "remember tea"))
    with pytest.raises(error):
        await events(runtime, a_job(thread, agent, command={"resume": resume}))
    values = await last_values(runtime, resuming(thread, agent, {"type": "respond", "message": "no"}))
    assert texts(values["messages"])[-1] == ("ai", "The tool says: no")


async def test_an_answer_to_what_nobody_asked_makes_no_event(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    assert await events(runtime, resuming(thread, agent, {"type": "approve"})) == []
    await events(runtime, a_job(thread, agent, "hello"))
    before = await runtime.state(thread)
    assert await events(runtime, resuming(thread, agent, {"type": "approve"})) == []
    assert await runtime.state(thread) == before


async def test_a_new_message_on_a_waiting_thread_leaves_the_call_undone(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "remember tea"))
    values = await last_values(runtime, a_job(thread, agent, "never mind"))
    assert INTERRUPT not in values
    kinds = [kind for kind, _ in texts(values["messages"])]
    assert kinds == ["human", "ai", "tool", "human", "ai"]
    assert await recalled(runtime, "tea") is None


async def test_a_new_message_is_answered_whatever_run_id_the_caller_gives(runtime: Runtime) -> None:
    """LangGraph takes an equal run_id in the metadata for the same run, and drops the message."""
    thread, agent = a_thread(), an_agent()
    same = {"metadata": {"run_id": "one"}}
    await events(runtime, a_job(thread, agent, "remember tea", config=same))
    values = await last_values(runtime, a_job(thread, agent, "never mind", config=same))
    assert texts(values["messages"])[-1] == ("ai", "You said: never mind")


async def test_resolving_leaves_the_call_undone_and_the_thread_usable(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "remember tea"))
    [asked] = (await runtime.pending(thread)).values()
    assert asked[0]["value"]["action_requests"][0]["name"] == "write_file"
    assert await runtime.resolve_interrupt(thread)
    assert await runtime.pending(thread) == {}
    assert (await runtime.state(thread))["next"] == []
    assert not await runtime.resolve_interrupt(thread)
    values = await last_values(runtime, a_job(thread, agent, "hello"))
    assert texts(values["messages"])[-1] == ("ai", "You said: hello")


async def test_a_subagent_waits_once_and_goes_on_after_the_answer(runtime: Runtime) -> None:
    thread = a_thread()
    agent = an_agent(Parts(subagents=[Subagent(name="clerk", description="Writes", instructions="Write.")]))
    values = await last_values(runtime, a_job(thread, agent, DELEGATED))
    [interrupt] = values[INTERRUPT]
    assert interrupt["value"]["action_requests"][0]["name"] == "write_file"
    assert len(await runtime.pending(thread)) == 1
    values = await last_values(runtime, resuming(thread, agent, {"type": "approve"}))
    assert INTERRUPT not in values
    assert [kind for kind, _ in texts(values["messages"])] == ["human", "ai", "tool", "ai"]
    assert await recalled(runtime, "tea") == "tea"
