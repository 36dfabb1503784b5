import json
from typing import Any

import pytest

from weft.errors import InvalidFilters, InvalidValue
from weft.filters.fields import SPANS, TRACES
from weft.filters.syntax import MAX_FILTERS, Filter, Operator, parse_filters_body, parse_filters_parameter


def parsed(**item: Any) -> Filter:
    (filter,) = parse_filters_parameter(json.dumps([item]), TRACES)
    return filter


@pytest.mark.parametrize("raw", [None, "", " ", "null", "[]"])
def test_no_filters(raw: str | None) -> None:
    assert parse_filters_parameter(raw, TRACES) == ()


def test_a_filter() -> None:
    filter = parsed(field="metadata", operator="=", key="a.b", value="x")
    assert filter == Filter("metadata", Operator.EQUAL, "a.b", "x")


def test_other_properties_are_ignored() -> None:
    assert parsed(field="name", operator="=", value="x", type="string", extra=[1]).value == "x"


def test_duplicates_are_dropped() -> None:
    item = {"field": "name", "operator": "=", "value": "x"}
    assert len(parse_filters_body([item, item | {"key": None}, item | {"value": "y"}], TRACES)) == 2


@pytest.mark.parametrize("item", [{}, {"value": None}, {"value": ""}, {"value": "ignored"}])
@pytest.mark.parametrize("operator", ["is_empty", "is_not_empty"])
def test_emptiness_needs_no_value(operator: str, item: dict[str, Any]) -> None:
    assert parsed(field="tags", operator=operator, **item).operator == operator


@pytest.mark.parametrize(
    ("value", "text"), [(5, "5"), (-0.25, "-0.25"), (True, "true"), (10**20, "100000000000000000000")]
)
def test_numbers_and_booleans_are_taken_for_their_text(value: object, text: str) -> None:
    assert parsed(field="metadata", operator="=", key="a", value=value).value == text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a%20b"),
        ("environment", "a%20b"),
        ("experiment_ids", "a%20b"),
        ("tags", "a b"),
        ("metadata", "a b"),
        ("custom", "a b"),
        ("source", "a b"),
    ],
)
def test_values_of_some_types_are_decoded_once_more(field: str, value: str) -> None:
    assert parsed(field=field, operator="=", key="input.a", value="a%20b").value == value


def test_decoding_leaves_a_plus_and_a_lone_percent_alone() -> None:
    instant = "2026-01-02T03:04:05+02:00"
    assert parsed(field="start_time", operator=">", value=instant).value == instant
    assert parsed(field="tags", operator="=", value="100%").value == "100%"


MALFORMED = [
    pytest.param([1], id="no object"),
    pytest.param([None], id="null"),
    pytest.param([{"operator": "=", "value": "x"}], id="no field"),
    pytest.param([{"field": "name", "value": "x"}], id="no operator"),
    pytest.param([{"field": "name", "operator": "="}], id="no value"),
    pytest.param([{"field": "name", "operator": "=", "value": None}], id="null value"),
    pytest.param([{"field": "name", "operator": "=", "value": ["x"]}], id="value of another type"),
    pytest.param([{"field": "metadata", "operator": "=", "key": {}, "value": "x"}], id="key of another type"),
    pytest.param([{"field": "nonsense", "operator": "=", "value": "x"}], id="unknown field"),
    pytest.param([{"field": "usage.other", "operator": "=", "value": "1"}], id="usage of another kind"),
    pytest.param([{"field": "model", "operator": "=", "value": "x"}], id="field of another noun"),
    pytest.param([{"field": ["name"], "operator": "=", "value": "x"}], id="field of another type"),
    pytest.param([{"field": "name", "operator": "like", "value": "x"}], id="unknown operator"),
    pytest.param([{"field": "name", "operator": "=", "value": "\ud800"}], id="half of a surrogate pair"),
]


@pytest.mark.parametrize("items", MALFORMED)
def test_malformed_parameter(items: list[object]) -> None:
    raw = json.dumps(items)
    with pytest.raises(InvalidFilters) as caught:
        parse_filters_parameter(raw, TRACES)
    assert str(caught.value) == f"Invalid filters query parameter '{raw}'"


@pytest.mark.parametrize("raw", ["[", "x", '"name"', "{}", "7", "[" * 100_000])
def test_parameter_that_is_no_array(raw: str) -> None:
    with pytest.raises(InvalidFilters):
        parse_filters_parameter(raw, TRACES)


@pytest.mark.parametrize("items", MALFORMED)
def test_malformed_body(items: list[object]) -> None:
    with pytest.raises(InvalidValue, match=r"^Unable to process JSON\. filters\[0\]"):
        parse_filters_body(items, TRACES)


def test_a_body_error_names_the_place_and_what_is_allowed() -> None:
    good = {"field": "name", "operator": "=", "value": "x"}
    with pytest.raises(InvalidValue, match=r"filters\[1\]\.operator must be one of: contains, .*, not_in$"):
        parse_filters_body([good, good | {"operator": "like"}], SPANS)


def test_no_filters_in_a_body() -> None:
    assert parse_filters_body(None, SPANS) == ()


def test_more_filters_than_anyone_means_are_refused() -> None:
    items = [{"field": "name", "operator": "=", "value": str(number)} for number in range(MAX_FILTERS + 1)]
    assert len(parse_filters_body(items[1:], TRACES)) == MAX_FILTERS
    with pytest.raises(InvalidValue, match="at most 200 filters"):
        parse_filters_body(items, TRACES)
