"""From OpenTelemetry's ids to ours, without remembering any but those of traces.

Opik's contract, G.7: an id has a time and, for its other bits, SHA-256 of the OpenTelemetry id. The time is that of the
trace for all of its spans, so that the id of a parent is known before the parent has come (decision 0014).
"""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from weft.core.otel.span import OtelSpan
from weft.model.ids import id_time_ms, is_version_7

_HASHED = (1 << 80) - 1
_VERSION = 0xF << 76
_VARIANT = 0b11 << 62


def id_of(otel_id: str, ms: int) -> str:
    """A version 7 UUID; `otel_id` is in hex, `ms` counts from the epoch."""
    hashed = int.from_bytes(sha256(bytes.fromhex(otel_id)).digest()[:10], "big")
    return str(UUID(int=(ms << 80) | (hashed & _HASHED & ~_VERSION & ~_VARIANT) | (7 << 76) | (2 << 62)))


def span_id_of(otel_id: str, trace_id: str) -> str:
    """`trace_id` is what the OpenTelemetry trace has become."""
    return id_of(otel_id, id_time_ms(trace_id))


def proposed_trace_ids(spans: Iterable[OtelSpan]) -> dict[str, str]:
    """For each OpenTelemetry trace, what it is to become if it has not been seen before.

    That is an id of its own, with the time of the earliest span at hand, unless its root says `opik.trace_id`: then all
    of it belongs to that trace.
    """
    earliest: dict[str, int] = {}
    attached: dict[str, str] = {}
    for span in spans:
        earliest[span.trace_id] = min(span.start_time, earliest.get(span.trace_id, span.start_time))
        stated = stated_id(span, "opik.trace_id")
        if stated and not span.parent_span_id:
            attached[span.trace_id] = stated
    return {id: attached.get(id) or id_of(id, start // 1_000_000) for id, start in earliest.items()}


def stated_id(span: OtelSpan, attribute: str) -> str | None:
    """One of our own ids that an attribute gives; None if it is no UUID of version 7."""
    text = span.attributes.get(attribute)
    if not isinstance(text, str):
        return None
    try:
        id = UUID(text)
    except ValueError:
        return None
    return str(id) if is_version_7(id) else None
