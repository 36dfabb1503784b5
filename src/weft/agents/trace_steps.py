"""Steps of a run that become spans of its trace, nested as they ran."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from msgspec.structs import replace

from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.merge import payload_bytes
from weft.model.payload import payload_of
from weft.model.span import Span
from weft.model.trace import Trace

Row = TypeVar("Row", Trace, Span)


@dataclass(slots=True)
class _Step:
    span: Span
    metadata: Mapping[str, object]
    told: bool = False


class TraceSteps:
    """Steps by the ids that LangChain gives them. `tell` gets a span when it begins and again when it ends.

    Whatever is below a step of an unknown id is below the trace itself. Payloads are JSON text.
    """

    def __init__(self, trace: Trace, tell: Callable[[Span], None]) -> None:
        self._trace = trace
        self._tell_span = tell
        self._open: dict[UUID, _Step] = {}
        self._folded: dict[UUID, _Step | None] = {}

    def fold(self, id: UUID, parent_id: UUID) -> None:
        """A step of no interest: what is below it is shown below its parent."""
        self._folded[id] = self._found(parent_id)

    def begin(
        self,
        id: UUID,
        parent_id: UUID | None,
        *,
        metadata: Mapping[str, object],
        idle: bool = False,
        **columns: Any,
    ) -> None:
        """An `idle` step is only shown if something comes of it, or is below it."""
        above = self._found(parent_id)
        now, stamp = time.time_ns(), now_us()
        span = Span(
            workspace_id=self._trace.workspace_id,
            project_id=self._trace.project_id,
            id=new_id(now // 1_000_000),
            trace_id=self._trace.id,
            parent_span_id=None if above is None else above.span.id,
            start_time=now,
            metadata=payload_of(metadata),
            source=self._trace.source,
            created_at=stamp,
            created_by=self._trace.created_by,
            last_updated_at=stamp,
            last_updated_by=self._trace.created_by,
            create_stamp=stamp,
            **columns,
        )
        step = self._open[id] = _Step(span, metadata)
        if not idle:
            self._tell(above)
            self._tell(step)

    def get(self, id: UUID) -> Span | None:
        """None if it is not open."""
        step = self._open.get(id)
        return None if step is None else step.span

    def first_token(self, id: UUID) -> bool:
        """False if there was one before."""
        step = self._open.get(id)
        if step is None or step.span.ttft is not None:
            return False
        step.span = replace(step.span, ttft=milliseconds_since(step.span.start_time))
        return True

    def end(self, id: UUID, *, metadata: Mapping[str, object] | None = None, **columns: Any) -> None:
        self._folded.pop(id, None)
        step = self._open.pop(id, None)
        if step is None:
            return
        given = {name: value for name, value in columns.items() if value}
        if step.told or metadata or given:
            all_metadata = payload_of({**step.metadata, **(metadata or {})})
            ended = replace(step.span, end_time=time.time_ns(), metadata=all_metadata, **stamps(step.span), **given)
            self._tell_span(sized(ended))

    def close(self) -> None:
        """Ends all that is open, the innermost first."""
        for id in reversed(list(self._open)):
            self.end(id)

    def _found(self, id: UUID | None) -> _Step | None:
        if id is None:
            return None
        return self._open.get(id) or self._folded.get(id)

    def _tell(self, step: _Step | None) -> None:
        if step is not None and not step.told:
            step.told = True
            self._tell_span(sized(step.span))


def stamps(row: Trace | Span) -> dict[str, int]:
    """Of a row that replaces this one, even if the clock was set back."""
    now = max(now_us(), row.last_updated_at)
    return {"last_updated_at": now, "create_stamp": now}


def sized(row: Row) -> Row:
    return replace(row, payload_bytes=payload_bytes(row.input, row.output, row.metadata))


def milliseconds_since(start: int) -> float:
    """`start` is in ns since the epoch."""
    return (time.time_ns() - start) / 1e6
