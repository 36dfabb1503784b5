"""What each operator means for each type of field. A pair that is not in `PREDICATES` is not allowed.
Filters of type `custom` are compiled as those of a dictionary."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from weft.filters.fields import FieldType
from weft.filters.json_path import parse_path, print_path
from weft.filters.syntax import Operator
from weft.model.instants import MAX_NS, MIN_NS, parse_any_instant

Value = str | float | list[str]

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Predicate:
    """`template` has the slots `{field}`, `{value}` and `{key}`. `read` makes the value's parameter from its text, or
    raises ValueError; without it the operator takes no value."""

    template: str
    read: Callable[[str], Value] | None = None


Predicates = Mapping[Operator, Predicate]


def read_any_text(text: str) -> str:
    return text


def read_text(text: str) -> str:
    if not text.strip():
        raise ValueError("a blank text")
    return text


def read_number(text: str) -> float:
    number = float(text) if NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise ValueError("not a number that 64 bits can hold")
    return number


def read_instant(text: str) -> int:
    """Nanoseconds since the epoch. Whatever 64 bits cannot hold becomes the first or last instant that they can."""
    return min(max(parse_any_instant(text), MIN_NS), MAX_NS)


def read_list(text: str) -> list[str]:
    items = [item.strip() for item in text.split(",")]
    items = [item for item in items if item]
    if not items:
        raise ValueError("an empty list")
    return items


def read_path(text: str) -> str:
    """Raises BadPath for a text that is no path."""
    return print_path(parse_path(read_text(text)))


def _texts(field: str, value: str, read: Callable[[str], Value]) -> Predicates:
    return {
        Operator.CONTAINS: Predicate(f"weft_contains({field}, {value})", read),
        Operator.NOT_CONTAINS: Predicate(f"NOT weft_contains({field}, {value})", read),
        Operator.STARTS_WITH: Predicate(f"weft_starts_with({field}, {value})", read),
        Operator.ENDS_WITH: Predicate(f"weft_ends_with({field}, {value})", read),
        Operator.EQUAL: Predicate(f"{field} = {value}", read),
        Operator.NOT_EQUAL: Predicate(f"{field} != {value}", read),
    }


def _comparisons(template: str, read: Callable[[str], Value], *operators: Operator) -> Predicates:
    return {op: Predicate(template.replace("{operator}", op.value), read) for op in operators}


_ORDER = (Operator.GREATER_THAN, Operator.LESS_THAN)
_ALL_ORDER = (
    Operator.EQUAL,
    Operator.NOT_EQUAL,
    Operator.GREATER_THAN,
    Operator.GREATER_THAN_EQUAL,
    Operator.LESS_THAN,
    Operator.LESS_THAN_EQUAL,
)

_LOWER_FIELD, _LOWER_VALUE = "weft_lower({field})", "weft_lower({value})"
_NODE = "weft_json_text({field}, {key})"

_STRING: Predicates = {
    **_texts(_LOWER_FIELD, _LOWER_VALUE, read_text),
    **_comparisons(f"{_LOWER_FIELD} {{operator}} {_LOWER_VALUE}", read_text, *_ORDER),
}

_STRING_EXACT: Predicates = {
    **_texts("{field}", "{value}", read_text),
    **_comparisons("{field} {operator} {value}", read_text, *_ORDER),
}

_DICTIONARY: Predicates = {
    **_texts(f"weft_lower({_NODE})", _LOWER_VALUE, read_any_text),
    **_comparisons(f"weft_number({_NODE}) {{operator}} {{value}}", read_number, *_ORDER),
    Operator.IS_EMPTY: Predicate(f"{_NODE} = ''"),
    Operator.IS_NOT_EMPTY: Predicate(f"{_NODE} != ''"),
}

_COMMENT_HAS = f"weft_contains(weft_lower(c.text), {_LOWER_VALUE})"
_COMMENT_IS = f"weft_lower(c.text) = {_LOWER_VALUE}"

_COMMENTS: Predicates = {
    Operator.CONTAINS: Predicate(f"t.id IN ({{field}} AND {_COMMENT_HAS})", read_text),
    Operator.NOT_CONTAINS: Predicate(f"t.id NOT IN ({{field}} AND {_COMMENT_HAS})", read_text),
    Operator.EQUAL: Predicate(f"t.id IN ({{field}} AND {_COMMENT_IS})", read_text),
    Operator.NOT_EQUAL: Predicate(f"t.id NOT IN ({{field}} AND {_COMMENT_IS})", read_text),
    Operator.IS_EMPTY: Predicate("t.id NOT IN ({field})"),
    Operator.IS_NOT_EMPTY: Predicate("t.id IN ({field})"),
}

_ENUM_LEGACY: Predicates = {
    Operator.EQUAL: Predicate("{field} = {value}", read_text),
    Operator.NOT_EQUAL: Predicate("{field} != {value}", read_text),
    Operator.IN: Predicate("weft_has({value}, {field})", read_list),
    Operator.NOT_IN: Predicate("NOT weft_has({value}, {field})", read_list),
}

_BY_TYPE: Mapping[FieldType, Predicates] = {
    FieldType.STRING: _STRING,
    FieldType.STRING_EXACT: _STRING_EXACT,
    FieldType.DATE_TIME: _comparisons("{field} {operator} {value}", read_instant, *_ALL_ORDER),
    FieldType.NUMBER: _comparisons("{field} {operator} {value}", read_number, *_ALL_ORDER),
    FieldType.FEEDBACK_SCORES_NUMBER: {
        **_comparisons("t.id IN ({field} HAVING round(avg(c.value), 9) {operator} {value})", read_number, *_ALL_ORDER),
        Operator.IS_EMPTY: Predicate("t.id NOT IN ({field})"),
        Operator.IS_NOT_EMPTY: Predicate("t.id IN ({field})"),
    },
    FieldType.DICTIONARY: _DICTIONARY,
    FieldType.CUSTOM: _DICTIONARY,
    FieldType.LIST: {
        Operator.CONTAINS: Predicate("weft_any_contains({field}, {value})", read_text),
        Operator.NOT_CONTAINS: Predicate("NOT weft_any_contains({field}, {value})", read_text),
        Operator.EQUAL: Predicate("weft_has({field}, {value})", read_text),
        Operator.NOT_EQUAL: Predicate("NOT weft_has({field}, {value})", read_text),
        Operator.IS_EMPTY: Predicate("length({field}) = 0"),
        Operator.IS_NOT_EMPTY: Predicate("length({field}) != 0"),
    },
    FieldType.ENUM: {
        **_ENUM_LEGACY,
        Operator.IS_EMPTY: Predicate("{field} = ''"),
        Operator.IS_NOT_EMPTY: Predicate("{field} != ''"),
    },
    FieldType.ENUM_LEGACY: _ENUM_LEGACY,
    FieldType.ERROR_CONTAINER: {
        Operator.IS_EMPTY: Predicate("{field} IS NULL"),
        Operator.IS_NOT_EMPTY: Predicate("{field} IS NOT NULL"),
    },
    FieldType.COMMENTS: _COMMENTS,
    FieldType.STRING_LIST: {
        Operator.IN: Predicate("weft_has_any({field}, {value})", read_list),
        Operator.NOT_IN: Predicate("NOT weft_has_any({field}, {value})", read_list),
    },
}

PREDICATES: Mapping[tuple[FieldType, Operator], Predicate] = {
    (type, operator): predicate for type, predicates in _BY_TYPE.items() for operator, predicate in predicates.items()
}

READ_KEY: Mapping[FieldType, Callable[[str], str]] = {
    FieldType.FEEDBACK_SCORES_NUMBER: read_text,
    FieldType.DICTIONARY: read_path,
}
