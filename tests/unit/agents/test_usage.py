from typing import Any

import pytest

from weft.agents.usage import provider_name, usage_counters

USAGE: dict[str, Any] = {
    "input_tokens": 1000,
    "output_tokens": 100,
    "total_tokens": 1100,
    "input_token_details": {"cache_read": 400, "cache_creation": 50, "audio": 7},
    "output_token_details": {"reasoning": 20, "audio": 3},
}
COMMON = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
ORIGINAL = {
    "openai": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details.cached_tokens": 400,
        "prompt_tokens_details.audio_tokens": 7,
        "completion_tokens_details.reasoning_tokens": 20,
        "completion_tokens_details.audio_tokens": 3,
    },
    "anthropic": {
        "input_tokens": 550,
        "output_tokens": 100,
        "cache_read_input_tokens": 400,
        "cache_creation_input_tokens": 50,
    },
    "bedrock": {"inputTokens": 550, "outputTokens": 100, "cacheReadInputTokens": 400, "cacheWriteInputTokens": 50},
    "google_ai": {
        "prompt_token_count": 1000,
        "candidates_token_count": 80,
        "total_token_count": 1100,
        "cached_content_token_count": 400,
        "thoughts_token_count": 20,
    },
}


@pytest.mark.parametrize("provider", ORIGINAL)
def test_counters_are_called_as_the_provider_calls_them(provider: str) -> None:
    original = {f"original_usage.{key}": count for key, count in ORIGINAL[provider].items()}
    assert usage_counters(provider, USAGE) == COMMON | original


def test_unknown_provider_counts_as_openai_does() -> None:
    assert usage_counters("ollama", USAGE) == usage_counters("openai", USAGE)


def test_cache_writes_counted_by_lifetime_are_added_up() -> None:
    details = {"cache_creation": 0, "ephemeral_5m_input_tokens": 30, "ephemeral_1h_input_tokens": 12}
    counters = usage_counters("anthropic", {"input_tokens": 100, "input_token_details": details})
    assert counters["original_usage.cache_creation_input_tokens"] == 42
    assert counters["original_usage.input_tokens"] == 58


@pytest.mark.parametrize("usage", [None, {}, {"input_tokens": -1, "output_tokens": "many", "total_tokens": 2**63}])
def test_what_makes_no_sense_is_left_out(usage: dict[str, Any] | None) -> None:
    assert usage_counters("openai", usage) == {}


def test_providers_have_the_names_of_opik() -> None:
    assert [provider_name(name) for name in ("google_genai", "amazon_bedrock", "openai", None)] == [
        "google_ai",
        "bedrock",
        "openai",
        None,
    ]
