"""What a filter, a search and a sort mean, told as plainly as Python can. Every engine must answer the same.

A record is a dict with the wire's field names, except that instants are integers (`start_time` and `end_time` in ns,
`created_at` and `last_updated_at` in microseconds), that `input`, `output`, `metadata` and `error_info` are the stored
JSON text, that `scores` lists the score rows (`name`, `value`) and, in a trace, `spans` lists the records of its spans
and `checks` the results of its guardrails, and `comments` are texts; a thread has the `traces` that it is made of and
their `spans`.
"""

import json
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from weft.filters.fields import FieldType, Noun
from weft.filters.json_path import BadPath, parse_path, split_custom_key
from weft.filters.query import And, AnyPart, Not, Or, Query
from weft.filters.syntax import Filter, Operator
from weft.model.instants import parse_any_instant

Record = Mapping[str, Any]
Test = Callable[[Any, Any], bool]

COMPARISONS: Mapping[Operator, Test] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.GREATER_THAN: operator.gt,
    Operator.GREATER_THAN_EQUAL: operator.ge,
    Operator.LESS_THAN: operator.lt,
    Operator.LESS_THAN_EQUAL: operator.le,
}
TEXT_TESTS: Mapping[Operator, Test] = {
    **COMPARISONS,
    Operator.CONTAINS: lambda text, part: part in text,
    Operator.NOT_CONTAINS: lambda text, part: part not in text,
    Operator.STARTS_WITH: str.startswith,
    Operator.ENDS_WITH: str.endswith,
}


def holds(query: Query, record: Record, noun: Noun) -> bool:
    match query:
        case And(queries):
            return all(holds(query, record, noun) for query in queries)
        case Or(queries):
            return any(holds(query, record, noun) for query in queries)
        case Not(inner):
            return not holds(inner, record, noun)
        case AnyPart(name, inner):
            return any(holds(inner, part, noun.parts[name].noun) for part in record[f"{name}s"])
        case Filter(field) if noun.fields[field].of_traces:
            return any(matches(query, trace, noun.parts["trace"].noun) for trace in record["traces"])
        case Filter():
            return matches(query, record, noun)


def matches(filter: Filter, record: Record, noun: Noun) -> bool:
    field, op, value = filter.field, filter.operator, filter.value
    match noun.fields[field].type:
        case FieldType.STRING:
            return TEXT_TESTS[op](text_of(record, field).lower(), value.lower())
        case FieldType.STRING_EXACT:
            return TEXT_TESTS[op](text_of(record, field), value)
        case FieldType.DATE_TIME:
            return compares(op, instant_ns(record, field), parse_any_instant(value))
        case FieldType.NUMBER:
            return compares(op, number_of(record, field), float(value))
        case FieldType.FEEDBACK_SCORES_NUMBER:
            return scores_match(op, folded_scores(record, field, filter.key), value)
        case FieldType.DICTIONARY:
            return node_matches(op, record[field.removesuffix("_json")], filter.key, value)
        case FieldType.CUSTOM:
            column, path = split_custom_key(filter.key)
            return node_matches(op, record[column], path, value)
        case FieldType.LIST | FieldType.STRING_LIST:
            return list_matches(op, list_of(record, field), value)
        case FieldType.ENUM | FieldType.ENUM_LEGACY:
            return enum_matches(op, text_of(record, field), value)
        case FieldType.COMMENTS:
            return comments_match(op, record["comments"], value)
        case FieldType.ERROR_CONTAINER:
            return (record[field] is None) == (op is Operator.IS_EMPTY)
        case other:
            raise NotImplementedError(other)


def found(text: str, record: Record, noun_texts: Iterable[str]) -> bool:
    """Whether a search for the text finds the record by one of these texts or by a tag."""
    texts = [record[name] or "" for name in noun_texts] + record["tags"]
    return any(text.lower() in candidate.lower() for candidate in texts)


def by_id(record: Record) -> Any:
    return record["id"]


def in_order(
    records: Sequence[Record], field: str, descending: bool, newness: Callable[[Record], Any] = by_id
) -> list[Record]:
    """Newest first among equals, and what has no value last."""
    newest_first = sorted(records, key=newness, reverse=True)
    present = [record for record in newest_first if sort_value(record, field) is not None]
    missing = [record for record in newest_first if sort_value(record, field) is None]
    return sorted(present, key=lambda record: sort_value(record, field), reverse=descending) + missing


def sort_value(record: Record, field: str) -> Any:
    head, _, key = field.partition(".")
    if head == "usage":
        return summed(record, key)
    if field in ("duration", "total_estimated_cost", "span_count", "llm_span_count", "number_of_messages"):
        return number_of(record, field)
    value = record.get(field)
    return None if value == "" else value


def compares(op: Operator, actual: float | None, wanted: float) -> bool:
    return actual is not None and COMPARISONS[op](actual, wanted)


def text_of(record: Record, field: str) -> str:
    if field == "error_type":
        return node_text(record["error_info"], '"exception_type"')
    if field == "source":
        return record["source"] if record["source"] not in (None, "", "unknown") else "sdk"
    if field == "visibility_mode":
        return "default"
    if field == "guardrails" and record["checks"]:
        return "failed" if "failed" in record["checks"] else "passed"
    return record.get(field) or ""


def list_of(record: Record, field: str) -> list[str]:
    return list(record.get(field, []))


def instant_ns(record: Record, field: str) -> int | None:
    instant: int | None = record[field]
    return instant * 1000 if instant is not None and field in ("created_at", "last_updated_at") else instant


def number_of(record: Record, field: str) -> float | None:
    if field == "duration":
        start, end = record["start_time"], record["end_time"]
        return None if start is None or end is None else float(end - start) / 1e6
    if field == "number_of_messages":
        return float(2 * len(record["traces"]))
    if field == "span_count":
        return len(record["spans"]) or None
    if field == "llm_span_count":
        return sum(span["type"] == "llm" for span in record["spans"]) if record["spans"] else None
    if field == "ttft":
        ttft: float | None = record["ttft"]
        return ttft
    return summed(record, field.removeprefix("usage."))


def summed(record: Record, name: str) -> float | None:
    """A usage count or the cost: of the span itself, or of all spans of a trace that have it."""
    spans = record.get("spans", [record])
    values = [
        span["total_estimated_cost"] if name == "total_estimated_cost" else span["usage"].get(name) for span in spans
    ]
    present = [value for value in values if value is not None]
    return float(sum(present)) if present else None


def folded_scores(record: Record, field: str, name: str) -> list[float]:
    """The mean of each name that is this one but for its case."""
    holders = record["spans"] if field == "span_feedback_scores" else [record]
    values = defaultdict(list)
    for score in (score for holder in holders for score in holder["scores"]):
        if score["name"].lower() == name.lower():
            values[score["name"]].append(score["value"])
    return [round(float(sum(group) / len(group)), 9) for group in values.values()]


def scores_match(op: Operator, scores: list[float], value: str) -> bool:
    if op in (Operator.IS_EMPTY, Operator.IS_NOT_EMPTY):
        return (not scores) == (op is Operator.IS_EMPTY)
    return any(compares(op, score, float(value)) for score in scores)


def node_matches(op: Operator, document: str | None, path: str, value: str) -> bool:
    try:
        text = node_text(document, path)
    except BadPath:
        return False
    if op in (Operator.IS_EMPTY, Operator.IS_NOT_EMPTY):
        return (text == "") == (op is Operator.IS_EMPTY)
    if op in (Operator.GREATER_THAN, Operator.LESS_THAN):
        return compares(op, number_in(text), float(value))
    return TEXT_TESTS[op](text.lower(), value.lower())


def number_in(text: str) -> float | None:
    try:
        return float(text) if text.isascii() and text.strip() == text and "_" not in text else None
    except ValueError:
        return None


def node_text(document: str | None, path: str) -> str:
    node = json.loads(document) if document and storable(document) else None
    for segment in parse_path(path):
        if isinstance(segment, str):
            node = node.get(segment) if isinstance(node, dict) else None
        else:
            node = node[segment] if isinstance(node, list) and segment < len(node) else None
    if node is None:
        return ""
    return node if isinstance(node, str) else json.dumps(node, ensure_ascii=False, separators=(",", ":"))


def storable(document: str) -> bool:
    try:
        json.dumps(json.loads(document), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def list_matches(op: Operator, items: list[str], value: str) -> bool:
    wanted = {item.strip() for item in value.split(",")}
    answers = {
        Operator.CONTAINS: any(value.lower() in item.lower() for item in items),
        Operator.EQUAL: value in items,
        Operator.IS_EMPTY: not items,
        Operator.IN: any(item in wanted for item in items),
    }
    return answers[op] if op in answers else not answers[OPPOSITES[op]]


def comments_match(op: Operator, texts: list[str], value: str) -> bool:
    answers = {
        Operator.CONTAINS: any(value.lower() in text.lower() for text in texts),
        Operator.EQUAL: any(value.lower() == text.lower() for text in texts),
        Operator.IS_EMPTY: not texts,
    }
    return answers[op] if op in answers else not answers[OPPOSITES[op]]


def enum_matches(op: Operator, actual: str, value: str) -> bool:
    answers = {
        Operator.EQUAL: actual == value,
        Operator.IN: actual in {item.strip() for item in value.split(",") if item.strip()},
        Operator.IS_EMPTY: actual == "",
    }
    return answers[op] if op in answers else not answers[OPPOSITES[op]]


OPPOSITES = {
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.IS_NOT_EMPTY: Operator.IS_EMPTY,
    Operator.NOT_IN: Operator.IN,
}
