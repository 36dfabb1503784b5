"""The `sorting` query parameter."""

import json
from dataclasses import dataclass

from weft.errors import InvalidSorting

DIRECTIONS = ("ASC", "DESC")


@dataclass(frozen=True, slots=True)
class Sort:
    """`direction` is one of `DIRECTIONS`. Whether `field` can be sorted by is for its reader to say."""

    field: str
    direction: str = "ASC"


def parse_sorting(raw: str | None) -> Sort | None:
    """Opik's contract: a JSON array of which only the first element counts; without a direction it is ascending."""
    if raw is None or not raw.strip():
        return None
    try:
        return _first(json.loads(raw))
    except (ValueError, RecursionError) as error:
        raise InvalidSorting(raw=raw) from error


def _first(document: object) -> Sort | None:
    match document:
        case None | []:
            return None
        case [{"field": str(field), **rest}, *_]:
            return Sort(_storable(field), _direction(rest.get("direction")))
        case _:
            raise ValueError("not an array of fields to sort by")


def _direction(value: object) -> str:
    if value is None:
        return "ASC"
    if not isinstance(value, str) or value.upper() not in DIRECTIONS:
        raise ValueError("not a direction")
    return value.upper()


def _storable(text: str) -> str:
    text.encode()  # a lone surrogate is no text: it has no UTF-8 and no engine takes it
    return text
