"""Which operators each type has, as in the contract's table, and how values are read."""

import pytest

from weft.filters.fields import FieldType
from weft.filters.operators import PREDICATES, Predicate, read_instant, read_list, read_number, read_text
from weft.filters.syntax import Operator
from weft.model.instants import MAX_NS, MIN_NS

TEXTS = "contains not_contains starts_with ends_with = != > <"
NUMBERS = "= != > >= < <="
EMPTINESS = "is_empty is_not_empty"
ALLOWED = {
    FieldType.STRING: TEXTS,
    FieldType.STRING_EXACT: TEXTS,
    FieldType.DATE_TIME: NUMBERS,
    FieldType.NUMBER: NUMBERS,
    FieldType.FEEDBACK_SCORES_NUMBER: f"{NUMBERS} {EMPTINESS}",
    FieldType.DICTIONARY: f"{TEXTS} {EMPTINESS}",
    FieldType.CUSTOM: f"{TEXTS} {EMPTINESS}",
    FieldType.LIST: f"contains not_contains = != {EMPTINESS}",
    FieldType.COMMENTS: f"contains not_contains = != {EMPTINESS}",
    FieldType.ENUM: f"= != in not_in {EMPTINESS}",
    FieldType.ENUM_LEGACY: "= != in not_in",
    FieldType.ERROR_CONTAINER: EMPTINESS,
    FieldType.STRING_LIST: "in not_in",
}


@pytest.mark.parametrize("operator", Operator)
@pytest.mark.parametrize("type", FieldType)
def test_pairs(type: FieldType, operator: Operator) -> None:
    assert ((type, operator) in PREDICATES) == (operator.value in ALLOWED[type].split())


@pytest.mark.parametrize("predicate", PREDICATES.values())
def test_a_predicate_reads_a_value_if_it_uses_one(predicate: Predicate) -> None:
    assert (predicate.read is not None) == ("{value}" in predicate.template)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0.0),
        ("-1.5", -1.5),
        ("+2", 2.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e-3", 0.001),
        ("0.1000000000000000055", 0.1),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["", " ", "x", "1 ", "1_000", "0x10", "1,5", "٣", "nan", "inf", "-Infinity", "1e999"])
def test_no_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T02:00:00+02:00", 0),
        ("0001-01-01T00:00:00+14:00", MIN_NS),
        ("9999-12-31T23:59:59-14:00", MAX_NS),
    ],
)
def test_instants(text: str, ns: int) -> None:
    assert read_instant(text) == ns


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-01-02", "2026-01-02T03:04:05", "2026-13-01T00:00:00Z", "1767323045"]
)
def test_no_instants(text: str) -> None:
    with pytest.raises(ValueError, match=r"instant|month"):
        read_instant(text)


def test_lists() -> None:
    assert read_list("a, b,,c ") == ["a", "b", "c"]


@pytest.mark.parametrize("text", ["", " ", ",", " , "])
def test_blank_texts_and_lists(text: str) -> None:
    with pytest.raises(ValueError, match="empty list"):
        read_list(text)
    if "," not in text:
        with pytest.raises(ValueError, match="blank text"):
            read_text(text)
