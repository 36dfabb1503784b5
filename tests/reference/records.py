"""Hypothesis strategies for the records of the reference evaluator, and for filters that have a chance to match them.

Letters whose lower case the engines disagree on (İ, ẞ) are left out, as are numbers in payloads that they print
differently (whole ones with a decimal point, ones with an exponent).
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.reference.filters import Record
from weft.filters.fields import FieldType, Noun
from weft.filters.operators import PREDICATES
from weft.filters.syntax import Filter, Operator
from weft.model.instants import format_ns

TEXTS = ["a", "A", "ab", "é", "É", "ß", "Ж", "%", "_", "\\", "'", '"', "\n", "a b", "null", "true", "0.5", "-3", "5 "]
NUMBERS = [0, 5, -3, 0.5, 3.14, 1234567.891, 2**53 + 1, 2**64 - 1]
KEYS = ["a", "b c", 'q"', "é", "a.b", "x\\y"]
PATHS = ["a", "$.a", "$", "a[0]", "a[1].a", "[0]", '["b c"]', "b c", '"q\\""', "é", '$["a.b"]', 'a."x\\\\y"', "missing"]
BAD_PATHS = ["a..b", "a[", "a[*]", "$a", "a.*"]
CUSTOM_KEYS = [
    "input.a",
    "metadata.a",
    "$.output.a",
    "input",
    "metadata[0]",
    "input.a[0]",
    'metadata["b c"]',
    "output.a..b",
]
INSTANTS_NS = [1, 10**18, 10**18 + 1, 10**18 + 1000, 10**18 + 1_500_000]
INSTANTS_US = [ns // 1000 for ns in INSTANTS_NS]
OTHER_INSTANTS = ["2001-09-09T03:46:40.0015+02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
COSTS = [Decimal(cost) for cost in ("0", "0.000123", "0.1", "1.5")]
SCORES = [Decimal(score) for score in ("0", "0.5", "0.8", "0.9", "1", "-2.25", "0.1234")]
SCORE_NAMES = ["quality", "Quality", "é b"]
TOKENS = ["prompt_tokens", "completion_tokens", "total_tokens", "other"]
NUMBER_VALUES = ["0", "5", "0.5", ".85", "1e0", "-2.25", "0.000123", "1.5", "3.14", "0.001", str(2**53 + 1)]
ENUM_VALUES = ["production", "Production", "sdk", "ui", "unknown", "llm", "default", "production,sdk", "llm, tool"]
ENUM_VALUES += ["active", "inactive"]

texts = st.sampled_from(TEXTS) | st.text("aBéЖ%_\\'\"\n .", max_size=4)
json_values = st.recursive(
    st.none() | st.booleans() | st.sampled_from(NUMBERS) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=4,
)
scalars = st.sampled_from(TEXTS + NUMBERS)
documents = st.one_of(
    st.builds(json.dumps, st.fixed_dictionaries({"a": scalars}), ensure_ascii=st.booleans()),
    st.builds(json.dumps, st.fixed_dictionaries({"a": json_values}), ensure_ascii=st.booleans()),
    st.builds(json.dumps, json_values, ensure_ascii=st.booleans()),
    st.sampled_from([None, '{"a": "half of a pair: \\ud800"}']),
)
scores = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from(SCORE_NAMES), "value": st.sampled_from(SCORES)}), max_size=3
)

SHARED: dict[str, st.SearchStrategy[Any]] = {
    "name": st.none() | texts,
    "start_time": st.none() | st.sampled_from(INSTANTS_NS),
    "end_time": st.none() | st.sampled_from(INSTANTS_NS),
    "created_at": st.sampled_from(INSTANTS_US),
    "last_updated_at": st.sampled_from(INSTANTS_US),
    "created_by": st.sampled_from(["admin", "é"]),
    "input": documents,
    "output": documents,
    "metadata": documents,
    "tags": st.lists(texts, max_size=3),
    "error_info": st.none() | st.sampled_from(['{"exception_type":"ValueError"}', '{"message":"é"}']),
    "ttft": st.none() | st.sampled_from([0.0, 0.5, 3.14]),
    "source": st.sampled_from([None, "unknown", "sdk", "ui"]),
    "environment": st.sampled_from([None, "production", "Test"]),
    "scores": scores,
    "comments": st.lists(texts, max_size=2),
}
spans = st.fixed_dictionaries(
    SHARED
    | {
        "type": st.sampled_from(["general", "llm", "tool"]),
        "model": st.none() | texts,
        "provider": st.none() | texts,
        "usage": st.dictionaries(st.sampled_from(TOKENS), st.sampled_from([0, 5, 2**53 + 1]), max_size=3),
        "total_estimated_cost": st.none() | st.sampled_from(COSTS),
    }
)
TRACE = SHARED | {
    "thread_id": st.none() | texts,
    "spans": st.lists(spans, max_size=2),
    "checks": st.lists(st.sampled_from(["passed", "failed"]), max_size=2),
}
traces = st.fixed_dictionaries(TRACE)


def record_id(number: int) -> str:
    return f"018bcfe5-6800-7abc-8000-{number:012x}"


def a_trace_record(number: int, **values: Any) -> dict[str, Any]:
    """A trace with nothing but what is given."""
    lists: dict[str, Any] = {"tags": [], "scores": [], "comments": [], "spans": [], "checks": []}
    stamps = {"created_at": 1, "last_updated_at": 1, "created_by": "admin"}
    return dict.fromkeys(TRACE) | lists | stamps | {"id": record_id(number)} | values


@st.composite
def trace_records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Traces with their spans, all with ids of their own."""
    records = draw(st.lists(traces, min_size=6, max_size=10))
    for number, trace in enumerate(records):
        trace["id"] = record_id(number)
        for place, span in enumerate(trace["spans"]):
            span |= {"id": record_id(1000 * number + place), "trace_id": trace["id"], "parent_span_id": None}
    return records


def every_filter(noun: Noun, records: Sequence[Record]) -> st.SearchStrategy[list[Filter]]:
    """One filter for each operator of each field."""
    pairs = [
        (name, operator) for name, field in noun.fields.items() for type, operator in PREDICATES if type is field.type
    ]
    return st.tuples(*(_filters(name, operator, noun, records) for name, operator in pairs)).map(list)


def _filters(name: str, operator: Operator, noun: Noun, records: Sequence[Record]) -> st.SearchStrategy[Filter]:
    type = noun.fields[name].type
    values = [""] if operator in (Operator.IS_EMPTY, Operator.IS_NOT_EMPTY) else _values(name, type, records)
    if type in (FieldType.DICTIONARY, FieldType.CUSTOM) and operator in (Operator.GREATER_THAN, Operator.LESS_THAN):
        values = NUMBER_VALUES
    return st.builds(Filter, st.just(name), st.just(operator), st.sampled_from(_keys(type)), st.sampled_from(values))


def _keys(type: FieldType) -> list[str]:
    keys = {
        FieldType.FEEDBACK_SCORES_NUMBER: [*SCORE_NAMES, "QUALITY", "missing"],
        FieldType.DICTIONARY: ["a"] * len(PATHS) + PATHS + BAD_PATHS,
        FieldType.CUSTOM: CUSTOM_KEYS,
    }
    return keys.get(type, [""])


def _values(name: str, type: FieldType, records: Sequence[Record]) -> list[str]:
    """What such a field may hold, and what records have there."""
    if name == "guardrails":
        return ["passed", "failed", "Failed", "pass", "x"]
    match type:
        case FieldType.NUMBER | FieldType.FEEDBACK_SCORES_NUMBER:
            return NUMBER_VALUES
        case FieldType.DATE_TIME:
            return [format_ns(instant) for instant in INSTANTS_NS] + OTHER_INSTANTS
        case FieldType.ENUM | FieldType.ENUM_LEGACY | FieldType.STRING_LIST:
            return ENUM_VALUES
        case FieldType.DICTIONARY | FieldType.CUSTOM:
            return [*TEXTS, *map(json.dumps, NUMBERS), ""]
        case _:
            stored = [record.get(name) for record in records]
            return [text for text in TEXTS + stored if isinstance(text, str) and text.strip()]
