"""Values as the contract spells them (A.1): ids, instants, free objects."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from weft.errors import NotFound
from weft.model.instants import EPOCH

Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
FreeObject = dict[str, Any]

MAX_DEPTH = 100


def stamp(us: int) -> Instant:
    """RFC 3339 with microseconds and an offset."""
    return (EPOCH + timedelta(microseconds=us)).isoformat(timespec="microseconds")


def uuid_text(text: str) -> str | None:
    """The canonical form of a UUID, None for any other text."""
    try:
        return str(UUID(text))
    except ValueError:
        return None


def path_id(text: str, missing: type[NotFound]) -> str:
    """Raises `missing` for what is no UUID, as there cannot be such a thing."""
    id = uuid_text(text)
    if id is None:
        raise missing(id=text)
    return id


def check_depth(value: object, name: str) -> None:
    """Raises ValueError for a document nested so deeply that what keeps it, or sends it back, would fail."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise ValueError(f"`{name}` is nested more than {MAX_DEPTH} levels deep")


def _inside(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, list) else []
