"""Values as they are on the wire: instants as ISO 8601 text, payloads as JSON that nobody here looks into."""

import re
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Raw

from weft.errors import InvalidValue, MalformedJson
from weft.model.instants import parse_instant

Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Json = Raw
ABSENT: Json = msgspec.field(default_factory=Raw)

# Opik's contract, C.8: what a truncated reply shows of an input or output, in characters.
SHOWN_CHARACTERS = 10_001

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_encode = msgspec.json.Encoder().encode
_decode_text = msgspec.json.Decoder(str).decode


def id_text(id: UUID) -> str:
    """As `str(id)`, in a third of the time."""
    return _encode(id)[1:-1].decode()


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
    ns = instant_ns(text, name)
    if ns is None:
        return None
    # Towards zero, so that a thousand times the result fits in 64 bits as well.
    return ns // 1000 if ns >= 0 else -(-ns // 1000)


def json_text(value: Json) -> str | None:
    """A payload as it is stored: without white space between tokens and with characters in place of their escapes, so
    that filters see the text that was meant. Numbers stay as they were sent, to the last digit. Null is the same as
    absent. Raises MalformedJson for a document nested too deeply.
    """
    raw = bytes(value)
    if raw in (b"", b"null"):
        return None
    try:
        text = msgspec.json.format(raw, indent=-1).decode()
    except msgspec.DecodeError:
        # It is JSON, or it would not be here: a string in it has half a surrogate pair.
        text = raw.decode()
    except RecursionError as error:
        raise MalformedJson(reason="The document is nested too deeply") from error
    return _STRING.sub(_unescaped, text) if "\\u" in text else text


def _unescaped(match: re.Match[str]) -> str:
    """A string with characters in place of escapes, but for those that JSON needs. Half a surrogate pair is no
    character: a string that has one stays as it is."""
    string = match[0]
    if "\\u" not in string:
        return string
    try:
        return _encode(_decode_text(string)).decode()
    except msgspec.DecodeError:
        return string


def json_value(text: str | None) -> Json | None:
    return None if text is None else Raw(text.encode())


def shown(text: str | None, truncate: bool) -> Json | None:
    """A payload in a reply. One that had to be cut is no JSON any more and goes out as a string (Opik's contract)."""
    if text is None or not truncate or len(text) <= SHOWN_CHARACTERS:
        return json_value(text)
    return Raw(_encode(text[:SHOWN_CHARACTERS]))


def blank(text: str | None) -> bool:
    return text is None or not text.strip()
