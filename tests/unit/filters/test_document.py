"""docs/filters.md is the specification of the language; this keeps it true."""

import json
import re

import pytest

from tests.documents import DOCS, Block, blocks
from weft.api.opik.errors import render_error
from weft.errors import InvalidQueryText
from weft.filters.compile import compile_filters, split_query
from weft.filters.fields import SPAN_FIELDS, SPANS, THREAD_FIELDS, THREADS, TRACE_FIELDS, TRACES, FieldType
from weft.filters.operators import PREDICATES
from weft.filters.syntax import Operator, parse_filters_parameter
from weft.filters.text import parse_query

PAGE = DOCS / "filters.md"
TEXT = PAGE.read_text()
NOUNS = {"query-traces": TRACES, "query-spans": SPANS, "query-threads": THREADS}
ROWS = {
    cells[1].strip("` "): cells[2]
    for cells in (line.split("|") for line in TEXT.splitlines() if line.startswith("| `"))
}


@pytest.mark.parametrize("example", blocks(PAGE, "json"))
def test_every_example_works(example: Block) -> None:
    filters = parse_filters_parameter(example.text, TRACES)
    assert len(filters) == len(json.loads(example.text))
    compile_filters(filters, TRACES)


@pytest.mark.parametrize("example", blocks(PAGE, *NOUNS))
def test_every_query_works(example: Block) -> None:
    noun = NOUNS[example.language]
    split_query(parse_query(example.text, noun), noun)


def test_the_error_of_a_query_is_as_described() -> None:
    [described] = blocks(PAGE, "json-reply")
    with pytest.raises(InvalidQueryText) as caught:
        parse_query('ttft > "slow"', TRACES)
    assert json.loads(bytes(render_error(caught.value).body)) == json.loads(described.text)


@pytest.mark.parametrize("name", sorted(TRACE_FIELDS | SPAN_FIELDS | THREAD_FIELDS))
def test_every_field_is_described(name: str) -> None:
    assert f"`{name}`" in TEXT


@pytest.mark.parametrize("type", FieldType)
def test_every_type_is_described_with_its_operators(type: FieldType) -> None:
    allowed = {operator for operator in Operator if (type, operator) in PREDICATES}
    words = ROWS[type.value]
    if "the same" in words:
        words = ROWS[{"string_exact": "string", "custom": "dictionary"}[type.value]]
    assert set(re.findall(r"`([^`]+)`", words)) == allowed
