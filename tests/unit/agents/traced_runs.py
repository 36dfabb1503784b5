"""Runs of graphs with the tracer listening, and what is on record of them afterwards."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from tests.factories import a_selection
from weft.agents.contract import TracedRun
from weft.agents.runtime.tracing import RunTracer
from weft.agents.trace_writer import TraceSink
from weft.model.agent import Agent, AgentRevision
from weft.model.ids import new_id
from weft.model.page import Paging
from weft.model.run import Run
from weft.model.span import Span
from weft.model.trace import Trace
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID
from weft.store.contract import Scope

Graph = CompiledStateGraph[Any, Any, Any, Any]

WORKSPACE = DEFAULT_WORKSPACE_ID


def an_agent() -> AgentRevision:
    nothing: dict[str, Any] = {name: {} for name in ("permissions", "runtime", "backend", "extras", "configurable")}
    agent = Agent(
        id=new_id(),
        workspace_id=WORKSPACE,
        owner_id="owner",
        name=f"ledger {new_id()}",
        description="",
        revision="f" * 64,
        created_at=1,
        updated_at=1,
        **nothing,
    )
    return AgentRevision(agent)


def a_run(agent: AgentRevision, thread_id: str, **kwargs: Any) -> Run:
    return Run(
        id=new_id(),
        workspace_id=WORKSPACE,
        thread_id=thread_id,
        agent_id=agent.agent.id,
        status="running",
        metadata={},
        kwargs=kwargs,
        multitask_strategy="enqueue",
        trace_id=new_id(),
        error=None,
        created_at=1,
        updated_at=1,
    )


@dataclass(frozen=True)
class Traced:
    trace: Trace
    spans: list[Span]

    @property
    def tree(self) -> dict[str, Any]:
        return self._below(None)

    def span(self, name: str) -> Span:
        return next(span for span in self.spans if span.name == name)

    def _below(self, id: str | None) -> dict[str, Any]:
        return {f"{span.name}": self._below(span.id) for span in self.spans if span.parent_span_id == id}


@dataclass
class Conversation:
    """One thread of one agent."""

    sink: TraceSink
    graph: Graph
    agent: AgentRevision = field(default_factory=an_agent)
    thread_id: str = field(default_factory=new_id)

    async def say(self, text: str, **kwargs: Any) -> Traced:
        return await self.run(input={"messages": [{"role": "user", "content": text}]}, **kwargs)

    async def run(self, **kwargs: Any) -> Traced:
        """As the server runs it; what the run raises is part of its trace."""
        run = a_run(self.agent, self.thread_id, **kwargs)
        tracer = RunTracer(self.sink, TracedRun(run, self.agent, "someone"))
        error: Exception | None = None
        try:
            await stream(self.graph, run, tracer)
        except Exception as raised:
            error = raised
        state = await self.graph.aget_state({"configurable": {"thread_id": self.thread_id}})
        await tracer.finish(None, error, interrupted=bool(state.interrupts))
        return await traced(self.sink, run)


async def stream(graph: Graph, run: Run, tracer: RunTracer) -> None:
    command = run.kwargs.get("command")
    given = Command(resume=command["resume"]) if command else run.kwargs["input"]
    config: Any = {
        "configurable": {"thread_id": run.thread_id},
        "metadata": {"run_id": run.id},
        "callbacks": [tracer],
    }
    async for _ in graph.astream(given, config, stream_mode=["values", "messages"], subgraphs=True):
        pass


async def traced(sink: TraceSink, run: Run) -> Traced:
    assert run.trace_id
    trace = (await sink.store.get_trace(run.workspace_id, run.trace_id)).trace
    selection = a_selection(Scope(trace.workspace_id, trace.project_id), paging=Paging(size=100))
    spans = [record.span for record in (await sink.store.find_spans(selection)).items]
    return Traced(trace, sorted((span for span in spans if span.trace_id == trace.id), key=lambda s: s.start_time))


def read(text: str | None) -> Mapping[str, Any]:
    assert text is not None
    document: Mapping[str, Any] = json.loads(text)
    return document
