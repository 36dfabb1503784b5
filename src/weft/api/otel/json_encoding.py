"""OTLP in JSON: ids in hex, 64-bit integers as strings, enumerations as numbers or names."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from weft.api.http.decode import BodyDecoder
from weft.core.otel.span import Attributes, Origin, OtelEvent, OtelLink, OtelSpan, parent_of
from weft.errors import InvalidValue, MalformedJson
from weft.model.instants import MAX_NS
from weft.model.payload import number

_ERROR_CODES = (2, "STATUS_CODE_ERROR")


class AnyValue(Struct, rename="camel"):
    """At most one is set."""

    string_value: str | None = None
    bool_value: bool | None = None
    int_value: int | str | None = None
    double_value: float | str | None = None
    array_value: "ArrayValue | None" = None
    kvlist_value: "KeyValueList | None" = None
    bytes_value: str | None = None

    def plain(self) -> Any:
        """Raises ValueError for what is no number."""
        if self.int_value is not None:
            return int(self.int_value)
        if self.double_value is not None:
            return number(float(self.double_value))
        if self.array_value is not None:
            return [value.plain() for value in self.array_value.values]
        if self.kvlist_value is not None:
            return plain_attributes(self.kvlist_value.values)
        return next(
            (value for value in (self.string_value, self.bool_value, self.bytes_value) if value is not None), None
        )


class ArrayValue(Struct):
    values: list[AnyValue] = []


class KeyValue(Struct):
    key: str = ""
    value: AnyValue | None = None


class KeyValueList(Struct):
    values: list[KeyValue] = []


class Resource(Struct):
    attributes: list[KeyValue] = []


class Scope(Struct):
    name: str = ""
    version: str = ""


class Event(Struct, rename="camel"):
    name: str = ""
    time_unix_nano: int | str = 0
    attributes: list[KeyValue] = []


class Link(Struct, rename="camel"):
    trace_id: str = ""
    span_id: str = ""
    attributes: list[KeyValue] = []


class Status(Struct):
    code: int | str = 0
    message: str = ""


class JsonSpan(Struct, rename="camel"):
    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str | None = None
    name: str = ""
    start_time_unix_nano: int | str = 0
    end_time_unix_nano: int | str = 0
    attributes: list[KeyValue] = []
    events: list[Event] = []
    links: list[Link] = []
    status: Status | None = None

    def span(self, origin: Origin) -> OtelSpan:
        trace_id = self.trace_id.lower()
        return OtelSpan(
            trace_id=trace_id,
            span_id=self.span_id.lower(),
            parent_span_id=parent_of(trace_id, (self.parent_span_id or "").lower()),
            name=self.name,
            start_time=int(self.start_time_unix_nano),
            end_time=int(self.end_time_unix_nano),
            attributes=plain_attributes(self.attributes),
            events=tuple(_event(event) for event in self.events),
            links=tuple(_link(link) for link in self.links),
            failed=self.status is not None and self.status.code in _ERROR_CODES,
            status_message=self.status.message if self.status else "",
            origin=origin,
        )


class ScopeSpans(Struct):
    scope: Scope | None = None
    spans: list[JsonSpan] = []


class ResourceSpans(Struct, rename="camel"):
    resource: Resource | None = None
    scope_spans: list[ScopeSpans] = []


class TraceRequest(Struct, rename="camel"):
    resource_spans: list[ResourceSpans] = []


_decode = BodyDecoder[TraceRequest](TraceRequest)


def read_spans(body: bytes) -> list[OtelSpan]:
    """Raises MalformedJson and InvalidValue."""
    request = _decode(body)
    try:
        return [span.span(origin) for origin, span in _spans(request)]
    except ValueError as error:
        raise InvalidValue(reason=str(error)) from error
    except RecursionError as error:
        raise MalformedJson(reason="The document is nested too deeply") from error


def _spans(request: TraceRequest) -> Iterator[tuple[Origin, JsonSpan]]:
    for of_resource in request.resource_spans:
        resource = plain_attributes(of_resource.resource.attributes) if of_resource.resource else {}
        for of_scope in of_resource.scope_spans:
            scope = of_scope.scope or Scope()
            origin = Origin(resource, scope.name, scope.version)
            for span in of_scope.spans:
                yield origin, span


def plain_attributes(pairs: list[KeyValue]) -> Attributes:
    return {pair.key: pair.value.plain() if pair.value else None for pair in pairs}


def _event(event: Event) -> OtelEvent:
    return OtelEvent(event.name, min(int(event.time_unix_nano), MAX_NS), plain_attributes(event.attributes))


def _link(link: Link) -> OtelLink:
    return OtelLink(link.trace_id.lower(), link.span_id.lower(), plain_attributes(link.attributes))
