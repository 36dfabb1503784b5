"""What the attributes of one span say, put in our terms."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from weft.core.costs import rounded_cost
from weft.core.otel.attributes import RANKS, Rule, Target, rule_of
from weft.core.otel.span import OtelSpan
from weft.core.otel.vocabulary import AMONG_INPUT, PROVIDERS, SPAN_TYPES, USAGE_NAMES
from weft.model.payload import read_json
from weft.model.span import COST_LIMIT

Payload = dict[str, object]

_MAX_COUNT = 2**63 - 1
_MAX_ENVIRONMENT = 150
_MAX_TTFT_MS = 1e15
_ENVIRONMENTS = ("deployment.environment.name", "deployment.environment")

# Events that stand for attributes, which some instrumentations use for what is long.
_CARRIERS = frozenset(
    {"gen_ai.content.prompt", "gen_ai.content.completion", "gen_ai.client.inference.operation.details"}
)


@dataclass(frozen=True, slots=True)
class Facts:
    type: str
    input: Payload
    output: Payload
    metadata: Payload
    usage: dict[str, int]
    tags: list[str]
    model: str | None
    provider: str | None
    thread_id: str | None
    environment: str | None
    cost: Decimal | None
    ttft: float | None


def facts_of(span: OtelSpan) -> Facts:
    gathered = _Gathering()
    for name, value in _attributes(span):
        gathered.add(name, value)
    return gathered.facts(_environment(span))


def _attributes(span: OtelSpan) -> Iterator[tuple[str, Any]]:
    yield from span.attributes.items()
    for event in span.events:
        if event.name in _CARRIERS:
            yield from event.attributes.items()


def _environment(span: OtelSpan) -> str | None:
    resource = span.origin.resource
    return next((_environment_name(resource[name]) for name in _ENVIRONMENTS if name in resource), None)


@dataclass(slots=True)
class _Gathering:
    payloads: dict[Target, Payload] = field(default_factory=lambda: {"input": {}, "output": {}, "metadata": {}})
    usage: dict[str, int] = field(default_factory=dict)
    cached: int = 0
    tags: dict[str, None] = field(default_factory=dict)
    types: set[str | None] = field(default_factory=set)
    single: dict[Target, tuple[int, Any]] = field(default_factory=dict)

    def add(self, name: str, value: Any) -> None:
        """A value that is not what its rule expects is kept as metadata."""
        rule = rule_of(name)
        self.types.add(rule.span_type)
        if rule.target in self.payloads:
            self.payloads[rule.target][name] = read_json(value) if isinstance(value, str) else value
        elif rule.target != "dropped" and not self._take(rule, name, value):
            self.payloads["metadata"][name] = value

    def _take(self, rule: Rule, name: str, value: Any) -> bool:
        if rule.target in ("usage", "raw_usage"):
            return self._count(rule, name, value)
        if rule.target == "tags":
            tags = _tags(value)
            self.tags |= dict.fromkeys(tags)
            return bool(tags)
        target, read = _SINGLE[rule.target]
        found, rank = read(value), RANKS[rule]
        if found is not None and rank <= self.single.get(target, (rank, None))[0]:
            self.single[target] = (rank, found)
        return found is not None and rule.target != "span_type"

    def _count(self, rule: Rule, name: str, value: Any) -> bool:
        read = read_json(value) if isinstance(value, str) else value
        suffix = name.removeprefix(rule.prefix) or name
        counters = read if isinstance(read, Mapping) else {suffix: read}
        counts = {key: count for key, value in counters.items() if (count := _counter(value)) is not None}
        if rule.target == "raw_usage":
            self.usage |= {f"original_usage.{key}": count for key, count in counts.items()}
        else:
            self.usage |= {USAGE_NAMES.get(key, key): count for key, count in counts.items()}
            self.cached += sum(count for key, count in counts.items() if key in AMONG_INPUT)
        return bool(counts)

    def _one(self, target: Target) -> Any:
        return self.single.get(target, (0, None))[1]

    def facts(self, environment: str | None) -> Facts:
        thread_id = self._one("thread_id")
        if thread_id:
            self.payloads["metadata"].setdefault("thread_id", thread_id)
        return Facts(
            type=self._one("span_type") or next((type for type in ("llm", "tool") if type in self.types), "general"),
            input=self.payloads["input"],
            output=self.payloads["output"],
            metadata=self.payloads["metadata"],
            usage=_completed(self.usage, self.cached),
            tags=list(self.tags),
            model=self._one("model"),
            provider=self._one("provider"),
            thread_id=thread_id,
            environment=self._one("environment") or environment,
            cost=self._one("cost"),
            ttft=self._one("ttft_ms"),
        )


def _completed(usage: dict[str, int], cached: int) -> dict[str, int]:
    """With the total; and with the input tokens that came from no cache, which some providers are priced by."""
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    more: dict[str, int] = {}
    if prompt is not None and completion is not None:
        more["total_tokens"] = prompt + completion
    if prompt is not None and 0 < cached <= prompt:
        more["original_usage.input_tokens"] = prompt - cached
    return more | usage


def _text(value: Any) -> str | None:
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return text or None


def _provider(value: Any) -> str | None:
    text = _text(value)
    return PROVIDERS.get(text.lower(), text) if text else None


def _environment_name(value: Any) -> str | None:
    text = _text(value)
    return text if text and len(text) <= _MAX_ENVIRONMENT else None


def _span_type(value: Any) -> str | None:
    return SPAN_TYPES.get(value.lower()) if isinstance(value, str) else None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _counter(value: Any) -> int | None:
    number = _number(value)
    if number is None or not 0 <= number <= _MAX_COUNT or number != number.to_integral_value():
        return None
    return int(number)


def _cost(value: Any) -> Decimal | None:
    """In US dollars. Langfuse gives the parts as an object, with their total."""
    read = read_json(value) if isinstance(value, str) else value
    number = _number(read.get("total") if isinstance(read, Mapping) else read)
    return rounded_cost(number) if number is not None and 0 <= number < COST_LIMIT else None


def _milliseconds(value: Any) -> float | None:
    number = _number(value)
    return float(number) if number is not None and 0 <= number <= _MAX_TTFT_MS else None


def _seconds(value: Any) -> float | None:
    number = _number(value)
    return _milliseconds(number * 1000) if number is not None else None


def _tags(value: Any) -> list[str]:
    """A list, or text: a list in JSON or words between commas."""
    read = read_json(value) if isinstance(value, str) else value
    words = read.split(",") if isinstance(read, str) else read if isinstance(read, list) else []
    return [tag for word in words if isinstance(word, str) and (tag := word.strip())]


# For what a span has one of: where it is kept, and how it is read.
_SINGLE: Mapping[Target, tuple[Target, Callable[[Any], Any]]] = {
    "model": ("model", _text),
    "provider": ("provider", _provider),
    "thread_id": ("thread_id", _text),
    "environment": ("environment", _environment_name),
    "span_type": ("span_type", _span_type),
    "cost": ("cost", _cost),
    "ttft_ms": ("ttft_ms", _milliseconds),
    "ttft_s": ("ttft_ms", _seconds),
}
