"""From OpenTelemetry spans to spans and traces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weft.core.otel.facts import Facts, Payload, facts_of
from weft.core.otel.ids import span_id_of, stated_id
from weft.core.otel.span import OtelEvent, OtelLink, OtelSpan
from weft.model.instants import format_ns
from weft.model.merge import payload_bytes
from weft.model.payload import payload_of
from weft.model.span import Span
from weft.model.trace import Trace

_NO_EXCEPTION = "Error"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where records go, who sent them and when (microseconds since the epoch)."""

    workspace_id: str
    project_id: str
    user_name: str
    now: int


@dataclass(frozen=True, slots=True)
class Records:
    traces: list[Trace]
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A span with our ids in place of OpenTelemetry's."""

    otel: OtelSpan
    id: str
    trace_id: str
    parent_span_id: str | None
    facts: Facts

    @property
    def is_root(self) -> bool:
        """Opik's contract: a span without a parent makes a trace, but not one that is attached to a trace."""
        return not self.otel.parent_span_id and stated_id(self.otel, "opik.trace_id") is None


def records_of(spans: Sequence[OtelSpan], trace_ids: Mapping[str, str], destination: Destination) -> Records:
    """`trace_ids` are by OpenTelemetry trace id. The same spans make the same records, but for the time of writing."""
    records = Records(traces=[], spans=[])
    for placed in _counted_once(_place(spans, trace_ids)):
        columns = _columns(placed, destination)
        records.spans.append(_span(placed, columns))
        if placed.is_root:
            records.traces.append(Trace(id=placed.trace_id, thread_id=placed.facts.thread_id, **columns))
    return records


def _place(spans: Sequence[OtelSpan], trace_ids: Mapping[str, str]) -> list[_Placed]:
    ids = {
        (span.trace_id, span.span_id): stated_id(span, "opik.span_id")
        or span_id_of(span.span_id, trace_ids[span.trace_id])
        for span in spans
    }

    def id_of_parent(span: OtelSpan) -> str | None:
        stated = stated_id(span, "opik.parent_span_id") if stated_id(span, "opik.trace_id") else None
        if stated or not span.parent_span_id:
            return stated
        here = ids.get((span.trace_id, span.parent_span_id))
        return here or span_id_of(span.parent_span_id, trace_ids[span.trace_id])

    return [
        _Placed(
            otel=span,
            id=ids[span.trace_id, span.span_id],
            trace_id=stated_id(span, "opik.trace_id") or trace_ids[span.trace_id],
            parent_span_id=id_of_parent(span),
            facts=facts_of(span),
        )
        for span in spans
    ]


def _counted_once(spans: Iterable[_Placed]) -> list[_Placed]:
    """Usage only where it arose. Some instrumentations add up on a span what its children have used (Opik's contract);
    the sums of such a span go to its metadata, as far as its children are at hand."""
    spans = list(spans)
    summed = {span.parent_span_id for span in spans if span.facts.usage}
    return [_without_usage(span) if span.id in summed and span.facts.usage else span for span in spans]


def _without_usage(span: _Placed) -> _Placed:
    facts = replace(span.facts, usage={}, metadata={**span.facts.metadata, "usage": span.facts.usage})
    return replace(span, facts=facts)


def _span(span: _Placed, columns: Mapping[str, Any]) -> Span:
    return Span(
        id=span.id,
        trace_id=span.trace_id,
        parent_span_id=span.parent_span_id,
        type=span.facts.type,
        model=span.facts.model,
        provider=span.facts.provider,
        usage=span.facts.usage,
        total_estimated_cost=span.facts.cost,
        **columns,
    )


def _columns(span: _Placed, destination: Destination) -> dict[str, Any]:
    """What a root span and its trace share. The stamp is a time of the span, so that sending it again changes nothing
    and a span that has ended replaces the same one under way."""
    otel, facts = span.otel, span.facts
    input, output, metadata = map(payload_of, (facts.input, facts.output, facts.metadata | _context(otel)))
    return {
        "workspace_id": destination.workspace_id,
        "project_id": destination.project_id,
        "start_time": otel.start_time,
        "end_time": otel.end_time or None,
        "name": otel.name,
        "input": input,
        "output": output,
        "metadata": metadata,
        "tags": facts.tags,
        "error_info": _error_info(otel),
        "ttft": facts.ttft,
        "source": "sdk",
        "environment": facts.environment,
        "created_at": destination.now,
        "created_by": destination.user_name,
        "last_updated_at": destination.now,
        "last_updated_by": destination.user_name,
        "create_stamp": (otel.end_time or otel.start_time) // 1000,
        "payload_bytes": payload_bytes(input, output, metadata),
    }


def _context(span: OtelSpan) -> Payload:
    """What OpenTelemetry knows besides attributes, as metadata."""
    origin = span.origin
    context: Payload = {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "scope": _present(name=origin.scope_name, version=origin.scope_version),
        "resource": origin.resource,
        "events": [_event(event) for event in span.events],
        "links": [_link(link) for link in span.links],
    }
    return _present(integration=origin.scope_name, opentelemetry=_present(**context))


def _event(event: OtelEvent) -> Payload:
    return _present(name=event.name, time=format_ns(event.time), attributes=event.attributes)


def _link(link: OtelLink) -> Payload:
    return _present(trace_id=link.trace_id, span_id=link.span_id, attributes=link.attributes)


def _present(**members: object) -> Payload:
    return {name: value for name, value in members.items() if value}


def _error_info(span: OtelSpan) -> str | None:
    """Opik's contract: a span whose status is an error has the details of its last exception event."""
    if not span.failed:
        return None
    exceptions = [event.attributes for event in span.events if event.name == "exception"]
    exception = exceptions[-1] if exceptions else {}
    type = exception.get("exception.type") or span.attributes.get("error.type") or _NO_EXCEPTION
    message = exception.get("exception.message") or span.status_message
    return payload_of(
        {
            "exception_type": str(type),
            "message": str(message),
            "traceback": str(exception.get("exception.stacktrace") or message),
        }
    )
