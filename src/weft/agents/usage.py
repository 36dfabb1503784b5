"""What a model call used, as Opik's SDK tells it: three counters that every provider has, and the provider's own after
`original_usage.`, which costs are worked out from."""

from collections.abc import Mapping
from typing import Any

# Opik's names of providers, where LangChain has others.
_PROVIDERS: Mapping[str, str] = {
    "amazon_bedrock": "bedrock",
    "google_genai": "google_ai",
    "mistralai": "mistral",
    "openai-codex": "openai",
}

_OPENAI: Mapping[str, str] = {
    "input": "prompt_tokens",
    "output": "completion_tokens",
    "total": "total_tokens",
    "cache_read": "prompt_tokens_details.cached_tokens",
    "input_audio": "prompt_tokens_details.audio_tokens",
    "reasoning": "completion_tokens_details.reasoning_tokens",
    "output_audio": "completion_tokens_details.audio_tokens",
}
_ANTHROPIC: Mapping[str, str] = {
    "fresh_input": "input_tokens",
    "output": "output_tokens",
    "cache_read": "cache_read_input_tokens",
    "cache_write": "cache_creation_input_tokens",
}
_BEDROCK: Mapping[str, str] = {
    "fresh_input": "inputTokens",
    "output": "outputTokens",
    "cache_read": "cacheReadInputTokens",
    "cache_write": "cacheWriteInputTokens",
}
_GOOGLE: Mapping[str, str] = {
    "input": "prompt_token_count",
    "answer": "candidates_token_count",
    "total": "total_token_count",
    "cache_read": "cached_content_token_count",
    "reasoning": "thoughts_token_count",
}

# What providers call each counter; all others speak OpenAI's way.
_SPELLINGS: Mapping[str | None, Mapping[str, str]] = {
    "anthropic": _ANTHROPIC,
    "anthropic_vertexai": _ANTHROPIC,
    "bedrock": _BEDROCK,
    "google_ai": _GOOGLE,
    "google_vertexai": _GOOGLE,
}

_MAX_COUNT = 2**63 - 1


def provider_name(name: str | None) -> str | None:
    return None if name is None else _PROVIDERS.get(name, name)


def usage_counters(provider: str | None, usage: Mapping[str, Any] | None) -> dict[str, int]:
    """From LangChain's `usage_metadata`, in which input tokens include what came from a cache and output tokens what
    was thought. Counters that are missing or make no sense are left out."""
    if not usage:
        return {}
    counts = _counts(usage)
    common = {
        "prompt_tokens": counts["input"],
        "completion_tokens": counts["output"],
        "total_tokens": counts["total"],
    }
    spelling = _SPELLINGS.get(provider, _OPENAI)
    original = {f"original_usage.{key}": counts[name] for name, key in spelling.items()}
    return {key: count for key, count in (common | original).items() if count is not None}


def _counts(usage: Mapping[str, Any]) -> dict[str, int | None]:
    of_input = usage.get("input_token_details") or {}
    of_output = usage.get("output_token_details") or {}
    input, output = _count(usage.get("input_tokens")), _count(usage.get("output_tokens"))
    cache_read, cache_write, reasoning = (
        _count(of_input.get("cache_read")),
        _cache_write(of_input),
        _count(of_output.get("reasoning")),
    )
    return {
        "input": input,
        "output": output,
        "total": _count(usage.get("total_tokens")),
        "cache_read": cache_read,
        "cache_write": cache_write,
        "reasoning": reasoning,
        "input_audio": _count(of_input.get("audio")),
        "output_audio": _count(of_output.get("audio")),
        "fresh_input": _less(input, cache_read, cache_write),
        "answer": _less(output, reasoning),
    }


def _cache_write(of_input: Mapping[str, Any]) -> int | None:
    """Where writes are counted by how long they are kept, their sum stands at 0."""
    by_lifetime = [_count(of_input.get(f"ephemeral_{time}_input_tokens")) for time in ("5m", "1h")]
    return _count(of_input.get("cache_creation")) or sum(filter(None, by_lifetime)) or None


def _less(whole: int | None, *parts: int | None) -> int | None:
    return None if whole is None else max(0, whole - sum(filter(None, parts)))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= _MAX_COUNT else None
