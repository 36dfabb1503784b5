"""What a run tells of its subagents."""

import re

from examples.local_model import LocalModel
from tests.agents.agents import a_job, a_thread, an_agent, events, last_values, text_of, texts
from weft.agents.parts import Parts, Subagent
from weft.agents.runtime.runtime import Runtime

CLERK = Subagent(name="clerk", description="Writes", instructions="You are a clerk.", model_id="openai:other")
PARTS = Parts(subagents=[CLERK])
ALL = ("values", "updates", "messages-tuple")


async def test_events_of_a_subagent_are_named_by_the_task(runtime: Runtime) -> None:
    job = a_job(a_thread(), an_agent(PARTS), "delegate hello to clerk", stream_modes=ALL, subgraphs=True)
    told = await events(runtime, job)
    names = {name for name, _ in told}
    [place] = {name.partition("|")[2] for name in names if "|" in name}
    assert re.fullmatch(r"tools:[0-9a-f-]{36}", place)
    assert names == {
        *("values", "updates", "messages"),
        *(f"{mode}|{place}" for mode in ("values", "updates", "messages")),
    }
    speakers = {
        metadata["lc_agent_name"] for name, data in told if name == f"messages|{place}" for metadata in [data[1]]
    }
    assert speakers == {"clerk"}


async def test_without_subgraphs_only_the_agent_is_told_of(runtime: Runtime) -> None:
    job = a_job(a_thread(), an_agent(PARTS), "delegate hello to clerk", stream_modes=("values", "updates"))
    assert {name for name, _ in await events(runtime, job)} == {"values", "updates"}


async def test_a_subagent_thinks_with_its_own_model(runtime: Runtime, model: LocalModel) -> None:
    values = await last_values(runtime, a_job(a_thread(), an_agent(PARTS), "delegate hello to clerk"))
    assert texts(values["messages"])[-1] == ("ai", "The tool says: You said: hello")
    assert [request["model"] for request in model.requests] == ["local", "other", "local"]
    assert text_of(model.requests[1]["messages"][0]["content"]).startswith("You are a clerk.")


async def test_there_is_always_one_for_general_purposes(runtime: Runtime) -> None:
    values = await last_values(runtime, a_job(a_thread(), an_agent(), "delegate hello"))
    assert texts(values["messages"])[-1] == ("ai", "The tool says: You said: hello")
