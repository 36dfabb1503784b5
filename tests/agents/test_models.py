"""Which models can be called."""

from pathlib import Path
from typing import Any

import pytest
from langchain_openai import ChatOpenAI

from examples.local_model import LocalModel
from tests.agents.agents import a_job, a_thread, an_agent, events, last_values, texts
from tests.agents.conftest import no_headers
from weft.agents.addresses import AddressRule
from weft.agents.parts import Parts, Subagent
from weft.agents.runtime.models import chat_model, model_id_of
from weft.agents.runtime.runtime import Runtime, open_runtime
from weft.agents.runtime.tools import McpAccess
from weft.errors import ModelUnavailable, SandboxUnavailable


@pytest.mark.parametrize(
    ("model_id", "reason"),
    [
        ("gpt", "write it as provider:model"),
        ("nonsense:gpt", "provider"),
        ("groq:llama", "langchain-groq"),
        ("openai:gpt", "OPENAI_API_KEY"),
        ("anthropic:claude", "ANTHROPIC_API_KEY is not set"),
        ("google_genai:gemini", "GOOGLE_API_KEY"),
    ],
)
def test_a_model_that_cannot_be_called_says_why(model_id: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelUnavailable, match=reason) as caught:
        chat_model(model_id)
    assert (caught.value.status, caught.value.code) == (400, "model_unavailable")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("runtime", "default", "chosen"),
    [
        ({"model": {"model_id": "openai:a"}}, "openai:z", "openai:a"),
        ({"model": {"id": "openai:b"}}, "", "openai:b"),
        ({"model": {}}, "openai:z", "openai:z"),
        ({}, "openai:z", "openai:z"),
    ],
)
def test_where_a_model_is_named(runtime: dict[str, Any], default: str, chosen: str) -> None:
    assert model_id_of(an_agent(runtime=runtime).agent, default) == chosen


@pytest.mark.parametrize("runtime", [{}, {"model": {"model_id": " "}}, {"model": {"model_id": 7}}])
def test_no_model_at_all_is_told(runtime: dict[str, Any]) -> None:
    with pytest.raises(ModelUnavailable, match="no default"):
        model_id_of(an_agent(runtime=runtime).agent)


@pytest.mark.parametrize(("base_url", "responses"), [("", True), ("http://127.0.0.1:1/v1", None)])
def test_only_openai_itself_is_asked_for_responses(
    base_url: str, responses: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    if base_url:
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
    model = chat_model("openai:gpt")
    assert isinstance(model, ChatOpenAI)
    assert model.use_responses_api is responses


async def test_the_model_of_the_tests_speaks_responses_too(model: LocalModel) -> None:
    spoken = ChatOpenAI(model="local", use_responses_api=True).bind_tools([])
    whole = await spoken.ainvoke("say a b")
    streamed = [chunk async for chunk in spoken.astream("say a b")]
    assert whole.text == "".join(chunk.text for chunk in streamed) == "a b"


async def test_the_default_is_that_of_agents_without_a_model(model: LocalModel, tmp_path: Path) -> None:
    access = McpAccess(AddressRule(allow_private=True), no_headers)
    runtime = await open_runtime(tmp_path, access, "openai:spare")
    try:
        agent = an_agent(runtime={})
        await runtime.check(agent)
        await events(runtime, a_job(a_thread(), agent, "hello"))
    finally:
        await runtime.close()
    assert model.requests[0]["model"] == "spare"


async def test_what_cannot_run_is_refused_before_and_at_the_run(runtime: Runtime) -> None:
    lost = an_agent(Parts(subagents=[Subagent(name="clerk", model_id="groq:llama")]))
    for agent in (an_agent(runtime={"model": {"model_id": "groq:llama"}}), lost):
        with pytest.raises(ModelUnavailable):
            await runtime.check(agent)
        with pytest.raises(ModelUnavailable):
            await events(runtime, a_job(a_thread(), agent, "hello"))


async def test_a_sandbox_is_refused(runtime: Runtime) -> None:
    agent = an_agent(backend={"type": "sandbox", "sandbox_config": {"scope": "thread"}})
    with pytest.raises(SandboxUnavailable, match="no sandbox is configured"):
        await runtime.check(agent)
    with pytest.raises(SandboxUnavailable):
        await events(runtime, a_job(a_thread(), agent, "hello"))


async def test_a_model_that_fails_fails_the_run_and_the_thread_goes_on(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    with pytest.raises(Exception, match="the model has failed, as asked"):
        await events(runtime, a_job(thread, agent, "fail"))
    values = await last_values(runtime, a_job(thread, agent, "hello"))
    assert texts(values["messages"])[-1] == ("ai", "You said: hello")


async def test_names_that_providers_refuse_are_changed(runtime: Runtime) -> None:
    values = await last_values(runtime, a_job(a_thread(), an_agent(name="Ledger <helper>"), "hello"))
    assert values["messages"][-1]["name"] == "Ledger_helper_"
