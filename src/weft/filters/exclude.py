"""The `exclude` parameter: names of fields to leave out of each item."""

import json
from collections.abc import Sequence

from weft.errors import InvalidExclude
from weft.filters.fields import Noun


def parse_exclude_parameter(raw: str | None, noun: Noun) -> frozenset[str]:
    """From a query parameter: the text of a JSON array."""
    if raw is None or not raw.strip():
        return frozenset()
    try:
        names = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InvalidExclude(raw=raw) from error
    return _checked(names, noun, raw)


def parse_exclude_body(names: Sequence[str] | None, noun: Noun) -> frozenset[str]:
    """From a request body, where the array is decoded already."""
    return _checked(names, noun, json.dumps(names))


def _checked(names: object, noun: Noun, raw: str) -> frozenset[str]:
    if names is None:
        return frozenset()
    if not isinstance(names, list | tuple) or not all(_can_be_excluded(name, noun) for name in names):
        raise InvalidExclude(raw=raw)
    return frozenset(names)


def _can_be_excluded(name: object, noun: Noun) -> bool:
    return isinstance(name, str) and name in noun.excludable
