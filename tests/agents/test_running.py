"""Runs of agents on a model that answers by rules."""

from examples.local_model import LocalModel
from tests.agents.agents import a_job, a_thread, an_agent, events, last_values, text_of, texts
from weft.agents.parts import Parts
from weft.agents.runtime.runtime import Runtime


async def test_a_run_ends_with_the_whole_state(runtime: Runtime) -> None:
    told = await events(runtime, a_job(a_thread(), an_agent(), "hello"))
    assert {name for name, _ in told} == {"values"}
    assert texts(told[0][1]["messages"]) == [("human", "hello")]
    assert texts(told[-1][1]["messages"]) == [("human", "hello"), ("ai", "You said: hello")]


async def test_the_next_run_goes_on_with_the_conversation(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "one"))
    values = await last_values(runtime, a_job(thread, agent, "two"))
    assert [text for _, text in texts(values["messages"])] == ["one", "You said: one", "two", "You said: two"]


async def test_messages_come_in_chunks_with_what_says_whose_they_are(runtime: Runtime) -> None:
    thread, agent = a_thread(colour="green"), an_agent()
    job = a_job(thread, agent, "say a b", stream_modes=("messages-tuple",))
    told = await events(runtime, job)
    assert {name for name, _ in told} == {"messages"}
    chunks = [chunk for _, (chunk, _) in told]
    assert {chunk["type"] for chunk in chunks} == {"AIMessageChunk"}
    assert "".join(text_of(chunk["content"]) for chunk in chunks) == "a b"
    assert chunks[-1]["chunk_position"] == "last"
    _, (_, metadata) = told[0]
    expected = {
        "run_id": job.run_id,
        "thread_id": thread.id,
        "assistant_id": agent.agent.id,
        "graph_id": "deep_agent",
        "langgraph_node": "model",
        "lc_agent_name": "helper",
        "colour": "green",
    }
    assert expected.items() <= metadata.items()


async def test_usage_is_told_by_servers_that_are_not_openai(runtime: Runtime) -> None:
    values = await last_values(runtime, a_job(a_thread(), an_agent(), "say a b c"))
    assert values["messages"][-1]["usage_metadata"]["output_tokens"] == 3


async def test_the_prompt_ends_with_the_day(runtime: Runtime, model: LocalModel) -> None:
    agent = an_agent(Parts(system_prompt="You check ledgers."))
    await events(runtime, a_job(a_thread(), agent, "hello", timezone="Asia/Tokyo"))
    prompt = text_of(model.requests[0]["messages"][0]["content"])
    assert prompt.startswith("You check ledgers.")
    assert "(time zone Asia/Tokyo)" in prompt


async def test_a_time_zone_that_is_none_is_utc(runtime: Runtime, model: LocalModel) -> None:
    await events(runtime, a_job(a_thread(), an_agent(), "hello", timezone="Mars/Olympus"))
    assert "(time zone UTC)" in text_of(model.requests[0]["messages"][0]["content"])
