"""docs/filters.md is the specification of the language; this keeps it true."""

import json
import re
from pathlib import Path

import pytest

from weft.filters.compile import compile_filters
from weft.filters.fields import SPAN_FIELDS, THREAD_FIELDS, TRACE_FIELDS, TRACES, FieldType
from weft.filters.operators import PREDICATES
from weft.filters.syntax import Operator, parse_filters_parameter

TEXT = (Path(__file__).parents[3] / "docs" / "filters.md").read_text()
EXAMPLES = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
ROWS = {
    cells[1].strip("` "): cells[2]
    for cells in (line.split("|") for line in TEXT.splitlines() if line.startswith("| `"))
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_works(example: str) -> None:
    filters = parse_filters_parameter(example, TRACES)
    assert len(filters) == len(json.loads(example))
    compile_filters(filters, TRACES)


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
