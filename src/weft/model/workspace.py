"""What can be set for a whole workspace."""

import re
from collections.abc import Mapping

from msgspec import Struct

INACTIVE_AFTER_S = 15 * 60  # Opik's contract, A.11


class WorkspaceConfiguration(Struct, frozen=True):
    """None is "not set". A thread is inactive `inactive_after_s` seconds after its last trace."""

    inactive_after_s: int | None = None
    truncation_on_tables: bool | None = None
    color_map: Mapping[str, str] | None = None


def is_workspace_name(name: str) -> bool:
    """Opik's contract: clients send it in a header, and some of them in a path."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", name) is not None
