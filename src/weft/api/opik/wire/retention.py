"""How many days a project is kept, on the wire. Opik's open edition has no such thing."""

from collections.abc import Sequence

from msgspec import Struct

from weft.model.retention import MAX_DAYS


class RetentionView(Struct):
    """`days` are the project's own, null if it follows the default; `effective_days` are those that hold. 0 is for
    good."""

    days: int | None
    effective_days: int


class RetentionWrite(Struct):
    days: int | None

    def violations(self) -> Sequence[str]:
        if self.days is None or 0 <= self.days <= MAX_DAYS:
            return []
        return [f"days must be from 0 to {MAX_DAYS}, or null"]


def retention_view(days: int | None, default_days: int) -> RetentionView:
    return RetentionView(days, default_days if days is None else days)
