"""Containment (see `model.containment`) as a condition of SQLite's, where that says exactly the same of every document.

SQLite is asked with paths, which it finds in the text as Python wrote it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select

DEEPEST = 6
MOST_MEMBERS = 50
SAFE_INTEGER = 2**53  # up to here, integers and real numbers are told apart by nobody

_PLAIN_KEY = re.compile(r"[ !#-\[\]-~]+")  # ASCII without quotes and backslashes: the same in a path as in a text

Condition = ColumnElement[bool]


def has_part(document: ColumnElement[Any], part: Mapping[str, Any]) -> Condition | None:
    """Whether the document contains the part. None where only Python can tell."""
    return _has(_at(document, "$"), part) if _is_sayable(part) else None


def _is_sayable(part: Any) -> bool:
    members = list(_members(part, 0))
    return len(members) <= MOST_MEMBERS and all(depth <= DEEPEST and _is_plain(value) for value, depth in members)


def _members(value: Any, depth: int) -> Iterator[tuple[Any, int]]:
    yield value, depth
    if depth <= DEEPEST and isinstance(value, Mapping | list):
        for member in value.values() if isinstance(value, Mapping) else value:
            yield from _members(member, depth + 1)


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_PLAIN_KEY.fullmatch, value))
    if isinstance(value, int | float):
        return abs(value) <= SAFE_INTEGER and value == int(value)
    return True


@dataclass(frozen=True, slots=True)
class _Place:
    """`written` is a JSON array of the value twice, as it stands in the text: SQLite leaves out NUL characters when it
    reads a string. `document` and `path` are where members are found."""

    type: ColumnElement[Any]
    value: ColumnElement[Any]
    written: ColumnElement[Any]
    document: ColumnElement[Any]
    path: str


def _at(document: ColumnElement[Any], path: str) -> _Place:
    kind, value = func.json_type(document, path), func.json_extract(document, path)
    return _Place(kind, value, func.json_extract(document, path, path), document, path)


def _has(place: _Place, part: Any) -> Condition:
    if isinstance(part, Mapping):
        members = (_has(_at(place.document, f'{place.path}."{key}"'), value) for key, value in part.items())
        return and_(place.type == "object", *members)
    if isinstance(part, list):
        return and_(place.type == "array", *(_has_element(place, one) for one in part))
    if part is None or isinstance(part, bool):
        return place.type == {None: "null", True: "true", False: "false"}[part]
    if isinstance(part, str):
        return place.written == json.dumps([part, part], separators=(",", ":"))
    return and_(place.type.in_(("integer", "real")), place.value == int(part))


def _has_element(place: _Place, part: Any) -> Condition:
    element = func.json_each(place.document, place.path).table_valued("value", "type", "fullkey").alias()
    kind, value, path = element.c.type, element.c.value, element.c.fullkey
    document = case((kind.in_(("object", "array")), value))  # of another value, SQLite would say that it is no JSON
    found = _Place(kind, value, func.json_extract(place.document, path, path), document, "$")
    return exists(select(1).select_from(element).where(_has(found, part)))
