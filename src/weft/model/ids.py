"""UUID version 7: the ids of everything recorded. Their first 48 bits are a time in ms, and paging rests on it."""

import os
import re
import time
from uuid import UUID

FIRST_ID = "00000000-0000-0000-0000-000000000000"
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

_MAX_MS = (1 << 48) - 1
_IN_ID = re.compile(r"[0-9a-fA-F-]+")


def new_id(at_ms: int | None = None) -> str:
    """A random version 7 UUID in canonical text, for the given time in ms since the epoch (default: now)."""
    ms = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    random = int.from_bytes(os.urandom(10), "big")
    return str(UUID(int=(ms << 80) | (7 << 76) | ((random >> 68) << 64) | (2 << 62) | (random & ((1 << 62) - 1))))


def is_version_7(id: UUID) -> bool:
    return (id.int >> 76) & 0xF == 7


def may_be_in_id(text: str) -> bool:
    """Whether an id can have the text inside, whatever its case."""
    return _IN_ID.fullmatch(text) is not None


def id_time_ms(id: str) -> int:
    """The time inside a version 7 id, in ms since the epoch."""
    return int(id[:8] + id[9:13], 16)


def first_id_at(ms: int) -> str:
    """The smallest id that could carry this time; any id of that time or later is >= it."""
    return str(UUID(int=_clamp(ms) << 80))


def last_id_at(ms: int) -> str:
    """The greatest id that could carry this time; any id of that time or earlier is <= it."""
    return str(UUID(int=(_clamp(ms) << 80) | ((1 << 80) - 1)))


def _clamp(ms: int) -> int:
    return min(max(ms, 0), _MAX_MS)
