"""OTLP requests, in protobuf and in JSON, with defaults for all but what a test is about."""

import os
from typing import Any

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

PATH = "/v1/private/otel/v1/traces"
PROTOBUF = "application/x-protobuf"
START = 1_767_323_045_123_456_789
SECOND = 1_000_000_000

ROOT = bytes.fromhex("b7ad6b7169203331")
CHILD = bytes.fromhex("00f067aa0ba902b7")


def a_trace_id() -> bytes:
    return os.urandom(16)


def any_value(value: object) -> AnyValue:
    match value:
        case bool():
            return AnyValue(bool_value=value)
        case int():
            return AnyValue(int_value=value)
        case float():
            return AnyValue(double_value=value)
        case bytes():
            return AnyValue(bytes_value=value)
        case list():
            return AnyValue(array_value=ArrayValue(values=map(any_value, value)))
        case dict():
            return AnyValue(kvlist_value=KeyValueList(values=pairs(value)))
    return AnyValue(string_value=str(value))


def pairs(attributes: dict[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=key, value=any_value(value)) for key, value in attributes.items()]


def a_root(trace_id: bytes, **attributes: Any) -> Span:
    return Span(
        trace_id=trace_id,
        span_id=ROOT,
        name="answer",
        start_time_unix_nano=START,
        end_time_unix_nano=START + SECOND,
        attributes=pairs(attributes),
    )


def a_child(trace_id: bytes, **attributes: Any) -> Span:
    return Span(
        trace_id=trace_id,
        span_id=CHILD,
        parent_span_id=ROOT,
        name="step",
        start_time_unix_nano=START + SECOND // 4,
        end_time_unix_nano=START + SECOND // 2,
        attributes=pairs(attributes),
    )


def failed(span: Span, **exception: str) -> Span:
    span.status.code = Status.STATUS_CODE_ERROR
    attributes = pairs({f"exception.{name}": value for name, value in exception.items()})
    span.events.append(Span.Event(name="exception", time_unix_nano=START, attributes=attributes))
    return span


def request_of(*spans: Span) -> bytes:
    request = ExportTraceServiceRequest()
    of_resource = request.resource_spans.add()
    of_resource.resource.attributes.extend(pairs({"service.name": "shop", "deployment.environment.name": "staging"}))
    of_scope = of_resource.scope_spans.add()
    of_scope.scope.name, of_scope.scope.version = "instrumentation", "1.2"
    of_scope.spans.extend(spans)
    return request.SerializeToString()


async def export(client: httpx.AsyncClient, project: str, *spans: Span) -> httpx.Response:
    return await client.post(
        PATH, content=request_of(*spans), headers={"Content-Type": PROTOBUF, "projectName": project}
    )


def json_request(trace_id: bytes) -> dict[str, Any]:
    """A root with one child, with every kind of value."""
    values = {
        "gen_ai.request.model": {"stringValue": "gpt-4o"},
        "gen_ai.usage.input_tokens": {"intValue": "3"},
        "gen_ai.usage.output_tokens": {"intValue": 4},
        "gen_ai.usage.cost": {"doubleValue": 0.25},
        "input.flag": {"boolValue": True},
        "input.odd": {"doubleValue": "NaN"},
        "input.list": {"arrayValue": {"values": [{"stringValue": "a"}, {"intValue": "9007199254740993"}]}},
        "input.map": {"kvlistValue": {"values": [{"key": "k", "value": {"stringValue": "v"}}]}},
        "input.bytes": {"bytesValue": "AAE="},
        "input.none": {},
    }
    root = {
        "traceId": trace_id.hex().upper(),
        "spanId": ROOT.hex(),
        "name": "answer",
        "kind": "SPAN_KIND_INTERNAL",
        "startTimeUnixNano": str(START),
        "endTimeUnixNano": str(START + SECOND),
        "attributes": [{"key": key, "value": value} for key, value in values.items()],
        "status": {"code": "STATUS_CODE_ERROR", "message": "no"},
        "events": [{"name": "note", "timeUnixNano": START}],
        "links": [{"traceId": trace_id.hex(), "spanId": CHILD.hex()}],
        "droppedAttributesCount": 0,
    }
    child = {
        "traceId": trace_id.hex(),
        "spanId": CHILD.hex(),
        "parentSpanId": ROOT.hex(),
        "name": "step",
        "kind": 1,
        "startTimeUnixNano": START,
        "endTimeUnixNano": START + 1,
        "status": {"code": 1},
    }
    return {"resourceSpans": [{"scopeSpans": [{"scope": {"name": "by hand"}, "spans": [root, child]}]}]}
