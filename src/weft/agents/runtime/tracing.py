"""Listens to a run and makes a trace with spans of it."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from langgraph.errors import GraphInterrupt
from msgspec.structs import replace

from weft.agents.contract import TracedRun
from weft.agents.runtime.trace_facts import (
    About,
    class_name,
    failure_of,
    id_of,
    interrupts_of,
    is_plumbing,
    messages_of,
    metadata_of,
    model_name,
    told_metadata,
)
from weft.agents.runtime.trace_payloads import PayloadEncoder, result_of
from weft.agents.trace_steps import TraceSteps, milliseconds_since
from weft.agents.trace_writer import TraceSink, TraceWriter
from weft.agents.tracing import (
    INTERRUPT,
    INTERRUPTED,
    ended_trace,
    error_info_text,
    started_trace,
)
from weft.agents.usage import provider_name, usage_counters
from weft.model.trace import Trace

_HOOKS = (".before_agent", ".before_model", ".after_model", ".after_agent")

_log = logging.getLogger(__name__)


class RunTracer(BaseCallbackHandler):
    """The trace of one run, from the moment it is made to `finish`. Made in the event loop; steps may be in any thread.

    Model calls, tools, nodes and subagents become spans. What only wraps others does not, nor do hooks of middleware
    that have changed nothing.
    """

    run_inline = True  # steps are told in the order in which they happen

    def __init__(self, sink: TraceSink, traced: TracedRun) -> None:
        self._traced = traced
        self._trace = started_trace(traced)
        self._writer = TraceWriter(sink, traced.revision.agent.name)
        self._steps = TraceSteps(self._trace, self._writer.put)
        self._payloads = PayloadEncoder()
        self._known: frozenset[str] | None = None  # ids of the messages that the run began with
        self._output: object = None
        self._interrupts: dict[str, Mapping[str, object]] = {}
        self._writer.put(self._trace)

    async def finish(self, output: object, error: BaseException | None, interrupted: bool) -> None:
        """Ends the trace and whatever is still open in it; both are written when this returns, or cannot be. The
        output is only taken where the graph has given none."""
        try:
            self._steps.close()
            self._writer.put(self._ended(output, error, interrupted))
        except Exception:
            _log.exception("cannot end the trace of run %s", self._traced.run.id)
        await self._writer.close()

    # What LangChain tells

    def on_chain_start(
        self,
        serialized: About,
        inputs: object,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        name: str | None = None,
        **_: Any,
    ) -> None:
        if parent_run_id is None:
            return
        if self._known is None:
            self._known = frozenset(filter(None, map(id_of, messages_of(inputs))))
        name, about = name or class_name(serialized), metadata or {}
        if is_plumbing(name, tags or (), about):
            self._steps.fold(run_id, parent_run_id)
            return
        of_subagent = inputs if name == about.get("lc_agent_name") else None
        self._steps.begin(
            run_id,
            parent_run_id,
            metadata=told_metadata(about),
            idle=name.endswith(_HOOKS),
            name=name,
            input=self._payloads.text(of_subagent),
        )

    def on_chain_end(self, outputs: object, *, run_id: UUID, parent_run_id: UUID | None = None, **_: Any) -> None:
        if parent_run_id is None:
            self._output = outputs
        else:
            self._steps.end(run_id, output=self._payloads.text(result_of(outputs)))

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        self._fail(run_id, error)

    def on_tool_start(
        self,
        serialized: About,
        input_str: str,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        metadata: dict[str, Any] | None = None,
        inputs: dict[str, Any] | None = None,
        name: str | None = None,
        **_: Any,
    ) -> None:
        self._steps.begin(
            run_id,
            parent_run_id,
            metadata=told_metadata(metadata),
            name=name or class_name(serialized),
            type="tool",
            input=self._payloads.text({"input": input_str} if inputs is None else inputs),
        )

    def on_tool_end(self, output: object, *, run_id: UUID, **_: Any) -> None:
        failure = None
        if isinstance(output, ToolMessage) and output.status == "error":
            failure = error_info_text("ToolError", output.text, output.text)
        self._steps.end(run_id, output=self._payloads.text(result_of(output)), error_info=failure)

    def on_tool_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        self._fail(run_id, error)

    def on_chat_model_start(
        self,
        serialized: About,
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        metadata: dict[str, Any] | None = None,
        name: str | None = None,
        **_: Any,
    ) -> None:
        about = metadata or {}
        self._steps.begin(
            run_id,
            parent_run_id,
            metadata=told_metadata(about),
            name=name or class_name(serialized),
            type="llm",
            input=self._payloads.text({"messages": [message for batch in messages for message in batch]}),
            model=about.get("ls_model_name"),
            provider=provider_name(about.get("ls_provider")),
        )

    def on_llm_new_token(self, token: object, *, run_id: UUID, **_: Any) -> None:
        if self._steps.first_token(run_id) and self._trace.ttft is None:
            self._trace = replace(self._trace, ttft=milliseconds_since(self._trace.start_time))

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **_: Any) -> None:
        span = self._steps.get(run_id)
        answered = [each for batch in response.generations for each in batch]
        messages = [each.message for each in answered if isinstance(each, ChatGeneration)]
        answers = [message for message in messages if isinstance(message, AIMessage)]
        usage = next((answer.usage_metadata for answer in answers if answer.usage_metadata), None)
        self._steps.end(
            run_id,
            output=self._payloads.text({"messages": messages}),
            usage=usage_counters(None if span is None else span.provider, usage),
            model=next(filter(None, map(model_name, answers)), None),
        )

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        self._fail(run_id, error)

    # What becomes of it

    def _fail(self, run_id: UUID, error: BaseException) -> None:
        if isinstance(error, GraphInterrupt):
            found = interrupts_of(error)
            self._interrupts |= found
            self._steps.end(
                run_id,
                output=self._payloads.text({INTERRUPT: list(found.values())}),
                metadata={INTERRUPTED: True},
            )
        else:
            self._steps.end(run_id, error_info=failure_of(error), metadata=metadata_of(error))

    def _ended(self, output: object, error: BaseException | None, interrupted: bool) -> Trace:
        given = output if self._output is None else self._output
        what: object = {INTERRUPT: list(self._interrupts.values())} if interrupted else self._added(given)
        return ended_trace(
            self._trace,
            self._traced,
            output=self._payloads.text(what),
            error_info=failure_of(error),
            metadata={INTERRUPTED: True} if interrupted else metadata_of(error),
        )

    def _added(self, output: object) -> object:
        """Without the messages that the run began with, which are in the traces of earlier runs of the thread."""
        if not isinstance(output, Mapping) or not self._known:
            return result_of(output)
        messages = [message for message in messages_of(output) if id_of(message) not in self._known]
        return {**output, "messages": messages} if "messages" in output else output
