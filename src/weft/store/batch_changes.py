"""One patch for many traces, spans or threads, with what became of each of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from weft.errors import NotFound, TagLimitExceeded, WeftError
from weft.model.merge import Patch, merge_patch
from weft.model.outcome import Outcome
from weft.model.span import Span
from weft.model.thread import Thread, tagged
from weft.model.trace import Trace
from weft.store.changes import Table, set_patched_span, set_patched_trace
from weft.store.unit_of_work import RowSet, UnitOfWork

Row = TypeVar("Row", Trace, Span, Thread)
Recorded = TypeVar("Recorded", Trace, Span)


@dataclass(frozen=True)
class PatchMany:
    """What does not exist is skipped. One patch that breaks a rule stops them all, unless `each_alone`."""

    table: Literal["traces", "spans", "threads"]
    workspace_id: str
    ids: Sequence[str]
    patch: Patch
    each_alone: bool = False

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        if self.table == "threads":
            return {}
        in_thread = self.patch.values.get("thread_id")
        return {self.table: self.ids, "threads": [in_thread] if isinstance(in_thread, str) else []}

    def apply(self, unit: UnitOfWork) -> list[Outcome]:
        """One outcome for each of the ids, in their order."""
        match self.table:
            case "traces":
                return self._merge(unit.traces, lambda trace: set_patched_trace(unit, trace, self.patch))
            case "spans":
                return self._merge(unit.spans, lambda span: set_patched_span(unit, span))
            case "threads":
                threads = {thread.id: thread for thread in unit.threads_of(self.workspace_id, self.ids)}
                return self._patch("Thread", lambda id: _one(threads.get(id)), tagged, unit.threads.set)

    def _merge(self, rows: RowSet[Recorded], put: Callable[[Recorded], None]) -> list[Outcome]:
        entity = self.table.removesuffix("s").capitalize()
        return self._patch(entity, lambda id: rows.of_id(self.workspace_id, id), merge_patch, put)

    def _patch(
        self,
        entity: str,
        stored: Callable[[str], list[Row]],
        patched: Callable[[Row, Patch], Row],
        put: Callable[[Row], None],
    ) -> list[Outcome]:
        rows: list[Row] = []
        errors: dict[str, WeftError] = {}
        for id in dict.fromkeys(self.ids):
            found = stored(id)
            if not found:
                errors[id] = NotFound(entity=f"{entity} id", id=id)
            try:
                rows += [patched(row, self.patch) for row in found]
            except TagLimitExceeded as error:
                if not self.each_alone:
                    raise
                errors[id] = error
        for row in rows:
            put(row)
        return [Outcome(id, errors.get(id)) for id in self.ids]


def _one(thread: Thread | None) -> list[Thread]:
    return [] if thread is None else [thread]
