"""What is said of a text that is no query: where it stops being one, and what could stand there."""

import pytest

from weft.errors import InvalidQueryText
from weft.filters.fields import SPANS, TRACES, Noun
from weft.filters.text import parse_query


def error(text: str, noun: Noun = TRACES) -> InvalidQueryText:
    with pytest.raises(InvalidQueryText) as caught:
        parse_query(text, noun)
    return caught.value


@pytest.mark.parametrize(
    ("text", "offset", "allowed"),
    [
        ('tags like "a"', 5, ("contains", "not_contains", "=", "!=", "is_empty", "is_not_empty", "in", "not_in")),
        ('metadata.a >= "1"', 11, None),
        ("name", 4, None),
        ("name =", 6, ("a text in quotes",)),
        ("name = a", 7, ("a text in quotes",)),
        ('name = " "', 7, ("a text in quotes",)),
        ('ttft = "x"', 7, ("a number",)),
        ('metadata.a < "x"', 13, ("a number",)),
        ("start_time > 2026", 13, ('an ISO 8601 instant with a time zone, such as "2026-01-31T12:00:00Z"',)),
        ("visibility_mode =", 17, ('"default"',)),
        ('name = "a" nor', 11, ("and", "or", "the end")),
        ('name = "a")', 10, ("and", "or", "the end")),
        ('(name = "a"', 11, ("and", "or", ")")),
        ('any span name = "a"', 9, ("(",)),
        ('any trace (name = "a")', 4, ("span",)),
        ('any span (thread_id = "a")', 10, None),
        ('any span (any span (name = "a"))', 10, None),
        ('name = "a" and', 14, None),
        ('metadata = "a"', 9, (". and a JSON path",)),
        ('metadata.a..b = "a"', 10, None),
        ('metadata."a[" = "a"', 9, ("a JSON path",)),
        ('custom.tags.a = "a"', 7, ("input, output or metadata and a JSON path",)),
        ("usage.other = 1", 0, None),
        ('name.a = "a"', 4, None),
        ('environment in "a"', 15, ("( and values with commas between them",)),
        ('environment in ("a" "b")', 20, (",", ")")),
        ('environment in ("a,b")', 16, ("a value without commas, and without spaces around it",)),
        ('name = "a', 7, ()),
    ],
)  # fmt: skip
def test_place_and_what_is_allowed(text: str, offset: int, allowed: tuple[str, ...] | None) -> None:
    caught = error(text)
    assert caught.offset == offset
    assert allowed in (None, caught.allowed)


def test_an_unknown_field_names_all_that_there_are() -> None:
    allowed = error("nonsense = 1", SPANS).allowed
    assert {*SPANS.fields, "not", "("} == set(allowed)
    assert "any span" in error("nonsense = 1").allowed


def test_the_message_has_line_and_column_and_the_excerpt_a_caret() -> None:
    caught = error('name = "a"\n  and ttft > "slow"')
    assert str(caught) == 'Invalid query at line 2, column 14: expected a number, found "slow"'
    assert caught.excerpt == '  and ttft > "slow"\n             ^'


def test_of_a_long_line_the_excerpt_shows_what_is_around() -> None:
    excerpt = error(f'name = "{"x" * 5000}" and ttft ~ 5').excerpt
    shown, caret = excerpt.split("\n")
    assert len(shown) < 100
    assert shown[caret.index("^")] == "~"
