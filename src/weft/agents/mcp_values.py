"""What MCP servers tell."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

ProbeError = Literal["auth_failed", "unreachable", "invalid_response"]


class Probe(Struct, frozen=True):
    """What became of one `initialize`. Managed Deep Agents' contract: `error_code` as in the health of an agent."""

    ok: bool
    error_code: ProbeError | None = None
    error: str | None = None


class ToolList(Struct, frozen=True):
    """Tools as MCP spells them. `fetched_at` is in microseconds since the epoch; `cached` if they come from memory."""

    tools: Sequence[Mapping[str, Any]]
    fetched_at: int
    cached: bool = False
