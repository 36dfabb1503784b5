"""What a span cost, when the client has not said (Opik's contract, F.8).

Prices are those of the `genai-prices` library, as they were when the span started. Failing a price, a cost in US
dollars that the metadata names is taken.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from weft.model.span import COST_LIMIT, Span

if TYPE_CHECKING:
    from genai_prices.types import PriceCalculation

_TWELVE_DIGITS = Decimal("0.000000000001")
_EXACT = Context(prec=40)
_HOUR_NS = 3_600_000_000_000
_LAST_HOUR = 2_500_000

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


# Counters that are part of another: cached and audio tokens are among the input or output tokens.
_PART_OF: Mapping[str, str] = {
    "cache_read_tokens": "input_tokens",
    "cache_write_tokens": "input_tokens",
    "input_audio_tokens": "input_tokens",
    "output_audio_tokens": "output_tokens",
}
_MANY = 1_000_000


class _Prices(NamedTuple):
    """What a model costs at some time: `total` of a usage; and, where no rate depends on how much is used, what one
    token of each counter adds (which is quicker to work with)."""

    total: Callable[[Mapping[str, int]], Decimal]
    rates: Mapping[str, Decimal] | None
    version: str


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
        usage = _metered(PROVIDERS.get(provider, provider), span.usage)
        prices = _prices(provider, span.model.strip(), span.start_time // _HOUR_NS) if usage else None
        cost = None if prices is None else _cost(prices, usage)
        if prices is not None and cost is not None:
            return cost, prices.version
    cost = _cost_in_metadata(span.metadata)
    return cost, None if cost is None else "metadata"


def _metered(provider: str, usage: Mapping[str, int]) -> dict[str, int]:
    """Counters as the price library wants them, those above 0: input tokens include what came from a cache."""
    counted = {name: _first(usage, keys) for name, keys in _COUNTERS.items()}
    if provider in _CACHE_APART:
        cached = counted["cache_read_tokens"] + counted["cache_write_tokens"]
        counted["input_tokens"] = _first(usage, _INPUT_WITHOUT_CACHE) + cached
    else:
        counted["input_tokens"] = _first(usage, _INPUT)
    return {name: count for name, count in counted.items() if count > 0}


def _first(usage: Mapping[str, int], keys: tuple[str, ...]) -> int:
    for key in keys:
        if count := usage.get(key):
            return count
    return 0


def _cost(prices: _Prices, usage: Mapping[str, int]) -> Decimal | None:
    """None if the counters contradict each other."""
    if any(usage.get(part, 0) > usage.get(whole, 0) for part, whole in _PART_OF.items()):
        return None
    if prices.rates is not None:
        return rounded_cost(sum((prices.rates[name] * count for name, count in usage.items()), Decimal(0)))
    try:
        return rounded_cost(prices.total(usage))
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _prices(provider: str, model: str, hour: int) -> _Prices | None:
    """None where there is no price. `hour` is counted from the epoch."""
    # Loading the prices takes 0.4 s and 30 MB, which a server that is never asked for one should not spend.
    import genai_prices

    when = datetime.fromtimestamp(min(max(hour, 0), _LAST_HOUR) * 3600, UTC)
    for name, spelling in _spellings(provider, model):

        def price(usage: Mapping[str, int], name: str = name, spelling: str = spelling) -> "PriceCalculation":
            metered = genai_prices.Usage(**usage)
            return genai_prices.calc_price(metered, spelling, provider_id=name, genai_request_timestamp=when)

        try:
            sample = price({"input_tokens": _MANY})
        except (LookupError, ValueError):
            continue
        by_the_token = sample.total_price * 2 == price({"input_tokens": 2 * _MANY}).total_price
        in_tiers = any(hasattr(rate, "tiers") for rate in vars(sample.model_price).values())
        version = f"genai-prices {genai_prices.__version__}"
        return _Prices(
            lambda usage: price(usage).total_price, _rates(price) if by_the_token and not in_tiers else None, version
        )
    return None


def _rates(price: Callable[[Mapping[str, int]], "PriceCalculation"]) -> dict[str, Decimal]:
    whole = {name: price({name: _MANY}).total_price for name in ("input_tokens", "output_tokens")}
    parts = {part: price({name: _MANY, part: _MANY}).total_price - whole[name] for part, name in _PART_OF.items()}
    return {name: total / _MANY for name, total in (whole | parts).items()}


def _spellings(provider: str, model: str) -> Iterator[tuple[str, str]]:
    """Ways to look a model up, the likeliest first; the vendor in `vendor/model` is the last provider to try."""
    vendor, _, bare = model.rpartition("/")
    hyphened = bare.lower().replace(".", "-")
    undated = re.sub(r"-\d{4}-\d{2}-\d{2}$", "", hyphened)
    unnumbered = re.sub(r":\d+$", "", undated)
    models = dict.fromkeys((model, bare, hyphened, undated, unnumbered))
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
    return rounded_cost(total) if total.is_finite() and 0 <= total < COST_LIMIT else None


def rounded_cost(cost: Decimal) -> Decimal:
    return cost.quantize(_TWELVE_DIGITS, ROUND_HALF_UP, _EXACT)
