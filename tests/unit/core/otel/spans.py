"""OpenTelemetry spans with defaults for all but what a test is about."""

from dataclasses import replace
from typing import Any

from weft.core.otel.records import Destination, Records, records_of
from weft.core.otel.span import Attributes, Origin, OtelSpan

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACE_ID = "019b0000-0000-7000-8000-000000000000"
ROOT = "b7ad6b7169203331"
CHILD = "00f067aa0ba902b7"
START = 1_767_323_045_123_456_789
MS = 1_000_000

ANY_SPAN = OtelSpan(
    trace_id=TRACE,
    span_id=ROOT,
    parent_span_id="",
    name="answer",
    start_time=START,
    end_time=START + 250 * MS,
    attributes={},
    events=(),
    links=(),
    failed=False,
    status_message="",
    origin=Origin(),
)
DESTINATION = Destination("workspace", "project", "admin", now=7)


def a_span(**fields: Any) -> OtelSpan:
    return replace(ANY_SPAN, **fields)


def a_child(**fields: Any) -> OtelSpan:
    return a_span(**{"span_id": CHILD, "parent_span_id": ROOT, "name": "step"} | fields)


def with_attributes(attributes: Attributes) -> OtelSpan:
    return a_span(attributes=attributes)


def recorded(*spans: OtelSpan) -> Records:
    return records_of(spans, {TRACE: TRACE_ID}, DESTINATION)
