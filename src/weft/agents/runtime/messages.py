"""What the objects of LangChain and LangGraph look like on the wire."""

import math
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import singledispatch
from typing import Any
from uuid import UUID

from langgraph.types import Interrupt
from pydantic import BaseModel

_SAFE_INTEGERS = range(-(2**63), 2**64)


@singledispatch
def encode(value: object) -> Any:
    """What JSON can hold. It never fails: bytes are base64, and what nothing is known of is its `repr`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    return _text(repr(value))


@encode.register
def _none(value: None) -> None:
    return None


@encode.register
def _text(value: str) -> str:
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


@encode.register
def _integer(value: int) -> Any:
    return value if value in _SAFE_INTEGERS else str(value)


@encode.register
def _real(value: float) -> float | None:
    return value if math.isfinite(value) else None


@encode.register(bytes)
@encode.register(bytearray)
def _bytes(value: bytes) -> str:
    return b64encode(value).decode()


@encode.register(datetime)
@encode.register(date)
@encode.register(time)
def _instant(value: date | time) -> str:
    return value.isoformat()


@encode.register
def _id(value: UUID) -> str:
    return str(value)


@encode.register
def _choice(value: Enum) -> Any:
    return encode(value.value)


@encode.register(Mapping)
def _object(value: Mapping[Any, object]) -> dict[str, Any]:
    return {_text(key if isinstance(key, str) else str(key)): encode(entry) for key, entry in value.items()}


@encode.register(list)
@encode.register(tuple)
@encode.register(set)
@encode.register(frozenset)
def _array(value: Iterable[object]) -> list[Any]:
    return [encode(entry) for entry in value]


@encode.register
def _model(value: BaseModel) -> Any:
    return encode(value.model_dump(warnings=False))


@encode.register
def _interrupt(value: Interrupt) -> dict[str, Any]:
    """Managed Deep Agents' contract: three fields, the last of which is nearly always null."""
    return {
        "value": encode(value.value),
        "id": value.id,
        "response_schema": encode(value.response_schema),
    }
