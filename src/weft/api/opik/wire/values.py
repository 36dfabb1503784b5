"""Values as they are on the wire: instants as ISO 8601 text, payloads as JSON that nobody here looks into."""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw

from weft.errors import InvalidValue
from weft.model.instants import parse_any_instant, parse_instant

Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Json = Raw
ABSENT: Json = Raw()

# Opik's contract, C.8: what a truncated reply shows of an input or output, in characters.
SHOWN_CHARACTERS = 10_001

_encode = msgspec.json.Encoder().encode


def instant_ns(text: str | None, name: str) -> int | None:
    """Nanoseconds since the epoch. Raises InvalidValue naming the field."""
    if text is None:
        return None
    try:
        return parse_instant(text)
    except ValueError as error:
        raise InvalidValue(reason=f"{name}: {error}") from error


def instant_us(text: str | None, name: str) -> int | None:
    """Microseconds since the epoch. Raises InvalidValue naming the field."""
    if text is None:
        return None
    try:
        return parse_any_instant(text) // 1000
    except ValueError as error:
        raise InvalidValue(reason=f"{name}: {error}") from error


def json_text(value: Json) -> str | None:
    """The text of a payload; null is the same as absent."""
    text = bytes(value).decode()
    return None if text in ("", "null") else text


def json_value(text: str | None) -> Json | None:
    return None if text is None else Raw(text.encode())


def shown(text: str | None, truncate: bool) -> Json | None:
    """A payload in a reply. One that had to be cut is no JSON any more and goes out as a string (Opik's contract)."""
    if text is None or not truncate or len(text) <= SHOWN_CHARACTERS:
        return json_value(text)
    return Raw(_encode(text[:SHOWN_CHARACTERS]))


def blank(text: str | None) -> bool:
    return text is None or not text.strip()
