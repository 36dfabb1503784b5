"""What a span costs, when the client has not said (Opik's contract, F.8)."""

import json
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import a_patch, a_span
from weft.core.costs import with_cost
from weft.model.instants import parse_instant
from weft.model.merge import merge_patch
from weft.model.span import COST_LIMIT, Span

IN_2025 = parse_instant("2025-06-15T12:00:00Z")
TOKENS = {"prompt_tokens": 1000, "completion_tokens": 100}


def cost(
    model: str = "gpt-4o", provider: str = "openai", usage: dict[str, int] = TOKENS, **values: Any
) -> Decimal | None:
    span = a_span(model=model, provider=provider, usage=usage, start_time=IN_2025, **values)
    return with_cost(span).total_estimated_cost


def test_input_and_output_tokens_are_priced_each_by_its_rate() -> None:
    span = with_cost(a_span(model="gpt-4o", provider="openai", usage=TOKENS, start_time=IN_2025))
    assert span.total_estimated_cost == Decimal("0.0035")
    assert span.total_estimated_cost_version is not None
    assert span.total_estimated_cost_version.startswith("genai-prices ")


def test_what_the_client_says_it_cost_is_kept() -> None:
    assert cost(total_estimated_cost=Decimal("7")) == Decimal("7")
    assert cost(total_estimated_cost=Decimal("0")) == Decimal("0")


def test_a_cost_with_a_version_is_not_the_clients_and_is_computed_again() -> None:
    assert cost(total_estimated_cost=Decimal("7"), total_estimated_cost_version="genai-prices 0") == Decimal("0.0035")


@pytest.mark.parametrize(
    ("alias", "provider", "model"),
    [
        ("OpenAI ", "openai", "gpt-4o"),
        ("gemini", "google", "gemini-2.5-flash"),
        ("google_ai", "google", "gemini-2.5-flash"),
        ("google_vertexai", "google", "gemini-2.5-flash"),
        ("vertex-ai", "google", "gemini-2.5-flash"),
        ("anthropic_vertexai", "anthropic", "claude-sonnet-4-0"),
        ("xai", "x-ai", "grok-3"),
        ("moonshot", "moonshotai", "kimi-k2-0905-preview"),
        ("microsoft", "azure", "gpt-4o"),
    ],
)
def test_providers_go_by_several_names(alias: str, provider: str, model: str) -> None:
    assert cost(model, alias) == cost(model, provider) is not None


@pytest.mark.parametrize(
    "model",
    ["gpt-4o-2024-08-06", "openai/gpt-4o", "openrouter/openai/gpt-4o", " gpt-4o ", "GPT-4o", "gpt-4o:0"],
)
def test_one_model_goes_by_several_names(model: str) -> None:
    assert cost(model) == Decimal("0.0035")


def test_a_dot_in_a_name_may_stand_for_a_hyphen() -> None:
    assert cost("claude-3.5-haiku-latest", "anthropic") == cost("claude-3-5-haiku-latest", "anthropic") is not None


def test_a_vendor_in_the_name_of_a_model_stands_in_for_an_unknown_provider() -> None:
    assert cost("openai/gpt-4o", "my-gateway") == Decimal("0.0035")


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("fireworks_ai", "accounts/fireworks/models/gpt-oss-120b"),
        ("together_ai", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
    ],
)
def test_a_model_that_its_provider_calls_by_its_vendor_has_a_price(provider: str, model: str) -> None:
    assert cost(model, provider) is not None


@pytest.mark.parametrize(
    "counter",
    [
        "original_usage.prompt_tokens_details.cached_tokens",
        "original_usage.input_tokens_details.cached_tokens",
        "original_usage.cache_read_input_tokens",
    ],
)
def test_cached_tokens_of_openai_are_among_the_input_tokens(counter: str) -> None:
    assert cost(usage={**TOKENS, counter: 400}) == Decimal("0.003")  # 600 in full, 400 at half the price


@pytest.mark.parametrize(
    "names",
    [
        ("prompt_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
        (
            "original_usage.input_tokens",
            "original_usage.cache_read_input_tokens",
            "original_usage.cache_creation_input_tokens",
        ),
        ("original_usage.inputTokens", "original_usage.cacheReadInputTokens", "original_usage.cacheWriteInputTokens"),
    ],
)
def test_cached_tokens_of_anthropic_come_on_top_of_the_input_tokens(names: tuple[str, str, str]) -> None:
    usage = dict(zip(names, (1000, 400, 100), strict=True))
    assert cost("claude-sonnet-4-0", "anthropic", usage) == Decimal("0.003495")  # at 3, 0.3 and 3.75 $ a million


def test_cached_tokens_of_bedrock_come_on_top_of_the_input_tokens() -> None:
    model = "anthropic.claude-3-5-sonnet-20241022-v2:0"
    plain = {"original_usage.inputTokens": 1000}
    with_cache = plain | {"original_usage.cacheReadInputTokens": 1000}
    without, extra = cost(model, "bedrock", plain), cost(model, "bedrock", with_cache)
    assert without is not None
    assert extra is not None
    assert without < extra < 2 * without


@pytest.mark.parametrize(
    "values",
    [
        {"model": "no-such-model"},
        {"provider": "no-such-provider"},
        {"model": " "},
        {"provider": " "},
        {"usage": {}},
        {"usage": {"prompt_tokens": 0}},
        {"usage": {"other": 5}},
        {"usage": {"prompt_tokens": -5}},
    ],
)
def test_without_a_price_or_anything_to_price_there_is_no_cost(values: dict[str, Any]) -> None:
    assert cost(**values) is None


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"cost": {"total_cost": 0.25, "currency": "USD"}}, Decimal("0.25")),
        ({"cost": {"total_cost": "0.25", "currency": "USD"}}, Decimal("0.25")),
        ({"cost": {"total_cost": 0, "currency": "USD"}}, Decimal("0")),
        ({"cost": {"total_cost": 0.25, "currency": "EUR"}}, None),
        ({"cost": {"total_cost": 0.25}}, None),
        ({"cost": {"total_cost": -1, "currency": "USD"}}, None),
        ({"cost": {"total_cost": "NaN", "currency": "USD"}}, None),
        ({"cost": {"total_cost": str(COST_LIMIT), "currency": "USD"}}, None),
        ({"cost": {"total_cost": None, "currency": "USD"}}, None),
        ({"cost": "total_cost"}, None),
        ({"total_cost": 0.25}, None),
        (["total_cost"], None),
    ],
)
def test_failing_a_price_the_metadata_may_name_a_cost(metadata: object, expected: Decimal | None) -> None:
    span = with_cost(a_span(metadata=json.dumps(metadata)))
    assert span.total_estimated_cost == expected
    assert span.total_estimated_cost_version == (None if expected is None else "metadata")


def test_a_price_comes_before_the_metadata() -> None:
    assert cost(metadata='{"cost": {"total_cost": 9, "currency": "USD"}}') == Decimal("0.0035")


def priced() -> Span:
    return with_cost(a_span(model="gpt-4o", provider="openai", usage=TOKENS, start_time=IN_2025))


def test_a_patch_of_the_usage_changes_the_cost() -> None:
    patched = with_cost(merge_patch(priced(), a_patch(usage={"prompt_tokens": 2000})))
    assert patched.total_estimated_cost == Decimal("0.005")


def test_a_patch_to_a_model_without_a_price_takes_the_cost_away() -> None:
    patched = with_cost(merge_patch(priced(), a_patch(model="no-such-model")))
    assert (patched.total_estimated_cost, patched.total_estimated_cost_version) == (None, None)


def test_a_cost_that_a_patch_brings_stays_whatever_the_usage_becomes() -> None:
    told = a_patch(total_estimated_cost=Decimal("7"), total_estimated_cost_version="")
    patched = merge_patch(merge_patch(priced(), told), a_patch(usage={"prompt_tokens": 2000}))
    assert with_cost(patched).total_estimated_cost == Decimal("7")


@pytest.mark.parametrize(("day", "expected"), [("2025-06-09", "0.01"), ("2025-06-11", "0.002")])
def test_the_price_is_that_of_the_time_of_the_span(day: str, expected: str) -> None:
    noon = parse_instant(f"{day}T12:00:00Z")
    span = with_cost(a_span(model="o3", provider="openai", usage={"prompt_tokens": 1000}, start_time=noon))
    assert span.total_estimated_cost == Decimal(expected)


@pytest.mark.parametrize("start_time", [0, -(2**63), 2**63 - 1])
def test_any_start_time_has_a_price(start_time: int) -> None:
    span = a_span(model="gpt-4o", provider="openai", usage=TOKENS, start_time=start_time)
    assert with_cost(span).total_estimated_cost is not None


def test_prices_are_not_loaded_before_one_is_asked_for() -> None:
    program = "import sys, weft.app, weft.cli; sys.exit('genai_prices' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
