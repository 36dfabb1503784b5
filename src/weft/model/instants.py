"""Instants are integers since the epoch, UTC: nanoseconds for what clients time, microseconds for our own stamps.

Integers keep what clients send to the last digit, compare the same in every engine and never meet a time zone.
"""

import re
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)

_USUAL_LENGTH = len("2026-01-02T03:04:05.123456Z")  # what the SDK sends; the expression is for all the rest

MIN_NS = -(2**63)
MAX_NS = 2**63 - 1


def now_us() -> int:
    return time.time_ns() // 1000


def parse_instant(text: str) -> int:
    """ISO 8601 with a zone and up to 9 fraction digits, as nanoseconds since the epoch.

    Raises ValueError for any other text, and for instants before 1677-09-21 or after 2262-04-11, which 64 bits of
    nanoseconds cannot hold.
    """
    ns = parse_any_instant(text)
    if not MIN_NS <= ns <= MAX_NS:
        raise ValueError("instant outside the years 1678 to 2261")
    return ns


def parse_any_instant(text: str) -> int:
    """As `parse_instant`, for any year from 1 to 9999: for comparing only, as the result may not fit in 64 bits."""
    if len(text) == _USUAL_LENGTH and text.endswith("Z"):
        return _microseconds(datetime.fromisoformat(text)) * 1000
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError("not an ISO 8601 instant with a time zone")
    base, fraction, zone = form.groups()
    return _microseconds(datetime.fromisoformat(base + zone.upper())) * 1000 + int((fraction or "").ljust(9, "0"))


def _microseconds(moment: datetime) -> int:
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def format_ns(ns: int) -> str:
    """ISO 8601 UTC with 0, 3, 6 or 9 fraction digits, as many as are needed."""
    seconds, fraction = divmod(ns, 1_000_000_000)
    text = _format_second(seconds)
    if fraction == 0:
        return text + "Z"
    if fraction % 1_000_000 == 0:
        return f"{text}.{fraction // 1_000_000:03d}Z"
    if fraction % 1000 == 0:
        return f"{text}.{fraction // 1000:06d}Z"
    return f"{text}.{fraction:09d}Z"


@lru_cache(maxsize=4096)
def _format_second(seconds: int) -> str:
    """Rows that are read together are of few seconds."""
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def format_us(us: int) -> str:
    return format_ns(us * 1000)
