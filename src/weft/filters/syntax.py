"""Filters as they come over the wire: from JSON to frozen values. Whether an operator suits its field is not asked."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from weft.errors import InvalidFilters, InvalidValue
from weft.filters.fields import FieldType, Noun


class Operator(StrEnum):
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER_THAN = ">"
    GREATER_THAN_EQUAL = ">="
    LESS_THAN = "<"
    LESS_THAN_EQUAL = "<="
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"
    IN = "in"
    NOT_IN = "not_in"


OPERATORS = {operator.value: operator for operator in Operator}
MAX_FILTERS = 200  # more than anyone means; thousands would keep an engine planning for longer than a query may take
WITHOUT_VALUE = frozenset({Operator.IS_EMPTY, Operator.IS_NOT_EMPTY})

# Opik's contract: the values of all other types are URL-decoded a second time.
_SENT_PLAIN = frozenset({FieldType.STRING, FieldType.STRING_EXACT, FieldType.STRING_LIST, FieldType.ENUM})


@dataclass(frozen=True, slots=True)
class Filter:
    """`field` is one of its noun's fields. `key` and `value` are '' where there is none."""

    field: str
    operator: Operator
    key: str
    value: str


def parse_filters_parameter(raw: str | None, noun: Noun) -> tuple[Filter, ...]:
    """From a query parameter: the text of a JSON array. Raises InvalidFilters."""
    if raw is None or not raw.strip():
        return ()
    try:
        items = json.loads(raw)
        if items is not None and not isinstance(items, list):
            raise ValueError("filters must be an array")
        return _read_all(items or [], noun)
    except (ValueError, RecursionError) as error:
        raise InvalidFilters(raw=raw) from error


def parse_filters_body(items: Iterable[object] | None, noun: Noun) -> tuple[Filter, ...]:
    """From a request body, where the array is decoded already. Raises InvalidValue."""
    try:
        return _read_all(items or [], noun)
    except ValueError as error:
        raise InvalidValue(reason=str(error)) from error


def _read_all(items: Iterable[object], noun: Noun) -> tuple[Filter, ...]:
    read = [_read(f"filters[{index}]", item, noun) for index, item in enumerate(items)]
    filters = tuple(dict.fromkeys(read))
    if len(filters) > MAX_FILTERS:
        raise ValueError(f"there may be at most {MAX_FILTERS} filters")
    return filters


def _read(place: str, item: object, noun: Noun) -> Filter:
    if not isinstance(item, Mapping):
        raise ValueError(f"{place} must be an object")
    field = _one_of(noun.fields, f"{place}.field", item.get("field"))
    operator = OPERATORS[_one_of(OPERATORS, f"{place}.operator", item.get("operator"))]
    key = _text(f"{place}.key", item.get("key"), "")
    value = _text(f"{place}.value", item.get("value"), "" if operator in WITHOUT_VALUE else None)
    if noun.fields[field].type not in _SENT_PLAIN:
        value = unquote(value)
    return Filter(field, operator, key, value)


def _one_of(allowed: Mapping[str, object], place: str, value: object) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{place} must be one of: {', '.join(allowed)}")
    return value


def _text(place: str, value: object, when_absent: str | None) -> str:
    """A number or a boolean is taken for its JSON text."""
    if value is None and when_absent is not None:
        return when_absent
    if isinstance(value, int | float):
        value = json.dumps(value)
    if not isinstance(value, str):
        raise ValueError(f"{place} must be a string")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{place} has half of a surrogate pair") from error
    return value
