"""What was recorded elsewhere or before, as this API shows it, on its way back in: a Weft extension."""

import hashlib
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from weft.api.auth import Caller
from weft.api.opik.wire.guardrails import GuardrailName, GuardrailResult
from weft.api.opik.wire.recorded import MAX_BATCH, check_version_7
from weft.api.opik.wire.scores import MAX_VALUE, ScoreSource
from weft.api.opik.wire.spans import SpanWrite
from weft.api.opik.wire.traces import TraceWrite
from weft.api.opik.wire.values import Instant, blank, instant_us
from weft.model.comment import Comment
from weft.model.feedback_score import EntityType, FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.ids import id_time_ms
from weft.model.restored import Restored
from weft.model.span import Span
from weft.model.thread import Thread
from weft.model.trace import Trace
from weft.store.contract import Scope

_NINE_DIGITS = Decimal("0.000000001")
_AUTHORS_APART_US = 1


class RestoredAuthorScore(Struct, kw_only=True):
    value: Decimal
    source: ScoreSource = "sdk"
    reason: str | None = None
    category_name: str | None = None
    author: str | None = None
    source_queue_id: UUID | None = None
    last_updated_at: Instant | None = None


class RestoredScore(RestoredAuthorScore, kw_only=True):
    """Folded, as it is shown: `value_by_author` tells them apart, in the order in which they were given."""

    name: str
    created_at: Instant | None = None
    created_by: str | None = None
    last_updated_by: str | None = None
    value_by_author: dict[str, RestoredAuthorScore] | None = None

    def violations(self, at: str) -> list[str]:
        wrong = [f"{at}name must not be blank"] if blank(self.name) else []
        if not all(score.value.is_finite() and abs(score.value) <= MAX_VALUE for score in (self, *self.of_authors())):
            wrong.append(f"{at}value must be from {-MAX_VALUE} to {MAX_VALUE}")
        return wrong

    def of_authors(self) -> Sequence[RestoredAuthorScore]:
        return list((self.value_by_author or {}).values()) or [self]

    def rows(self, scope: Scope, entity_type: EntityType, entity_id: str, stamps: "Stamps") -> Iterator[FeedbackScore]:
        """Who made and changed a score is told for all authors together. A microsecond between them keeps their
        order."""
        own = stamps.with_those_of(self)
        for place, score in enumerate(self.of_authors()):
            yield FeedbackScore(
                *scope,
                entity_type,
                entity_id,
                self.name,
                author=score.author or own.created_by,
                source_queue_id=str(score.source_queue_id or ""),
                value=score.value.quantize(_NINE_DIGITS, ROUND_HALF_UP),
                reason=score.reason,
                category_name=score.category_name,
                source=score.source,
                created_at=own.created_at + place * _AUTHORS_APART_US,
                created_by=own.created_by,
                last_updated_at=_stamp(score.last_updated_at, own.last_updated_at),
                last_updated_by=own.last_updated_by,
            )


class RestoredComment(Struct, kw_only=True):
    id: UUID
    text: str
    source_queue_id: UUID | None = None
    created_at: Instant | None = None
    created_by: str | None = None
    last_updated_at: Instant | None = None
    last_updated_by: str | None = None

    def comment(self, scope: Scope, entity_type: EntityType, entity_id: str, stamps: "Stamps") -> Comment:
        return Comment(
            *scope,
            entity_type,
            entity_id,
            str(self.id),
            text=self.text,
            source_queue_id=str(self.source_queue_id or ""),
            **stamps.with_those_of(self).columns(),
        )


class RestoredCheck(Struct, kw_only=True):
    name: GuardrailName
    result: GuardrailResult


class RestoredValidation(Struct, kw_only=True):
    span_id: UUID
    checks: list[RestoredCheck] = field(default_factory=list)


class RestoredTrace(TraceWrite, kw_only=True):
    created_at: Instant | None = None
    created_by: str | None = None
    last_updated_by: str | None = None
    feedback_scores: list[RestoredScore] | None = None
    comments: list[RestoredComment] | None = None
    guardrails_validations: list[RestoredValidation] | None = None

    def trace_of(self, scope: Scope, caller: Caller, stamps: "Stamps") -> Trace:
        row = self.trace(caller, stamps.created_at)
        return replace(row, project_id=scope.project_id, **stamps.with_those_of(self).columns())

    def guardrails(self, scope: Scope, stamps: "Stamps") -> Iterator[Guardrail]:
        """The same results get the same ids each time."""
        own = stamps.with_those_of(self)
        for validation in self.guardrails_validations or ():
            for place, check in enumerate(validation.checks):
                yield Guardrail(
                    *scope,
                    str(self.id),
                    str(validation.span_id),
                    _derived_id(str(self.id), str(validation.span_id), str(place)),
                    check.name,
                    check.result,
                    created_at=own.created_at + place,
                    created_by=own.created_by,
                )


class RestoredSpan(SpanWrite, kw_only=True):
    created_at: Instant | None = None
    created_by: str | None = None
    last_updated_by: str | None = None
    feedback_scores: list[RestoredScore] | None = None
    comments: list[RestoredComment] | None = None
    total_estimated_cost_version: str | None = None

    def span_of(self, scope: Scope, caller: Caller, stamps: "Stamps") -> Span:
        """A cost of 0 is not shown: what could be priced and has no cost was said to be free."""
        row = self.span(caller, stamps.created_at)
        free = row.total_estimated_cost is None and row.usage and row.model
        return replace(
            row,
            project_id=scope.project_id,
            total_estimated_cost=Decimal(0) if free else row.total_estimated_cost,
            total_estimated_cost_version=self.total_estimated_cost_version,
            **stamps.with_those_of(self).columns(),
        )


class RestoredThread(Struct, kw_only=True):
    id: str
    thread_model_id: UUID
    created_at: Instant | None = None
    created_by: str | None = None
    last_updated_at: Instant | None = None
    last_updated_by: str | None = None
    feedback_scores: list[RestoredScore] | None = None
    comments: list[RestoredComment] | None = None
    status: Literal["active", "inactive"] = "active"
    tags: list[str] | None = None
    source: str | None = None
    environment: str | None = None

    def violations(self, at: str) -> list[str]:
        return [f"{at}id must not be blank"] if blank(self.id) else []

    def thread_of(self, scope: Scope, stamps: "Stamps") -> Thread:
        """One that is active counts as used now, one that is not as closed: when it was last used is not shown."""
        check_version_7(self.thread_model_id, "Thread")
        return Thread(
            *scope,
            self.id,
            id=str(self.thread_model_id),
            closed=self.status == "inactive",
            active_at=stamps.created_at,
            tags=list(dict.fromkeys(self.tags or ())),
            source=self.source,
            environment=self.environment,
            **stamps.with_those_of(self).columns(),
        )


class RestoreBody(Struct, kw_only=True):
    """Traces, spans and threads as a search shows them; what they do not say of themselves is said by the caller, now.
    A blank `project_name` is the default project, and those in the records are not looked at."""

    project_name: str | None = None
    traces: list[RestoredTrace] | None = None
    spans: list[RestoredSpan] | None = None
    threads: list[RestoredThread] | None = None

    def item_count(self) -> int:
        return len(self.traces or ()) + len(self.spans or ()) + len(self.threads or ())

    def violations(self) -> list[str]:
        each: dict[str, Sequence[RestoredTrace | RestoredSpan | RestoredThread]] = {
            "traces": self.traces or (),
            "spans": self.spans or (),
            "threads": self.threads or (),
        }
        if not 1 <= sum(map(len, each.values())) <= MAX_BATCH:
            return [f"traces, spans and threads must be between 1 and {MAX_BATCH}"]
        return [
            text
            for name, records in each.items()
            for place, record in enumerate(records)
            for text in _violations(record, f"{name}[{place}].")
        ]

    def restored(self, caller: Caller, now: int) -> Restored:
        """In no project yet. Raises InvalidId and InvalidValue."""
        scope = Scope(caller.workspace_id, "")
        stamps = Stamps(created_at=now, created_by=caller.user_name)
        traces = [record.trace_of(scope, caller, stamps) for record in self.traces or ()]
        spans = [record.span_of(scope, caller, stamps) for record in self.spans or ()]
        threads = [record.thread_of(scope, stamps) for record in self.threads or ()]
        said: list[tuple[EntityType, str, RestoredTrace | RestoredSpan | RestoredThread]] = [
            *(("trace", row.id, record) for row, record in zip(traces, self.traces or (), strict=True)),
            *(("span", row.id, record) for row, record in zip(spans, self.spans or (), strict=True)),
            *(("thread", row.id, record) for row, record in zip(threads, self.threads or (), strict=True)),
        ]
        return Restored(
            traces=traces,
            spans=spans,
            threads=threads,
            scores=[
                row
                for entity_type, id, record in said
                for score in record.feedback_scores or ()
                for row in score.rows(scope, entity_type, id, stamps)
            ],
            comments=[
                comment.comment(scope, entity_type, id, stamps)
                for entity_type, id, record in said
                for comment in record.comments or ()
            ],
            guardrails=[row for record in self.traces or () for row in record.guardrails(scope, stamps)],
        )


class Stamps(Struct, frozen=True, kw_only=True):
    """When something was made and changed, in microseconds since the epoch, and by whom."""

    created_at: int
    created_by: str
    last_updated_at: int = 0
    last_updated_by: str = ""

    def with_those_of(
        self, record: RestoredTrace | RestoredSpan | RestoredThread | RestoredScore | RestoredComment
    ) -> "Stamps":
        """Those that a record tells, and these for the others. Raises InvalidValue."""
        created_at = _stamp(record.created_at, self.created_at)
        created_by = record.created_by or self.created_by
        return Stamps(
            created_at=created_at,
            created_by=created_by,
            last_updated_at=_stamp(record.last_updated_at, created_at),
            last_updated_by=record.last_updated_by or created_by,
        )

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__struct_fields__}


def _stamp(text: Instant | None, otherwise: int) -> int:
    us = instant_us(text, "time stamp")
    return otherwise if us is None else us


def _violations(record: RestoredTrace | RestoredSpan | RestoredThread, at: str) -> list[str]:
    return [
        *([f"{at}id must not be null"] if record.id is None else []),
        *record.violations(at),
        *(
            text
            for place, score in enumerate(record.feedback_scores or ())
            for text in score.violations(f"{at}feedback_scores[{place}].")
        ),
    ]


def _derived_id(trace_id: str, *parts: str) -> str:
    """A version 7 id of the trace's time, the same for the same parts."""
    digest = int.from_bytes(hashlib.sha256("/".join((trace_id, *parts)).encode()).digest()[:10], "big")
    bits = (7 << 76) | ((digest >> 68) << 64) | (2 << 62) | (digest & ((1 << 62) - 1))
    return str(UUID(int=(id_time_ms(trace_id) << 80) | bits))
