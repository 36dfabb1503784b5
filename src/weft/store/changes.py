"""What can be written, one class per kind of request. A change is applied whole or, if it raises, not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from msgspec.structs import replace

from weft.errors import NotFound, ProjectMismatch, SpanMismatch, TraceExists
from weft.model.feedback_score import FeedbackScore
from weft.model.merge import Patch, merge_create, merge_patch
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.contract import SpanParent, Target
from weft.store.lost_files import drop_lost_files
from weft.store.unit_of_work import RowSet, UnitOfWork

Row = TypeVar("Row", Trace, Span)
Table = Literal["traces", "spans", "scores", "threads", "comments", "attachments"]
T_co = TypeVar("T_co", covariant=True)


class Change(Protocol[T_co]):
    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        """The ids that `apply` looks at, so that a group of changes can read them together."""

    def apply(self, unit: UnitOfWork) -> T_co:
        """Raises before the first change, or not at all. What it returns is for whoever asked for the change."""


@dataclass(frozen=True)
class PutTraces:
    traces: Sequence[Trace]

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"traces": [trace.id for trace in self.traces], "threads": _thread_ids(self.traces)}

    def apply(self, unit: UnitOfWork) -> None:
        _create_traces(unit, self.traces)


@dataclass(frozen=True)
class PutSpans:
    spans: Sequence[Span]

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"spans": [span.id for span in self.spans]}

    def apply(self, unit: UnitOfWork) -> None:
        _merge_creates(unit, unit.spans, self.spans)


@dataclass(frozen=True)
class CreateTrace:
    trace: Trace

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"traces": [self.trace.id], "threads": _thread_ids([self.trace])}

    def apply(self, unit: UnitOfWork) -> None:
        if _repeated(unit.traces, self.trace, "trace"):
            raise TraceExists
        _create_traces(unit, [self.trace])


@dataclass(frozen=True)
class CreateSpan:
    """A repeated create of a span changes nothing and is no error (Opik's contract, H.1)."""

    span: Span

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"spans": [self.span.id]}

    def apply(self, unit: UnitOfWork) -> None:
        if not _repeated(unit.spans, self.span, "span"):
            _merge_creates(unit, unit.spans, [self.span])
        elif stored := unit.spans.same_as(self.span):
            drop_lost_files(unit, stored, self.span)


@dataclass(frozen=True)
class PatchTrace:
    target: Target
    patch: Patch

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"traces": [self.target.id]}

    def apply(self, unit: UnitOfWork) -> None:
        stored = _targeted(unit.traces, self.target, "trace")
        if stored is None:
            stored = Trace(
                self.target.workspace_id,
                self.target.project_id or self.target.default_project_id,
                self.target.id,
                created_at=self.patch.at,
                created_by=self.patch.by,
            )
        set_patched_trace(unit, merge_patch(stored, self.patch), self.patch)


@dataclass(frozen=True)
class PatchSpan:
    target: Target
    parent: SpanParent
    patch: Patch

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"spans": [self.target.id]}

    def apply(self, unit: UnitOfWork) -> None:
        stored = _targeted(unit.spans, self.target, "span")
        if stored is None:
            stored = Span(
                self.target.workspace_id,
                self.target.project_id or self.target.default_project_id,
                self.target.id,
                trace_id=self.parent.trace_id,
                parent_span_id=self.parent.parent_span_id,
                created_at=self.patch.at,
                created_by=self.patch.by,
            )
        else:
            stored = _under(stored, self.parent)
        set_patched_span(unit, merge_patch(stored, self.patch))


@dataclass(frozen=True)
class PutScores:
    scores: Sequence[FeedbackScore]

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"scores": [score.entity_id for score in self.scores]}

    def apply(self, unit: UnitOfWork) -> None:
        for score in self.scores:
            stored = unit.scores.same_as(score)
            if stored is not None:
                score = replace(score, created_at=stored.created_at, created_by=stored.created_by)
            unit.scores.set(score)


@dataclass(frozen=True)
class ScoreEntity:
    """Scores a trace or span that must exist, in its project."""

    score: FeedbackScore

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        table: Table = "traces" if self.score.entity_type == "trace" else "spans"
        return {table: [self.score.entity_id], "scores": [self.score.entity_id]}

    def apply(self, unit: UnitOfWork) -> None:
        score = self.score
        rows: RowSet[Trace] | RowSet[Span] = unit.traces if score.entity_type == "trace" else unit.spans
        scored = rows.of_id(score.workspace_id, score.entity_id)
        if not scored:
            raise NotFound(entity=f"{score.entity_type.capitalize()} id", id=score.entity_id)
        PutScores([replace(score, project_id=scored[0].project_id)]).apply(unit)


@dataclass(frozen=True)
class Execute:
    """Statements that change stored rows, in order, with the same parameters: deletions. The statements of `frees`
    are run before and find the places of attachments that go."""

    statements: Sequence[str]
    params: Mapping[str, object]
    frees: Sequence[str] = ()

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {}

    def apply(self, unit: UnitOfWork) -> None:
        for statement in self.frees:
            unit.free(statement, self.params)
        for statement in self.statements:
            unit.execute(statement, self.params)


def delete_traces(workspace_id: str, ids: Sequence[str], project_id: str | None) -> Execute:
    """Deletes traces with all that belongs to them, in one project or in all."""
    return Execute(
        (
            "delete_scores_of",
            "delete_span_scores_of_traces",
            "delete_comments_of",
            "delete_span_comments_of_traces",
            "delete_guardrails_of_traces",
            "delete_attachments_of",
            "delete_span_attachments_of_traces",
            "delete_spans_of_traces",
            "delete_traces",
        ),
        {"workspace_id": workspace_id, "ids": list(ids), "project_id": project_id or "", "entity_type": "trace"},
        frees=("places_of", "places_of_spans_of_traces"),
    )


def _create_traces(unit: UnitOfWork, created: Sequence[Trace]) -> None:
    _merge_creates(unit, unit.traces, created)
    for trace in created:
        merged = unit.traces.same_as(trace)
        assert merged is not None
        unit.touch_thread(merged, at=trace.created_at)


def set_patched_trace(unit: UnitOfWork, trace: Trace, patch: Patch) -> None:
    """Only a patch that names a thread is news to it."""
    stored = unit.traces.same_as(trace)
    unit.traces.set(trace)
    drop_lost_files(unit, trace, stored)
    if "thread_id" in patch.values:
        unit.touch_thread(trace, at=patch.at)


def set_patched_span(unit: UnitOfWork, span: Span) -> None:
    stored = unit.spans.same_as(span)
    unit.spans.set(span)
    drop_lost_files(unit, span, stored)


def _thread_ids(traces: Iterable[Trace]) -> list[str]:
    return [trace.thread_id for trace in traces if trace.thread_id is not None]


def _merge_creates(unit: UnitOfWork, rows: RowSet[Row], created: Iterable[Row]) -> None:
    for row in created:
        stored = rows.same_as(row)
        merged = merge_create(stored, row)
        rows.set(merged)
        if stored is not None:
            drop_lost_files(unit, merged, stored, row)


def _repeated(rows: RowSet[Row], row: Row, entity: str) -> bool:
    """Whether a create of this id came before. One that ends what was only started is no repetition: the SDK sends the
    two of them when it does not batch. Raises ProjectMismatch if the id is known, but in another project."""
    stored = rows.same_as(row)
    if stored is None:
        if rows.of_id(row.workspace_id, row.id):
            raise ProjectMismatch(entity=entity)
        return False
    completes = stored.end_time is None and row.end_time is not None
    return stored.create_stamp is not None and not completes


def _targeted(rows: RowSet[Row], target: Target, entity: str) -> Row | None:
    known = rows.of_id(target.workspace_id, target.id)
    if target.project_id is None:
        return known[0] if known else None
    here = [row for row in known if row.project_id == target.project_id]
    if known and not here:
        raise ProjectMismatch(entity=entity)
    return here[0] if here else None


def _under(span: Span, parent: SpanParent) -> Span:
    """The span with the parent that a patch states, which must be its own unless it has none yet."""
    if span.trace_id != parent.trace_id:
        raise SpanMismatch(field="trace_id")
    if parent.parent_span_id is None or parent.parent_span_id == span.parent_span_id:
        return span
    if span.create_stamp is not None or span.parent_span_id is not None:
        raise SpanMismatch(field="parent_span_id")
    return replace(span, parent_span_id=parent.parent_span_id)
