"""What becomes of a span's attributes: one table, in which the first row that matches decides.

It covers OpenTelemetry's GenAI conventions in their old and new spellings, OpenInference, Langfuse, OpenLLMetry,
LiteLLM, Pydantic AI and Logfire, LiveKit, the Vercel AI SDK and Opik's own names (Opik's contract, G.7).
"""

from functools import lru_cache
from typing import Literal, NamedTuple

Target = Literal[
    "input",
    "output",
    "metadata",
    "usage",
    "raw_usage",
    "cost",
    "model",
    "provider",
    "thread_id",
    "tags",
    "span_type",
    "environment",
    "ttft_ms",
    "ttft_s",
    "dropped",
]

_CACHED = 4096


class Rule(NamedTuple):
    """`name` is that of an attribute, or a prefix if it ends in `*`. A span is of `span_type` if the rule applies to an
    attribute of it and none says otherwise. Where several attributes are for one value, the uppermost row wins."""

    name: str
    target: Target
    span_type: Literal["llm", "tool"] | None = None

    @property
    def prefix(self) -> str:
        return self.name.removesuffix("*")

    def matches(self, attribute: str) -> bool:
        return attribute.startswith(self.prefix) if self.name.endswith("*") else attribute == self.name


RULES: tuple[Rule, ...] = (
    # Opik
    Rule("opik.trace_id", "dropped"),
    Rule("opik.parent_span_id", "dropped"),
    Rule("opik.span_id", "dropped"),
    Rule("opik.thread_id", "thread_id"),
    Rule("opik.tags", "tags"),
    Rule("opik.environment", "environment"),
    Rule("opik.metadata*", "metadata"),
    Rule("thread_id", "thread_id"),
    # GenAI conventions
    Rule("gen_ai.operation.name", "span_type"),
    Rule("gen_ai.response.model", "model", "llm"),
    Rule("gen_ai.response_model", "model", "llm"),
    Rule("gen_ai.request.model", "model", "llm"),
    Rule("gen_ai.request_model", "model", "llm"),
    Rule("gen_ai.provider.name", "provider", "llm"),
    Rule("gen_ai.system", "provider", "llm"),
    Rule("gen_ai.usage.cost", "cost", "llm"),
    Rule("gen_ai.usage.total_cost", "cost", "llm"),
    Rule("gen_ai.usage.details.*", "raw_usage", "llm"),
    Rule("gen_ai.usage.*", "usage", "llm"),
    Rule("gen_ai.conversation.id", "thread_id"),
    Rule("gen_ai.response.time_to_first_chunk", "ttft_s", "llm"),
    Rule("gen_ai.server.time_to_first_token", "ttft_s", "llm"),
    Rule("gen_ai.response.id", "metadata", "llm"),
    Rule("gen_ai.response.finish_reasons", "metadata"),
    Rule("gen_ai.request.temperature", "metadata", "llm"),
    Rule("gen_ai.cost.*", "metadata", "llm"),
    Rule("gen_ai.input.*", "input", "llm"),
    Rule("gen_ai.system_instructions", "input", "llm"),
    Rule("gen_ai.prompt*", "input", "llm"),
    Rule("gen_ai.output.*", "output", "llm"),
    Rule("gen_ai.completion*", "output", "llm"),
    Rule("gen_ai.tool.call.arguments", "input", "tool"),
    Rule("gen_ai.tool.call.result", "output", "tool"),
    Rule("gen_ai.tool.definitions", "input"),
    Rule("gen_ai.tool.*", "metadata", "tool"),
    Rule("gen_ai.agent.*", "metadata"),
    Rule("gen_ai.workflow.*", "metadata"),
    Rule("gen_ai.token.type", "metadata"),
    Rule("gen_ai.framework", "metadata"),
    Rule("gen_ai.request.*", "input"),
    Rule("gen_ai.response*", "output"),
    # OpenInference
    Rule("openinference.span.kind", "span_type"),
    Rule("llm.response.model_name", "model", "llm"),
    Rule("llm.model_name", "model", "llm"),
    Rule("llm.request.model_name", "model", "llm"),
    Rule("embedding.model_name", "model", "llm"),
    Rule("reranker.model_name", "model", "llm"),
    Rule("llm.provider", "provider", "llm"),
    Rule("llm.system", "provider", "llm"),
    Rule("llm.token_count.*", "usage", "llm"),
    Rule("llm.cost.total", "cost", "llm"),
    Rule("llm.cost.*", "metadata", "llm"),
    Rule("llm.invocation_parameters*", "input", "llm"),
    Rule("llm.prompt*", "input", "llm"),
    Rule("llm.input_messages*", "input", "llm"),
    Rule("llm.tools*", "input"),
    Rule("llm.output_messages*", "output", "llm"),
    Rule("llm.choices*", "output", "llm"),
    Rule("llm.function_call", "output", "llm"),
    Rule("llm.finish_reason", "output", "llm"),
    Rule("input.mime_type", "metadata"),
    Rule("output.mime_type", "metadata"),
    Rule("tool.name", "metadata", "tool"),
    Rule("tool.description", "metadata", "tool"),
    Rule("tool.parameters", "input", "tool"),
    Rule("tool.output", "output", "tool"),
    Rule("tool_call.*", "input", "tool"),
    Rule("retrieval.documents*", "output"),
    Rule("reranker.output_documents*", "output"),
    Rule("tag.tags", "tags"),
    Rule("user.id", "metadata"),
    Rule("metadata*", "metadata"),
    # Langfuse; its session comes before the plain one
    Rule("langfuse.observation.type", "span_type"),
    Rule("langfuse.observation.model.name", "model", "llm"),
    Rule("langfuse.observation.usage_details", "usage", "llm"),
    Rule("langfuse.observation.cost_details", "cost", "llm"),
    Rule("langfuse.observation.completion_start_time", "metadata", "llm"),
    Rule("langfuse.observation.input", "input"),
    Rule("langfuse.observation.output", "output"),
    Rule("langfuse.trace.input", "input"),
    Rule("langfuse.trace.output", "output"),
    Rule("langfuse.trace.tags", "tags"),
    Rule("langfuse.session.id", "thread_id"),
    Rule("langfuse.environment", "environment"),
    Rule("langfuse.*", "metadata"),
    Rule("session.id", "thread_id"),
    # OpenLLMetry and LiteLLM
    Rule("traceloop.span.kind", "span_type"),
    Rule("traceloop.entity.input", "input"),
    Rule("traceloop.entity.output", "output"),
    Rule("traceloop.association.properties.thread_id", "thread_id"),
    Rule("traceloop.association.properties.session_id", "thread_id"),
    Rule("traceloop.*", "metadata"),
    Rule("llm.usage.*", "usage", "llm"),
    Rule("llm.is_streaming", "metadata"),
    Rule("llm.user", "metadata"),
    Rule("llm.request.*", "metadata"),
    Rule("llm.response.*", "metadata"),
    Rule("hidden_params", "metadata"),
    # Pydantic AI and Logfire
    Rule("model_name", "model", "llm"),
    Rule("usage", "usage", "llm"),
    Rule("agent_name", "metadata"),
    Rule("all_messages*", "input"),
    Rule("pydantic_ai.all_messages", "input"),
    Rule("pydantic_ai.*", "metadata"),
    Rule("params", "input"),
    Rule("prompt", "input", "llm"),
    Rule("tools", "input"),
    Rule("tool_arguments", "input", "tool"),
    Rule("final_result", "output"),
    Rule("result", "output"),
    Rule("response", "output"),
    Rule("tool_response", "output", "tool"),
    Rule("tool_responses", "output"),
    Rule("logfire.tags", "tags"),
    Rule("logfire.span_type", "dropped"),
    Rule("logfire.msg_template", "dropped"),
    Rule("logfire.json_schema", "dropped"),
    Rule("logfire.*", "metadata"),
    Rule("code.*", "metadata"),
    # LiveKit
    Rule("lk.function_tool.arguments", "input", "tool"),
    Rule("lk.function_tool.output", "output", "tool"),
    Rule("lk.function_tool.*", "metadata", "tool"),
    Rule("lk.function_tools", "input"),
    Rule("lk.input_text", "input"),
    Rule("lk.chat_ctx", "input"),
    Rule("lk.user_input", "input"),
    Rule("lk.user_transcript", "input"),
    Rule("lk.response.ttft", "ttft_s", "llm"),
    Rule("lk.response.*", "output"),
    Rule("lk.*", "metadata"),
    Rule("livekit.*", "metadata"),
    # Vercel AI SDK
    Rule("ai.response.model", "model", "llm"),
    Rule("ai.model.id", "model", "llm"),
    Rule("ai.model.provider", "provider", "llm"),
    Rule("ai.usage.*", "usage", "llm"),
    Rule("ai.response.msToFirstChunk", "ttft_ms", "llm"),
    Rule("ai.telemetry.metadata.threadId", "thread_id"),
    Rule("ai.telemetry.metadata.sessionId", "thread_id"),
    Rule("ai.telemetry.metadata.tags", "tags"),
    Rule("ai.prompt*", "input", "llm"),
    Rule("ai.schema*", "input"),
    Rule("ai.value*", "input"),
    Rule("ai.embedding*", "output"),
    Rule("ai.response.text", "output", "llm"),
    Rule("ai.response.object", "output", "llm"),
    Rule("ai.response.reasoning", "output", "llm"),
    Rule("ai.response.toolCalls", "output", "llm"),
    Rule("ai.toolCall.args", "input", "tool"),
    Rule("ai.toolCall.result", "output", "tool"),
    Rule("ai.toolCall.*", "metadata", "tool"),
    Rule("ai.*", "metadata"),
    # Others
    Rule("smolagents.*", "metadata"),
    Rule("model", "model", "llm"),
    Rule("input_tokens", "usage", "llm"),
    Rule("output_tokens", "usage", "llm"),
    Rule("server.address", "metadata"),
    Rule("error.type", "metadata"),
    Rule("input*", "input"),
    Rule("output*", "output"),
    Rule("*", "input"),
)

RANKS = {rule: rank for rank, rule in enumerate(RULES)}


@lru_cache(maxsize=_CACHED)
def rule_of(attribute: str) -> Rule:
    return next(rule for rule in RULES if rule.matches(attribute))
