import pytest

from weft.errors import InvalidExclude
from weft.filters.exclude import parse_exclude_body, parse_exclude_parameter
from weft.filters.fields import SPANS, TRACES


@pytest.mark.parametrize("raw", [None, "", " ", "null", "[]"])
def test_nothing_is_left_out(raw: str | None) -> None:
    assert parse_exclude_parameter(raw, TRACES) == frozenset()


def test_names_from_a_parameter() -> None:
    assert parse_exclude_parameter('["input","output","input"]', TRACES) == {"input", "output"}


def test_names_from_a_body() -> None:
    assert parse_exclude_body(["model"], SPANS) == {"model"}
    assert parse_exclude_body(None, SPANS) == frozenset()


@pytest.mark.parametrize("raw", ["[", "{}", '"input"', "[1]", "[null]", '["nonsense"]', '["id"]', '["model"]'])
def test_what_cannot_be_left_out(raw: str) -> None:
    with pytest.raises(InvalidExclude) as caught:
        parse_exclude_parameter(raw, TRACES)
    assert str(caught.value) == f"Invalid exclude query parameter '{raw}'"


def test_an_unknown_name_in_a_body() -> None:
    with pytest.raises(InvalidExclude, match=r"Invalid exclude query parameter '\[\"nonsense\"\]'"):
        parse_exclude_body(["nonsense"], TRACES)


@pytest.mark.parametrize("name", ["id", "project_id", "trace_id", "parent_span_id", "last_updated_at"])
def test_what_identifies_an_item_stays(name: str) -> None:
    assert name not in TRACES.excludable | SPANS.excludable
