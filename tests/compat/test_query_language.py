"""What the SDK's own parser reads, a query says as well."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opik.api_objects.opik_query_language import OpikQueryLanguage

from tests.reference.queries import printable
from tests.reference.records import every_filter
from weft.filters.fields import SPANS, THREADS, TRACES, Noun
from weft.filters.query import And, all_of, print_query
from weft.filters.syntax import parse_filters_body
from weft.filters.text import parse_query

PARSERS: list[tuple[Noun, Callable[[str], OpikQueryLanguage]]] = [
    (TRACES, OpikQueryLanguage.for_traces),
    (SPANS, OpikQueryLanguage.for_spans),
    (THREADS, OpikQueryLanguage.for_threads),
]


@pytest.mark.parametrize(("noun", "parse"), PARSERS, ids=["traces", "spans", "threads"])
@settings(max_examples=2, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_same_filters(noun: Noun, parse: Callable[[str], OpikQueryLanguage], data: st.DataObject) -> None:
    filters = printable(data.draw(every_filter(noun, [])), noun)
    understood = [filter for filter in filters if reads(parse, print_query(filter))]
    assert len(understood) > len(filters) // 3
    for several in (*([filter] for filter in understood), understood[:20]):
        text = print_query(And(tuple(several)))
        expressions = parse(text).get_filter_expressions()
        assert all_of(*parse_filters_body(expressions, noun)) == all_of(parse_query(text, noun)), text


def reads(parse: Callable[[str], OpikQueryLanguage], text: str) -> bool:
    """The SDK lacks some fields, and keys and numbers of some forms."""
    try:
        parse(text)
    except ValueError:
        return False
    return True
