"""Puts back what was recorded elsewhere or before. What is stored and no older stays, so that twice is as once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from msgspec.structs import replace

from weft.model.comment import Comment
from weft.model.feedback_score import FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.restored import Restored
from weft.model.span import Span
from weft.model.thread import Thread, first_thread
from weft.model.trace import Trace
from weft.store.changes import Table
from weft.store.lost_files import drop_lost_files
from weft.store.unit_of_work import RowSet, UnitOfWork

Dated = TypeVar("Dated", Trace, Span, Thread, FeedbackScore, Comment)
Row = TypeVar("Row", Trace, Span)
OnEntity = TypeVar("OnEntity", FeedbackScore, Comment)


@dataclass(frozen=True)
class Restore:
    records: Restored

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        records = self.records
        of_traces = [trace.thread_id for trace in records.traces if trace.thread_id is not None]
        return {
            "traces": [trace.id for trace in records.traces],
            "spans": [span.id for span in records.spans],
            "threads": [thread.thread_id for thread in records.threads] + of_traces,
            "scores": [score.entity_id for score in records.scores],
            "comments": [comment.id for comment in records.comments],
        }

    def apply(self, unit: UnitOfWork) -> None:
        records = self.records
        _restore_rows(unit, unit.traces, records.traces)
        _restore_rows(unit, unit.spans, records.spans)
        moved = _restore_threads(unit, records.threads)
        _make_threads(unit, records.traces)
        scores = [_on(moved, score) for score in records.scores]
        unit.scores.load(score.entity_id for score in scores)
        for score in scores:
            _set_if_newer(unit.scores, score)
        for comment in records.comments:
            _set_if_newer(unit.comments, _on(moved, comment))
        _restore_guardrails(unit, records.guardrails)


def _is_newer(rows: RowSet[Dated], row: Dated) -> bool:
    stored = rows.same_as(row)
    return stored is None or stored.last_updated_at < row.last_updated_at


def _set_if_newer(rows: RowSet[Dated], row: Dated) -> None:
    if _is_newer(rows, row):
        rows.set(row)


def _restore_rows(unit: UnitOfWork, rows: RowSet[Row], restored: Sequence[Row]) -> None:
    for row in restored:
        stored = rows.same_as(row)
        if _is_newer(rows, row):
            rows.set(row)
            if stored is not None:
                drop_lost_files(unit, row, stored)


def _restore_threads(unit: UnitOfWork, threads: Sequence[Thread]) -> dict[str, str]:
    """The ids of those threads that are stored under another id, which they keep."""
    moved: dict[str, str] = {}
    for thread in threads:
        stored = unit.threads.same_as(thread)
        if stored is not None and stored.id != thread.id:
            moved[thread.id] = stored.id
        if _is_newer(unit.threads, thread):
            unit.threads.set(replace(thread, id=moved.get(thread.id, thread.id)))
    return moved


def _make_threads(unit: UnitOfWork, traces: Sequence[Trace]) -> None:
    """The threads of traces that came without them."""
    for trace in traces:
        if trace.thread_id is not None:
            thread = first_thread(trace, trace.thread_id, at=trace.created_at)
            if unit.threads.same_as(thread) is None:
                unit.threads.set(thread)


def _restore_guardrails(unit: UnitOfWork, guardrails: Sequence[Guardrail]) -> None:
    """Only where a trace has none: results carry no id by which to know them again."""
    unit.guardrails.load(guardrail.entity_id for guardrail in guardrails)
    checked = {
        guardrail.entity_id
        for guardrail in guardrails
        for stored in unit.guardrails.of_id(guardrail.workspace_id, guardrail.entity_id)
        if stored.project_id == guardrail.project_id
    }
    for guardrail in guardrails:
        if guardrail.entity_id not in checked:
            unit.guardrails.set(guardrail)


def _on(moved: Mapping[str, str], row: OnEntity) -> OnEntity:
    return replace(row, entity_id=moved[row.entity_id]) if row.entity_id in moved else row
