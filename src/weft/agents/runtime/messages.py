"""What the objects of LangChain and LangGraph look like on the wire."""

import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import singledispatch
from types import NoneType
from typing import Any
from uuid import UUID

from langgraph.types import Interrupt
from pydantic import BaseModel

_SAFE_INTEGERS = range(-(2**63), 2**64)


def encode(value: object) -> Any:
    """What JSON can hold. It never fails: bytes are base64, and what nothing is known of is its `repr`."""
    plain = _PLAIN.get(type(value))
    return _encode(value) if plain is None else plain(value)


@singledispatch
def _encode(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    return _text(repr(value))


@_encode.register
def _none(value: None) -> None:
    return None


@_encode.register
def _text(value: str) -> str:
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


@_encode.register
def _integer(value: int) -> Any:
    return value if value in _SAFE_INTEGERS else str(value)


@_encode.register
def _real(value: float) -> float | None:
    return value if math.isfinite(value) else None


@_encode.register(bytes)
@_encode.register(bytearray)
def _bytes(value: bytes) -> str:
    return b64encode(value).decode()


@_encode.register(datetime)
@_encode.register(date)
@_encode.register(time)
def _instant(value: date | time) -> str:
    return value.isoformat()


@_encode.register
def _id(value: UUID) -> str:
    return str(value)


@_encode.register
def _choice(value: Enum) -> Any:
    return encode(value.value)


@_encode.register(Mapping)
def _object(value: Mapping[Any, object]) -> dict[str, Any]:
    return {_text(key if isinstance(key, str) else str(key)): encode(entry) for key, entry in value.items()}


@_encode.register(list)
@_encode.register(tuple)
@_encode.register(set)
@_encode.register(frozenset)
def _array(value: Iterable[object]) -> list[Any]:
    return [encode(entry) for entry in value]


@_encode.register
def _model(value: BaseModel) -> Any:
    return encode(value.model_dump(warnings=False))


@_encode.register
def _interrupt(value: Interrupt) -> dict[str, Any]:
    """Managed Deep Agents' contract: three fields, the last of which is nearly always null."""
    return {
        "value": encode(value.value),
        "id": value.id,
        "response_schema": encode(value.response_schema),
    }


# Most of what there is, without asking what kind of what it is.
_PLAIN: Mapping[type, Callable[[Any], Any]] = {
    NoneType: _none,
    str: _text,
    bool: bool,
    int: _integer,
    float: _real,
    dict: _object,
    list: _array,
    tuple: _array,
}
