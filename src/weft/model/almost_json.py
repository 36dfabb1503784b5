"""JSON as Python and JavaScript write it, which is not always JSON."""

import re

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|-?Infinity|NaN', re.DOTALL)
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a surrogate pair
    rb"|\\u([dD][89a-fA-F][0-9a-fA-F]{2})"  # a surrogate alone
    rb"|\\.",
    re.DOTALL,
)


def repair(body: bytes | bytearray) -> bytes:
    """Makes JSON of what Python and JavaScript write in its place: `NaN`, `Infinity` and `-Infinity` become strings
    (as Opik stores them), and `\\u` escapes of half a surrogate pair become U+FFFD."""
    return _TOKEN.sub(_repair_token, body)


def _repair_token(match: re.Match[bytes]) -> bytes:
    token = match.group()
    if not token.startswith(b'"'):
        return b'"' + token + b'"'
    if rb"\ud" in token or rb"\uD" in token:
        return _ESCAPE.sub(_repair_escape, token)
    return token


def _repair_escape(match: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if match.group(1) else match.group()
