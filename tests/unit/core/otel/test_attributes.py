"""The table of attributes, one example of each vendor's spelling."""

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.core.otel.spans import with_attributes
from weft.core.otel.attributes import RULES, Rule, rule_of
from weft.core.otel.facts import Facts, facts_of


def facts(**attributes: Any) -> Facts:
    """Attributes are written with `__` for a dot."""
    return facts_of(with_attributes({name.replace("__", "."): value for name, value in attributes.items()}))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_row_decides_for_some_attribute(rule: Rule) -> None:
    assert rule_of(rule.name.replace("*", "x")) is rule


EXAMPLES: list[tuple[str, object, str, object]] = [
    ("thread_id", "t1", "thread_id", "t1"),
    ("opik.thread_id", "t1", "thread_id", "t1"),
    ("gen_ai.conversation.id", 17, "thread_id", "17"),
    ("session.id", "t1", "thread_id", "t1"),
    ("langfuse.session.id", "t1", "thread_id", "t1"),
    ("traceloop.association.properties.session_id", "t1", "thread_id", "t1"),
    ("ai.telemetry.metadata.sessionId", "t1", "thread_id", "t1"),
    ("opik.tags", ["a", "b", "a"], "tags", ["a", "b"]),
    ("opik.tags", "a, b,", "tags", ["a", "b"]),
    ("tag.tags", '["a"]', "tags", ["a"]),
    ("logfire.tags", ["a"], "tags", ["a"]),
    ("langfuse.trace.tags", ["a"], "tags", ["a"]),
    ("opik.metadata.customer", "c1", "metadata", {"opik.metadata.customer": "c1"}),
    ("langfuse.environment", "staging", "environment", "staging"),
    ("gen_ai.request.model", "gpt-4o", "model", "gpt-4o"),
    ("gen_ai.response_model", "gpt-4o", "model", "gpt-4o"),
    ("llm.model_name", "gpt-4o", "model", "gpt-4o"),
    ("model_name", "gpt-4o", "model", "gpt-4o"),
    ("ai.model.id", "gpt-4o", "model", "gpt-4o"),
    ("langfuse.observation.model.name", "gpt-4o", "model", "gpt-4o"),
    ("gen_ai.system", "openai", "provider", "openai"),
    ("gen_ai.provider.name", "aws.bedrock", "provider", "bedrock"),
    ("llm.provider", "anthropic", "provider", "anthropic"),
    ("ai.model.provider", "openai.chat", "provider", "openai"),
    ("gen_ai.usage.cost", 0.25, "cost", Decimal("0.25")),
    ("llm.cost.total", "0.25", "cost", Decimal("0.25")),
    ("langfuse.observation.cost_details", '{"input": 0.1, "total": 0.25}', "cost", Decimal("0.25")),
    ("gen_ai.usage.input_tokens", 3, "usage", {"prompt_tokens": 3}),
    ("gen_ai.usage.completion_tokens", "4", "usage", {"completion_tokens": 4}),
    ("gen_ai.usage.details.reasoning_tokens", 5, "usage", {"original_usage.reasoning_tokens": 5}),
    ("llm.token_count.prompt", 3, "usage", {"prompt_tokens": 3}),
    ("llm.usage.total_tokens", 9, "usage", {"total_tokens": 9}),
    ("ai.usage.outputTokens", 4, "usage", {"completion_tokens": 4}),
    ("usage", '{"input_tokens": 3, "note": "x"}', "usage", {"prompt_tokens": 3}),
    ("langfuse.observation.usage_details", '{"output": 4}', "usage", {"completion_tokens": 4}),
    ("gen_ai.input.messages", '[{"role": "user"}]', "input", {"gen_ai.input.messages": [{"role": "user"}]}),
    ("gen_ai.prompt.0.content", "why?", "input", {"gen_ai.prompt.0.content": "why?"}),
    ("gen_ai.system_instructions", "be brief", "input", {"gen_ai.system_instructions": "be brief"}),
    ("llm.input_messages.0.message.role", "user", "input", {"llm.input_messages.0.message.role": "user"}),
    ("input.value", '{"a": 1.50}', "input", {"input.value": {"a": Decimal("1.50")}}),
    ("traceloop.entity.input", "why?", "input", {"traceloop.entity.input": "why?"}),
    ("pydantic_ai.all_messages", "[]", "input", {"pydantic_ai.all_messages": []}),
    ("lk.user_transcript", "hello", "input", {"lk.user_transcript": "hello"}),
    ("ai.prompt.messages", "[]", "input", {"ai.prompt.messages": []}),
    ("unheard.of", True, "input", {"unheard.of": True}),
    ("gen_ai.output.messages", "[]", "output", {"gen_ai.output.messages": []}),
    ("gen_ai.completion", "because", "output", {"gen_ai.completion": "because"}),
    ("output.value", "because", "output", {"output.value": "because"}),
    ("final_result", "because", "output", {"final_result": "because"}),
    ("lk.response.text", "because", "output", {"lk.response.text": "because"}),
    ("ai.response.text", "because", "output", {"ai.response.text": "because"}),
    ("gen_ai.response.id", "r1", "metadata", {"gen_ai.response.id": "r1"}),
    ("gen_ai.response.finish_reasons", ["stop"], "metadata", {"gen_ai.response.finish_reasons": ["stop"]}),
    ("server.address", "api.openai.com", "metadata", {"server.address": "api.openai.com"}),
    ("smolagents.max_steps", 3, "metadata", {"smolagents.max_steps": 3}),
    ("gen_ai.response.time_to_first_chunk", 0.5, "ttft", 500.0),
    ("ai.response.msToFirstChunk", 12.5, "ttft", 12.5),
    ("lk.response.ttft", 0.25, "ttft", 250.0),
]


@pytest.mark.parametrize(("attribute", "value", "fact", "expected"), EXAMPLES)
def test_example(attribute: str, value: object, fact: str, expected: object) -> None:
    assert getattr(facts_of(with_attributes({attribute: value})), fact) == expected


@pytest.mark.parametrize(
    ("attributes", "type"),
    [
        ({}, "general"),
        ({"gen_ai.usage.input_tokens": 1}, "llm"),
        ({"gen_ai.tool.name": "search"}, "tool"),
        ({"tool.parameters": "{}"}, "tool"),
        ({"lk.function_tool.name": "search"}, "tool"),
        ({"gen_ai.operation.name": "execute_tool", "gen_ai.system": "openai"}, "tool"),
        ({"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "gpt-4o"}, "general"),
        ({"gen_ai.operation.name": "something new", "gen_ai.request.model": "gpt-4o"}, "llm"),
        ({"openinference.span.kind": "GUARDRAIL"}, "guardrail"),
        ({"openinference.span.kind": "CHAIN", "llm.token_count.total": 1}, "general"),
        ({"traceloop.span.kind": "tool"}, "tool"),
        ({"langfuse.observation.type": "generation"}, "llm"),
    ],
)
def test_type(attributes: dict[str, object], type: str) -> None:
    assert facts_of(with_attributes(attributes)).type == type


def test_what_decided_the_type_and_the_thread_is_in_the_metadata() -> None:
    assert facts(gen_ai__operation__name="chat", session__id="t1").metadata == {
        "gen_ai.operation.name": "chat",
        "thread_id": "t1",
    }


def test_upper_row_wins_whatever_the_order() -> None:
    one = facts(gen_ai__request__model="gpt-4o", gen_ai__response__model="gpt-4o-2024-08-06")
    other = facts(gen_ai__response__model="gpt-4o-2024-08-06", gen_ai__request__model="gpt-4o")
    assert one.model == other.model == "gpt-4o-2024-08-06"


def test_total_is_added_up() -> None:
    assert facts(gen_ai__usage__input_tokens=3, gen_ai__usage__output_tokens=4).usage == {
        "prompt_tokens": 3,
        "completion_tokens": 4,
        "total_tokens": 7,
    }


def test_cached_tokens_among_the_input_tokens() -> None:
    usage = facts(gen_ai__usage__input_tokens=10, gen_ai__usage__cache_read__input_tokens=6).usage
    assert usage == {"prompt_tokens": 10, "cache_read_input_tokens": 6, "original_usage.input_tokens": 4}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("gen_ai.usage.input_tokens", -1),
        ("gen_ai.usage.input_tokens", "many"),
        ("gen_ai.usage.input_tokens", True),
        ("gen_ai.usage.input_tokens", 2**63),
        ("gen_ai.usage.cost", "NaN"),
        ("gen_ai.usage.cost", 1e15),
        ("gen_ai.request.model", ["a"]),
        ("opik.tags", 3),
        ("opik.environment", "e" * 151),
    ],
)
def test_value_that_its_rule_cannot_use_is_kept_as_metadata(attribute: str, value: object) -> None:
    facts = facts_of(with_attributes({attribute: value}))
    assert facts.metadata == {attribute: value}
    assert (facts.usage, facts.cost, facts.model, facts.tags, facts.environment) == ({}, None, None, [], None)


@pytest.mark.parametrize("text", ['{"a": ', "[half", '"quoted" and more', "{" * 100_000, r'"\ud800"'])
def test_text_that_only_looks_like_json_stays_text(text: str) -> None:
    assert facts(input__value=text).input == {"input.value": text}


def test_json_within_a_json_string_is_read() -> None:
    assert facts(input__value='"{\\"a\\": 1}"').input == {"input.value": {"a": 1}}


def test_opik_ids_and_noise_are_dropped() -> None:
    found = facts(opik__trace_id="x", opik__span_id="x", opik__parent_span_id="x", logfire__json_schema="{}")
    assert (found.input, found.output, found.metadata) == ({}, {}, {})
