"""The beginning of a conversation, as lists of threads show it."""

from collections.abc import Iterator, Mapping
from typing import Any

MOST_CHARACTERS = 200
USER = {"user", "human"}


def preview(input: Mapping[str, Any] | None) -> str | None:
    """The text of the first message of a user, on one line. None if there is none."""
    messages = (input or {}).get("messages")
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict) and (message.get("role") or message.get("type")) in USER:
            text = " ".join(" ".join(_texts(message.get("content"))).split())
            return text[:MOST_CHARACTERS] or None
    return None


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for block in content if isinstance(content, list) else []:
        if isinstance(block, dict) and isinstance(block.get("text"), str):
            yield block["text"]
