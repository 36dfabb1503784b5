"""What can be set for a whole workspace."""

from collections.abc import Mapping

from msgspec import Struct

INACTIVE_AFTER_S = 15 * 60  # Opik's contract, A.11


class WorkspaceConfiguration(Struct, frozen=True):
    """None is "not set". A thread is inactive `inactive_after_s` seconds after its last trace."""

    inactive_after_s: int | None = None
    truncation_on_tables: bool | None = None
    color_map: Mapping[str, str] | None = None
