"""Whether a JSON document has a part of it, as PostgreSQL's `@>` says."""

from typing import Any


def contains(document: Any, part: Any) -> bool:
    """An object has every key of the part, with a value that contains the part's; an array has, for each element of the
    part, one that contains it; anything else is equal, and `true` is not `1`."""
    if isinstance(part, dict):
        return isinstance(document, dict) and all(
            key in document and contains(document[key], value) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(document, list) and all(any(contains(item, one) for item in document) for one in part)
    return isinstance(document, bool) == isinstance(part, bool) and bool(document == part)
