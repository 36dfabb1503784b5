"""Payloads are JSON text: made of plain values, and of values that are JSON within text."""

import math
from collections.abc import Mapping
from decimal import Decimal

import msgspec

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def payload_of(members: Mapping[str, object]) -> str | None:
    """A JSON object; None of nothing."""
    return _encode(members).decode() if members else None


def read_json(text: str) -> object:
    """What a text that looks like JSON says, with numbers to the last digit; any other text as it is. JSON within a
    JSON string is read as well."""
    if not text.startswith(('"', "[", "{")):
        return text
    try:
        value = _decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text
    return read_json(value) if isinstance(value, str) else value


def number(value: float) -> float | str:
    """JSON has no word for what is not finite: as Opik stores them, `NaN`, `Infinity` and `-Infinity` are strings."""
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"
