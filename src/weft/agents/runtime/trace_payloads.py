"""What LangChain's objects look like in a trace: messages without their empty parts, results without their wrapping."""

from collections.abc import Mapping
from typing import Any

import msgspec
from langchain_core.messages import BaseMessage, ToolMessage
from langgraph.types import Command
from msgspec import Raw
from pydantic import BaseModel

from weft.model.names import storable

_ALWAYS_TOLD = frozenset({"type", "content"})
_OF_CHUNKS = frozenset({"tool_call_chunks", "chunk_position"})
_TYPES = {"AIMessageChunk": "ai"}
_DEEPEST = 100


class PayloadEncoder:
    """Makes JSON text of anything. A message is encoded once, however often it occurs: each step of a run has all that
    came before it."""

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder(enc_hook=self._encodable).encode
        self._messages: dict[int, tuple[BaseMessage, Raw]] = {}  # by `id()`, which is good while the message is held

    def text(self, value: object) -> str | None:
        """None of None. What JSON cannot hold is told in words."""
        if value is None:
            return None
        try:
            return self._encode(value).decode()
        except (TypeError, ValueError, RecursionError):
            return self._encode(_plain(value)).decode()

    def _encodable(self, value: object) -> object:
        if not isinstance(value, BaseMessage):
            return _plain(value)
        known = self._messages.get(id(value))
        if known is None:
            known = self._messages[id(value)] = (value, Raw((self.text(message_fields(value)) or "").encode()))
        return known[1]


def message_fields(message: BaseMessage) -> dict[str, Any]:
    fields = {
        name: value
        for name, value in message.model_dump().items()
        if name not in _OF_CHUNKS and (name in _ALWAYS_TOLD or not _is_empty(value))
    }
    return fields | {"type": _TYPES.get(message.type, message.type)}


def result_of(value: object) -> object:
    """What a node or a tool has given: an object, or None."""
    if isinstance(value, Command):
        value = value.update
    if isinstance(value, list | tuple) and len(value) == 1:
        return result_of(value[0])
    if isinstance(value, ToolMessage):
        return {"output": value.content} | ({} if value.artifact is None else {"artifact": value.artifact})
    if value is None or isinstance(value, Mapping):
        return value
    return {"output": [result_of(part) for part in value] if isinstance(value, list | tuple) else value}


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def _plain(value: object, depth: int = 0) -> object:
    """What JSON holds, without half surrogate pairs."""
    if isinstance(value, str):
        return storable(str(value))
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth < _DEEPEST:
        if isinstance(value, BaseMessage):
            return _plain(message_fields(value), depth + 1)
        if isinstance(value, Mapping):
            return {storable(str(key)): _plain(member, depth + 1) for key, member in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [_plain(member, depth + 1) for member in value]
        if isinstance(value, BaseModel):
            return _plain(dict(value), depth + 1)
    return _described(value)


def _described(value: object) -> str:
    try:
        return storable(repr(value))
    except Exception:
        return type(value).__name__
