"""A span as OpenTelemetry sends it, whatever it was encoded in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.model.instants import MAX_NS

Attributes = Mapping[str, Any]

_TRACE_ID = re.compile(r"(?!0{32})[0-9a-f]{32}")
_SPAN_ID = re.compile(r"(?!0{16})[0-9a-f]{16}")
_NO_PARENT = "0" * 16


@dataclass(frozen=True, slots=True)
class OtelEvent:
    name: str
    time: int
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class OtelLink:
    trace_id: str
    span_id: str
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Origin:
    """What the spans of one instrumentation scope in one process have in common."""

    resource: Attributes = field(default_factory=dict)
    scope_name: str = ""
    scope_version: str = ""


@dataclass(frozen=True, slots=True)
class OtelSpan:
    """Ids are lower-case hex, the parent's empty if there is none; times are ns since the epoch, 0 if not known.

    Values of attributes are what JSON can hold: text, numbers (finite ones), booleans, lists, objects and None.
    """

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    start_time: int
    end_time: int
    attributes: Attributes
    events: tuple[OtelEvent, ...]
    links: tuple[OtelLink, ...]
    failed: bool
    status_message: str
    origin: Origin

    def flaw(self) -> str | None:
        """Why it cannot be recorded; None if it can."""
        if not _TRACE_ID.fullmatch(self.trace_id):
            return "a trace id is 16 bytes, not all of them 0"
        if not all(_SPAN_ID.fullmatch(id) for id in (self.span_id, self.parent_span_id or self.span_id)):
            return "a span id is 8 bytes, not all of them 0"
        if not 0 < self.start_time <= MAX_NS or not 0 <= self.end_time <= MAX_NS:
            return "a span starts and ends after 1970 and before 2262"
        return None


def parent_of(trace_id: str, parent_span_id: str) -> str:
    """Empty for zeros and for the id of the trace, with which some instrumentations say that there is no parent."""
    return "" if parent_span_id in (trace_id, _NO_PARENT) else parent_span_id
