"""What is on record of a run, with real graphs and a model that answers by a script."""

import asyncio
import logging
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from deepagents import create_deep_agent
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import StateGraph
from langgraph.graph.message import MessagesState
from langgraph.types import Command

from tests.unit.agents.scripted_model import ScriptedModel, calls, says
from tests.unit.agents.traced_runs import Conversation, Graph, a_run, an_agent, read, stream, traced
from weft.agents.contract import TracedRun
from weft.agents.runtime.tracing import RunTracer
from weft.agents.trace_writer import TraceSink
from weft.errors import NotFound
from weft.model.run import Run

pytestmark = pytest.mark.asyncio(loop_scope="module")


def add(a: int, b: int) -> int:
    """Adds."""
    return a + b


def pay(amount: int) -> str:
    """Pays."""
    return f"paid {amount}"


def stumble() -> str:
    """Fails."""
    raise LookupError("no such ledger")


SCRIPT = {
    "add": calls("add", a=2, b=3),
    "pay": calls("pay", amount=5),
    "stumble": calls("stumble"),
    "delegate": calls("task", description="add", subagent_type="auditor"),
    "delegate a payment": calls("task", description="pay", subagent_type="auditor"),
}


def answer(text: str) -> AIMessage:
    if text == "break":
        raise ConnectionError("the model is down")
    return SCRIPT.get(text, says("so it is"))


def ledger(held: asyncio.Event | None = None) -> Graph:
    return create_deep_agent(
        ScriptedModel(script=answer, held=held),
        [add, pay, stumble],
        subagents=[
            {"name": "auditor", "description": "Audits", "system_prompt": "Audit it.", "tools": [add, pay, stumble]}
        ],
        interrupt_on={"pay": True},
        checkpointer=InMemorySaver(),
        name="ledger",
    )


@pytest.fixture(scope="module")
def graph() -> Graph:
    return ledger()


@pytest.fixture
def conversation(sink: TraceSink, graph: Graph) -> Conversation:
    return Conversation(sink, graph)


class TestTrace:
    async def test_tells_whose_run_it_was_and_what_went_in_and_out(self, conversation: Conversation) -> None:
        trace = (await conversation.say("hello")).trace
        agent = conversation.agent.agent
        project = await conversation.sink.registry.projects.get(trace.workspace_id, trace.project_id)
        assert (trace.name, project.name, trace.thread_id) == (agent.name, agent.name, conversation.thread_id)
        assert (trace.tags, trace.source, trace.error_info) == (["agent run"], "sdk", None)
        assert read(trace.input) == {"messages": [{"role": "user", "content": "hello"}]}
        assert [message["content"] for message in read(trace.output)["messages"]] == ["so it is "]
        assert read(trace.metadata).items() >= {"agent_id": agent.id, "revision": "f" * 64}.items()
        assert trace.end_time is not None
        assert trace.end_time > trace.start_time
        assert trace.ttft is not None

    async def test_has_tags_and_metadata_of_the_caller(self, conversation: Conversation) -> None:
        config = {"tags": ["nightly", "agent run"], "metadata": {"ls_user_id": "u-1", "thread_id": "forged"}}
        trace = (await conversation.say("hello", config=config)).trace
        assert trace.tags == ["agent run", "nightly"]
        assert read(trace.metadata)["ls_user_id"] == "u-1"
        assert read(trace.metadata)["thread_id"] == conversation.thread_id

    async def test_output_is_what_this_run_has_added(self, conversation: Conversation) -> None:
        await conversation.say("hello")
        trace = (await conversation.say("add")).trace
        assert [message["type"] for message in read(trace.output)["messages"]] == ["ai", "tool", "ai"]

    async def test_is_there_while_the_run_goes_on(self, sink: TraceSink) -> None:
        held = asyncio.Event()
        conversation = Conversation(sink, ledger(held))
        run = a_run(conversation.agent, conversation.thread_id, input={"messages": [("user", "hello")]})
        tracer = RunTracer(sink, TracedRun(run, conversation.agent, "someone", test_run=True))
        running = asyncio.create_task(stream(conversation.graph, run, tracer))
        await begun(sink, run)
        open = (await traced(sink, run)).trace
        held.set()
        await running
        await tracer.finish(None, None, interrupted=False)
        ended = (await traced(sink, run)).trace
        assert (open.end_time, open.output, open.tags) == (None, None, ["agent run", "test run"])
        assert ended.end_time
        assert ended.start_time == open.start_time


class TestSpans:
    async def test_steps_are_nested_as_they_ran(self, conversation: Conversation) -> None:
        recorded = await conversation.say("add")
        assert [(span.name, span.type) for span in recorded.spans] == [
            ("model", "general"),
            ("ScriptedModel", "llm"),
            ("tools", "general"),
            ("add", "tool"),
            ("model", "general"),
            ("ScriptedModel", "llm"),
        ]
        assert recorded.tree == {"model": {"ScriptedModel": {}}, "tools": {"add": {}}}
        assert all(span.end_time and span.error_info is None for span in recorded.spans)

    async def test_subagent_is_below_the_call_of_it(self, conversation: Conversation) -> None:
        recorded = await conversation.say("delegate")
        below: dict[str, Any] = {"model": {"ScriptedModel": {}}, "tools": {"add": {}}}
        assert recorded.tree["tools"] == {"task": {"auditor": below}}
        assert read(recorded.span("auditor").input)["messages"][0]["content"] == "add"

    async def test_model_call_tells_model_usage_and_cost(self, conversation: Conversation) -> None:
        call = (await conversation.say("hello")).span("ScriptedModel")
        assert (call.model, call.provider) == ("gpt-4o-2024-08-06", "openai")
        assert call.usage["prompt_tokens"] == 1000
        assert call.usage["original_usage.prompt_tokens_details.cached_tokens"] == 400
        assert call.usage["original_usage.completion_tokens_details.reasoning_tokens"] == 20
        # 600 at 2.5, 400 from the cache at 1.25 and 100 at 10 dollars a million
        assert call.total_estimated_cost == Decimal("0.003000000000")
        assert call.ttft is not None

    async def test_model_call_has_the_messages_in_and_out(self, conversation: Conversation) -> None:
        call = (await conversation.say("add")).span("ScriptedModel")
        [answer] = read(call.output)["messages"]
        assert [message["type"] for message in read(call.input)["messages"]][-1] == "human"
        assert answer["tool_calls"][0]["args"] == {"a": 2, "b": 3}
        assert (answer["type"], answer["content"]) == ("ai", "")

    async def test_tool_has_its_arguments_and_its_result(self, conversation: Conversation) -> None:
        tool = (await conversation.say("add")).span("add")
        assert (read(tool.input), read(tool.output)) == ({"a": 2, "b": 3}, {"output": "5"})

    async def test_failed_tool_tells_why(self, conversation: Conversation) -> None:
        recorded = await conversation.say("stumble")
        error = read(recorded.span("stumble").error_info)
        assert (error["exception_type"], error["message"]) == ("LookupError", "no such ledger")
        assert "stumble" in error["traceback"]


class TestEnds:
    async def test_interrupt_is_no_error(self, conversation: Conversation) -> None:
        recorded = await conversation.say("pay")
        [interrupt] = read(recorded.trace.output)["__interrupt__"]
        assert interrupt["value"]["action_requests"][0]["name"] == "pay"
        assert read(recorded.trace.metadata)["_langgraph_interrupt"] is True
        assert [span.error_info for span in recorded.spans] == [None] * len(recorded.spans)
        assert read(recorded.span("HumanInTheLoopMiddleware.after_model").output)["__interrupt__"] == [interrupt]

    async def test_interrupt_of_a_subagent_is_told_once(self, conversation: Conversation) -> None:
        recorded = await conversation.say("delegate a payment")
        assert len(read(recorded.trace.output)["__interrupt__"]) == 1
        assert recorded.span("auditor").error_info is None

    async def test_resumed_run_is_another_trace_of_the_thread(self, conversation: Conversation) -> None:
        await conversation.say("pay")
        decisions = {"decisions": [{"type": "approve"}]}
        recorded = await conversation.run(command={"resume": decisions}, input={"messages": [{"role": "system"}]})
        assert read(recorded.trace.input) == {"__resume__": decisions}
        assert recorded.trace.thread_id == conversation.thread_id
        assert read(recorded.span("pay").output) == {"output": "paid 5"}
        assert [message["type"] for message in read(recorded.trace.output)["messages"]][-2:] == ["tool", "ai"]

    async def test_failed_run_tells_why(self, conversation: Conversation) -> None:
        recorded = await conversation.say("break")
        failures = [recorded.trace.error_info, *(span.error_info for span in recorded.spans)]
        assert {read(failure)["exception_type"] for failure in failures} == {"ConnectionError"}
        assert "the model is down" in read(recorded.trace.error_info)["traceback"]

    async def test_cancelled_run_leaves_nothing_open(self, sink: TraceSink) -> None:
        conversation = Conversation(sink, ledger(held=asyncio.Event()))
        run = a_run(conversation.agent, conversation.thread_id, input={"messages": [("user", "hello")]})
        tracer = RunTracer(sink, TracedRun(run, conversation.agent, "someone"))
        running = asyncio.create_task(stream(conversation.graph, run, tracer))
        await begun(sink, run)
        running.cancel()
        await asyncio.wait([running])
        await tracer.finish(None, asyncio.CancelledError(), interrupted=False)
        recorded = await traced(sink, run)
        assert read(recorded.trace.metadata)["cancelled"] is True
        assert recorded.trace.error_info is None
        assert all(span.end_time and span.error_info is None for span in recorded.spans)

    async def test_command_to_the_parent_graph_is_no_error(self, sink: TraceSink) -> None:
        recorded = await Conversation(sink, handing_over()).say("hello")
        assert recorded.tree == {"inner": {"hand over": {}}, "last": {}}
        assert read(recorded.span("hand over").metadata)["_langgraph_parent_command"] is True
        assert [span.error_info for span in recorded.spans] == [None, None, None]

    async def test_store_that_fails_is_logged_and_the_run_goes_on(
        self, sink: TraceSink, graph: Graph, caplog: pytest.LogCaptureFixture
    ) -> None:
        agent = an_agent()
        run = a_run(agent, "thread", input={"messages": [("user", "hello")]})
        broken = TraceSink(Broken(), sink.registry, sink.vault)  # type: ignore[arg-type]
        tracer = RunTracer(broken, TracedRun(run, agent, "someone"))
        await stream(graph, run, tracer)
        await tracer.finish(None, None, interrupted=False)
        assert {(record.name, record.levelno) for record in caplog.records} == {
            ("weft.agents.trace_writer", logging.ERROR)
        }


class Broken:
    """A store whose disk is full."""

    async def put_traces(self, traces: object) -> None:
        raise OSError("no space left")

    put_spans = put_traces


def handing_over() -> Graph:
    """A graph in which a node of a subgraph says where the whole graph goes on."""
    inner: Any = StateGraph(MessagesState)
    inner.add_node("hand over", lambda state: Command(goto="last", graph=Command.PARENT))
    inner.set_entry_point("hand over")
    outer: Any = StateGraph(MessagesState)
    outer.add_node("inner", inner.compile())
    outer.add_node("last", lambda state: {"messages": [says("bye")]})
    outer.set_entry_point("inner")
    compiled: Graph = outer.compile(checkpointer=InMemorySaver())
    return compiled


async def begun(sink: TraceSink, run: Run) -> None:
    """Returns when the trace of the run is on record."""
    while True:
        with suppress(NotFound):
            await traced(sink, run)
            return
