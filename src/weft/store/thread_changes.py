"""Writes of threads. Rows are found by the client's own `thread_id`, which several projects may use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from weft.errors import NotFound, ThreadWithoutTraces
from weft.model.feedback_score import FeedbackScore
from weft.model.ids import id_time_ms, new_id
from weft.model.merge import Patch
from weft.model.thread import Thread, closed, new_thread, opened, tagged
from weft.store.changes import Execute, PutScores, Table, delete_traces
from weft.store.contract import Occasion, Scope, ThreadScore
from weft.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class OpenThread:
    scope: Scope
    thread_id: str
    occasion: Occasion

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"threads": [self.thread_id]}

    def apply(self, unit: UnitOfWork) -> None:
        thread = _stored_or_new(unit, self.scope, self.thread_id, self.occasion)
        unit.threads.set(opened(thread, *self.occasion))


@dataclass(frozen=True)
class CloseThreads:
    """Opik's contract, B.25: all of them or, if one has no traces, none."""

    scope: Scope
    thread_ids: Sequence[str]
    occasion: Occasion

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"threads": self.thread_ids}

    def apply(self, unit: UnitOfWork) -> None:
        params = self.scope._asdict() | {"thread_ids": list(self.thread_ids)}
        first_traces: dict[str, str] = dict(unit.read("first_traces_of_threads", params))
        missing = [id for id in self.thread_ids if id not in first_traces]
        if missing:
            raise ThreadWithoutTraces(ids=", ".join(missing))
        for thread_id, first_trace in first_traces.items():
            thread = _stored_or_new(unit, self.scope, thread_id, self.occasion, id_time_ms(first_trace))
            unit.threads.set(closed(thread, *self.occasion))


@dataclass(frozen=True)
class PatchThread:
    """The tags of one thread, by its model id."""

    workspace_id: str
    id: str
    patch: Patch

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {}

    def apply(self, unit: UnitOfWork) -> None:
        threads = unit.threads_of(self.workspace_id, [self.id])
        if not threads:
            raise NotFound(entity="Thread id", id=self.id)
        unit.threads.set(tagged(threads[0], self.patch))


@dataclass(frozen=True)
class ScoreThreads:
    """Scores by `thread_id`, whatever the status; a thread that is not there is made and stays as it is otherwise."""

    scores: Sequence[ThreadScore]

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {"threads": [thread_id for thread_id, _ in self.scores]}

    def apply(self, unit: UnitOfWork) -> None:
        put = PutScores([replace(score, entity_id=_scored(unit, thread_id, score)) for thread_id, score in self.scores])
        unit.scores.load(score.entity_id for score in put.scores)
        put.apply(unit)


@dataclass(frozen=True)
class DeleteThreads:
    """All traces of these threads, with what belongs to those, and the threads with their scores and comments."""

    scope: Scope
    thread_ids: Sequence[str]

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {}

    def apply(self, unit: UnitOfWork) -> None:
        params = self.scope._asdict() | {"thread_ids": list(self.thread_ids)}
        trace_ids = [id for (id,) in unit.read("trace_ids_of_threads", params)]
        delete_traces(self.scope.workspace_id, trace_ids, self.scope.project_id).apply(unit)
        Execute(("delete_scores_of_threads", "delete_comments_of_threads", "delete_threads"), params).apply(unit)


def _scored(unit: UnitOfWork, thread_id: str, score: FeedbackScore) -> str:
    """The model id of the thread that is scored."""
    scope = Scope(score.workspace_id, score.project_id)
    thread = _stored_or_new(unit, scope, thread_id, Occasion(score.created_at, score.created_by))
    if unit.threads.same_as(thread) is None:
        unit.threads.set(thread)
    return thread.id


def _stored_or_new(
    unit: UnitOfWork, scope: Scope, thread_id: str, occasion: Occasion, first_trace_ms: int | None = None
) -> Thread:
    """A new thread has the time of its first trace in its id, if it has one."""
    new = new_thread(*scope, thread_id, *occasion)
    stored = unit.threads.same_as(new)
    if stored is not None:
        return stored
    return new if first_trace_ms is None else replace(new, id=new_id(first_trace_ms))
