"""What one OpenTelemetry span is recorded as."""

import json
from typing import Any

import pytest

from tests.unit.core.otel.spans import CHILD, MS, ROOT, START, TRACE, TRACE_ID, a_child, a_span, recorded
from weft.core.otel.ids import span_id_of
from weft.core.otel.span import Origin, OtelEvent, OtelLink, parent_of
from weft.model.ids import new_id
from weft.model.instants import MAX_NS

USAGE = {"gen_ai.usage.input_tokens": 3}


def event(name: str, **attributes: Any) -> OtelEvent:
    return OtelEvent(name, START, {key.replace("__", "."): value for key, value in attributes.items()})


def parsed(text: str | None) -> Any:
    return json.loads(text or "null")


def test_root_makes_a_trace_and_a_span() -> None:
    found = recorded(a_span(attributes={"input": "why?", "output": "so", "opik.tags": "a", "thread_id": "t"}))
    [trace], [span] = found.traces, found.spans
    assert (trace.id, span.trace_id, span.id) == (TRACE_ID, TRACE_ID, span_id_of(ROOT, TRACE_ID))
    assert (trace.name, trace.thread_id, trace.source) == ("answer", "t", "sdk")
    for column in ("name", "start_time", "end_time", "input", "output", "metadata", "tags"):
        assert getattr(trace, column) == getattr(span, column)
    assert (span.input, span.output, span.tags) == ('{"input":"why?"}', '{"output":"so"}', ["a"])
    assert (span.start_time, span.end_time) == (START, START + 250 * MS)


def test_child_knows_its_parent_before_it_has_come() -> None:
    found = recorded(a_child())
    assert found.traces == []
    assert [span.parent_span_id for span in found.spans] == [span_id_of(ROOT, TRACE_ID)]


def test_same_spans_make_the_same_records() -> None:
    spans = (a_span(attributes=USAGE), a_child())
    assert recorded(*spans) == recorded(*spans)


def test_span_under_way_has_no_end_and_an_older_stamp() -> None:
    [under_way], [ended] = recorded(a_span(end_time=0)).spans, recorded(a_span()).spans
    assert under_way.end_time is None
    assert under_way.create_stamp is not None
    assert ended.create_stamp is not None
    assert under_way.create_stamp < ended.create_stamp


def test_attached_span_makes_no_trace() -> None:
    trace, parent, id = new_id(), new_id(), new_id()
    stated = {"opik.trace_id": trace, "opik.parent_span_id": parent, "opik.span_id": id}
    found = recorded(a_span(attributes=stated), a_child())
    assert found.traces == []
    attached, below = found.spans
    assert (attached.trace_id, attached.parent_span_id, attached.id) == (trace, parent, id)
    assert below.parent_span_id == id


def test_parent_alone_attaches_nothing() -> None:
    [span] = recorded(a_span(attributes={"opik.parent_span_id": new_id()})).spans
    assert (span.trace_id, span.parent_span_id) == (TRACE_ID, None)


def test_sums_of_children_are_not_counted_again() -> None:
    parent, child = recorded(a_span(attributes=USAGE), a_child(attributes=USAGE)).spans
    assert (parent.usage, child.usage) == ({}, {"prompt_tokens": 3})
    assert parsed(parent.metadata)["usage"] == {"prompt_tokens": 3}


def test_context_is_in_the_metadata() -> None:
    origin = Origin({"service.name": "shop"}, "openinference", "1.2")
    link = OtelLink(TRACE, CHILD, {})
    [span] = recorded(a_span(origin=origin, events=(event("note", a=1),), links=(link,))).spans
    assert parsed(span.metadata) == {
        "integration": "openinference",
        "opentelemetry": {
            "trace_id": TRACE,
            "span_id": ROOT,
            "scope": {"name": "openinference", "version": "1.2"},
            "resource": {"service.name": "shop"},
            "events": [{"name": "note", "time": "2026-01-02T03:04:05.123456789Z", "attributes": {"a": 1}}],
            "links": [{"trace_id": TRACE, "span_id": CHILD}],
        },
    }


@pytest.mark.parametrize("name", ["deployment.environment", "deployment.environment.name"])
def test_environment_of_the_resource(name: str) -> None:
    assert [span.environment for span in recorded(a_span(origin=Origin({name: "prod"}))).spans] == ["prod"]


def test_messages_in_events() -> None:
    events = (event("gen_ai.content.prompt", gen_ai__prompt="why?"), event("gen_ai.choice", content="so"))
    [span] = recorded(a_span(events=events)).spans
    assert parsed(span.input) == {"gen_ai.prompt": "why?"}
    assert span.output is None


class TestErrorInfo:
    def test_last_exception_of_a_failed_span(self) -> None:
        last = {"exception.type": "ValueError", "exception.message": "no", "exception.stacktrace": "line 1"}
        events = (event("exception", exception__type="KeyError"), OtelEvent("exception", START, last))
        [span] = recorded(a_span(failed=True, events=events)).spans
        assert parsed(span.error_info) == {"exception_type": "ValueError", "message": "no", "traceback": "line 1"}

    def test_status_alone(self) -> None:
        [span] = recorded(a_span(failed=True, status_message="no", attributes={"error.type": "timeout"})).spans
        assert parsed(span.error_info) == {"exception_type": "timeout", "message": "no", "traceback": "no"}

    def test_exception_that_was_dealt_with(self) -> None:
        assert recorded(a_span(events=(event("exception", exception__type="KeyError"),))).spans[0].error_info is None


@pytest.mark.parametrize("parent", ["", "0" * 16, TRACE])
def test_ways_to_say_that_there_is_no_parent(parent: str) -> None:
    assert parent_of(TRACE, parent) == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("trace_id", ""),
        ("trace_id", "0" * 32),
        ("trace_id", TRACE[:-2]),
        ("span_id", "0" * 16),
        ("span_id", "x" * 16),
        ("parent_span_id", TRACE),
        ("start_time", 0),
        ("start_time", MAX_NS + 1),
        ("end_time", -1),
    ],
)
def test_flaws(field: str, value: object) -> None:
    assert a_span().flaw() is None
    assert a_span(**{field: value}).flaw() is not None
