"""What a span cost, when the client has not said (Opik's contract, F.8).

Prices are those of the `genai-prices` library, as they were when the span started. Failing a price, a cost in US
dollars that the metadata names is taken.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from weft.model.span import Span

_TWELVE_DIGITS = Decimal("0.000000000001")
_EXACT = Context(prec=40)
_HOUR_NS = 3_600_000_000_000

# Opik's names of providers, and their aliases, as `genai-prices` calls them; all others are called the same.
PROVIDERS: Mapping[str, str] = {
    "google_vertexai": "google",
    "google_ai": "google",
    "gemini": "google",
    "vertex-ai": "google",
    "vertex_ai": "google",
    "anthropic_vertexai": "anthropic",
    "bedrock": "aws",
    "amazon_bedrock": "aws",
    "fireworks_ai": "fireworks",
    "moonshot": "moonshotai",
    "xai": "x-ai",
    "together_ai": "together",
    "microsoft": "azure",
}

# Where a provider counts cached tokens apart from the input tokens instead of among them.
_CACHE_APART = frozenset({"anthropic", "aws"})

# What is priced by its own rate, and the counters that say how many; the first one present counts.
_COUNTERS: Mapping[str, tuple[str, ...]] = {
    "output_tokens": ("completion_tokens", "original_usage.output_tokens", "original_usage.outputTokens"),
    "cache_read_tokens": (
        "original_usage.prompt_tokens_details.cached_tokens",
        "original_usage.input_tokens_details.cached_tokens",
        "original_usage.cache_read_input_tokens",
        "original_usage.cacheReadInputTokens",
        "original_usage.cached_content_token_count",
        "cache_read_input_tokens",
    ),
    "cache_write_tokens": (
        "original_usage.cache_creation_input_tokens",
        "original_usage.cacheWriteInputTokens",
        "cache_creation_input_tokens",
    ),
    "input_audio_tokens": ("original_usage.prompt_tokens_details.audio_tokens",),
    "output_audio_tokens": ("original_usage.completion_tokens_details.audio_tokens",),
}
_INPUT = ("prompt_tokens", "original_usage.input_tokens", "original_usage.inputTokens")
_INPUT_WITHOUT_CACHE = ("original_usage.input_tokens", "original_usage.inputTokens", "prompt_tokens")


class _Metered(NamedTuple):
    provider: str
    model: str
    usage: tuple[tuple[str, int], ...]
    hour: int


def with_cost(span: Span) -> Span:
    """The span with its cost computed, unless the client gave one."""
    if span.total_estimated_cost is not None and not span.total_estimated_cost_version:
        return span
    cost, version = _computed(span)
    if cost == span.total_estimated_cost:
        return span
    return span.costing(cost, version)


def _computed(span: Span) -> tuple[Decimal | None, str | None]:
    if span.usage and span.model and span.model.strip() and span.provider and span.provider.strip():
        provider = span.provider.strip().lower()
        usage = _metered_usage(PROVIDERS.get(provider, provider), span.usage)
        priced = _price(_Metered(provider, span.model.strip(), usage, span.start_time // _HOUR_NS))
        if priced is not None:
            return priced
    cost = _cost_in_metadata(span.metadata)
    return cost, None if cost is None else "metadata"


def _metered_usage(provider: str, usage: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Counters as the price library wants them: input tokens with those that came from a cache."""
    counted = {name: _first(usage, keys) for name, keys in _COUNTERS.items()}
    if provider in _CACHE_APART:
        cached = counted["cache_read_tokens"] + counted["cache_write_tokens"]
        counted["input_tokens"] = _first(usage, _INPUT_WITHOUT_CACHE) + cached
    else:
        counted["input_tokens"] = _first(usage, _INPUT)
    return tuple((name, count) for name, count in sorted(counted.items()) if count > 0)


def _first(usage: Mapping[str, int], keys: tuple[str, ...]) -> int:
    return next((usage[key] for key in keys if usage.get(key)), 0)


@lru_cache(maxsize=4096)
def _price(metered: _Metered) -> tuple[Decimal, str] | None:
    """The cost and the version of the prices; None where there is no price or nothing to price."""
    if not metered.usage:
        return None
    # Loading the prices takes 0.4 s and 30 MB, which a server that is never asked for one should not spend.
    import genai_prices

    usage = genai_prices.Usage(**dict(metered.usage))
    when = datetime.fromtimestamp(max(metered.hour, 0) * 3600, UTC)
    for provider, model in _spellings(metered.provider, metered.model):
        try:
            total = genai_prices.calc_price(
                usage, model, provider_id=provider, genai_request_timestamp=when
            ).total_price
        except (LookupError, ValueError):
            continue
        return _rounded(total), f"genai-prices {genai_prices.__version__}"
    return None


def _spellings(provider: str, model: str) -> Iterator[tuple[str, str]]:
    """Ways to look a model up, the likeliest first; the vendor in `vendor/model` is the last provider to try."""
    vendor, _, bare = model.rpartition("/")
    hyphened = bare.lower().replace(".", "-")
    undated = re.sub(r"-\d{4}-\d{2}-\d{2}$", "", hyphened)
    unnumbered = re.sub(r":\d+$", "", undated)
    models = dict.fromkeys((bare, hyphened, undated, unnumbered))
    providers = dict.fromkeys((provider, vendor.split("/")[0].lower())) if vendor else {provider: None}
    for name in providers:
        for spelling in models:
            yield PROVIDERS.get(name, name), spelling


def _cost_in_metadata(metadata: str | None) -> Decimal | None:
    """`cost.total_cost`, where `cost.currency` is USD."""
    if metadata is None or '"total_cost"' not in metadata:
        return None
    try:
        cost: Any = json.loads(metadata, parse_float=Decimal)["cost"]
        if cost["currency"] != "USD":
            return None
        total = Decimal(str(cost["total_cost"]))
    except (ValueError, RecursionError, LookupError, TypeError, InvalidOperation):
        return None
    return _rounded(total) if total.is_finite() and 0 <= total < Decimal(10) ** 26 else None


def _rounded(cost: Decimal) -> Decimal:
    return cost.quantize(_TWELVE_DIGITS, ROUND_HALF_UP, _EXACT)
