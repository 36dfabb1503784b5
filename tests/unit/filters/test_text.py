"""The language of queries by example: a text, and what it says; and what is said of a text that is none."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reference.queries import printable, queries
from tests.reference.records import every_filter
from weft.errors import InvalidQueryText
from weft.filters.fields import SPANS, THREADS, TRACES, Noun
from weft.filters.query import And, AnyPart, Not, Or, Query, print_query
from weft.filters.syntax import MAX_FILTERS, Filter, Operator
from weft.filters.text import MAX_DEPTH, parse_query

A, B, C = (Filter("name", Operator.EQUAL, "", name) for name in "abc")


def make(field: str, operator: str, value: str = "", key: str = "") -> Filter:
    return Filter(field, Operator(operator), key, value)


FAILED_TOOL = AnyPart("span", And((make("type", "=", "tool"), make("error_info", "is_not_empty"))))


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_a_blank_text_is_everything(text: str | None) -> None:
    assert parse_query(text, TRACES) == And(())


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('name = "a"', A),
        ('name="a"', A),
        ("name = 'a'", A),
        ('name != "say ""hi"""', make("name", "!=", 'say "hi"')),
        ("name = 'it''s'", make("name", "=", "it's")),
        ("duration >= -1.5e3", make("duration", ">=", "-1.5e3")),
        ("usage.total_tokens<.5", make("usage.total_tokens", "<", ".5")),
        ("metadata.a.b[0] = True", make("metadata", "=", "true", "a.b[0]")),
        ('metadata."$[""a.b""]" = ""', make("metadata", "=", "", '$["a.b"]')),
        ("custom.input.a-b > 5", make("custom", ">", "5", "input.a-b")),
        ('feedback_scores."my score" is_empty', make("feedback_scores", "is_empty", key="my score")),
        ("feedback_scores.é IS NOT\nEMPTY", make("feedback_scores", "is_not_empty", key="é")),
        ("error is empty", make("error_info", "is_empty")),
        ('tags Not Contains "x"', make("tags", "not_contains", "x")),
        ('environment in ("a", "b")', make("environment", "in", "a,b")),
        ('environment not in ("a")', make("environment", "not_in", "a")),
        ('name in ("a")', A),
        ('name in ("a", "b")', Or((A, B))),
        ('name not_in ("a", "b")', Not(Or((A, B)))),
    ],
)
def test_conditions(text: str, query: Query) -> None:
    assert parse_query(text, TRACES) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('name = "a" and name = "b" AND name = "c"', And((A, B, C))),
        ('(name = "a" and name = "b") and name = "c"', And((A, B, C))),
        ('name = "a" or name = "b" and name = "c"', Or((A, And((B, C))))),
        ('(name = "a" or name = "b") and name = "c"', And((Or((A, B)), C))),
        ('not name = "a" and name = "b"', And((Not(A), B))),
        ('NOT (name = "a" OR name = "b")', Not(Or((A, B)))),
        ('not not name = "a"', Not(Not(A))),
        ('any span (name = "a" or name = "b")', AnyPart("span", Or((A, B)))),
        ('Any Span(type="tool"and error is not empty)and name="a"', And((FAILED_TOOL, A))),
    ],
)
def test_connections(text: str, query: Query) -> None:
    assert parse_query(text, TRACES) == query


def test_parts_of_threads() -> None:
    text = 'any trace (name = "a" and any span (name = "b")) or any span (name = "c")'
    expected = Or((AnyPart("trace", And((A, AnyPart("span", B)))), AnyPart("span", C)))
    assert parse_query(text, THREADS) == expected


@pytest.mark.parametrize("noun", [TRACES, SPANS, THREADS], ids=["traces", "spans", "threads"])
@settings(max_examples=2, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_printed_is_read_as_the_same(noun: Noun, data: st.DataObject) -> None:
    leaves = {of: printable(data.draw(every_filter(of, [])), of) for of in (TRACES, SPANS, THREADS)}
    for query in data.draw(st.lists(queries(noun, leaves), min_size=40)):
        assert parse_query(print_query(query), noun) == query


def test_more_than_anyone_means_is_refused() -> None:
    conditions = ['name = "a"'] * (MAX_FILTERS + 1)
    assert parse_query(" or ".join(conditions[1:]), TRACES)
    for text in (" or ".join(conditions), f"name in ({', '.join('5' for _ in conditions)})"):
        with pytest.raises(InvalidQueryText, match="at most 200 conditions"):
            parse_query(text, TRACES)
    for deep in ("not " * MAX_DEPTH, "(" * MAX_DEPTH, "(" * 100_000):
        with pytest.raises(InvalidQueryText, match="at most 50 levels"):
            parse_query(f'{deep}name = "a"', TRACES)
