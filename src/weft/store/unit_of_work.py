"""The rows that a group of writes works on: loaded once, changed in memory, written back in one go."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import partial
from operator import attrgetter
from typing import Generic, TypeVar

import msgspec

from weft.model.attachment import Attachment
from weft.model.comment import Comment
from weft.model.feedback_score import FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.span import Span
from weft.model.thread import Thread, first_thread, touched
from weft.model.trace import Trace
from weft.store.columns import columns_of
from weft.store.contract import Scope
from weft.store.engine import KEYS, Key, Params, Rows, Transaction
from weft.store.ever_seen import SCORES
from weft.store.seen_ids import SeenIds
from weft.store.statements import Statements

Row = TypeVar("Row", Trace, Span, FeedbackScore, Thread, Comment, Attachment, Guardrail)

_encode = msgspec.json.Encoder().encode


class RowSet(Generic[Row]):
    """The rows of one table that a unit of work has read or changed. Rows are found by id or by their whole key."""

    def __init__(
        self, table: str, id_column: str, load: Callable[[list[str]], list[Row]], seen: SeenIds | None = None
    ) -> None:
        self.table = table
        self._seen = seen
        self._id_of: Callable[[Row], str] = attrgetter(id_column)
        self._key_of: Callable[[Row], Key] = attrgetter(*KEYS[table])
        self._load: Callable[[list[str]], list[Row]] = load
        self._by_id: dict[str, dict[Key, Row]] = defaultdict(dict)
        self._loaded: set[str] = set()
        self._stored: set[Key] = set()
        self._changed: dict[Key, Row] = {}

    def load(self, ids: Iterable[str]) -> None:
        """Reads the rows of these ids, of whatever workspace and project, unless that is done already."""
        missing = [id for id in dict.fromkeys(ids) if id not in self._loaded]
        if not missing:
            return
        for row in self._load(missing):
            self._by_id[self._id_of(row)][self._key_of(row)] = row
            self._stored.add(self._key_of(row))
        self._loaded.update(missing)

    def get(self, id: str, key: Key) -> Row | None:
        """The current row with this key, of which the id is a part."""
        return self._by_id[id].get(key)

    def same_as(self, row: Row) -> Row | None:
        """The current row with the key of this one."""
        return self.get(self._id_of(row), self._key_of(row))

    def of_id(self, workspace_id: str, id: str) -> list[Row]:
        """The current rows of an id in a workspace; an id may live in several projects."""
        return [row for row in self._by_id[id].values() if row.workspace_id == workspace_id]

    def set(self, row: Row) -> None:
        key = self._key_of(row)
        self._by_id[self._id_of(row)][key] = row
        self._changed[key] = row

    @property
    def changed(self) -> Collection[Row]:
        """Since the last call of `take_changes`."""
        return self._changed.values()

    def take_changes(self, finish: Callable[[Row], Row] | None = None) -> tuple[list[str], dict[Key, str]]:
        """What has changed since the last call, encoded: rows to insert, and rows that replace stored ones by key."""
        if self._seen is not None:
            self._seen.add(self._id_of(row) for row in self._changed.values())
        inserted: list[str] = []
        replaced: dict[Key, str] = {}
        for key, row in self._changed.items():
            line = _encode(finish(row) if finish else row).decode()
            if key in self._stored:
                replaced[key] = line
            else:
                inserted.append(line)
        self._stored.update(self._changed)
        self._changed.clear()
        return inserted, replaced

    def forget(self) -> None:
        """Drops everything read, after a statement has changed the table behind this object's back."""
        assert not self._changed
        self._by_id.clear()
        self._loaded.clear()
        self._stored.clear()


class UnitOfWork:
    """Lives for one transaction. `price` completes a span's cost once all that is known of it is merged. `freed` are
    the places of attachments that no row refers to once the transaction is committed."""

    def __init__(self, transaction: Transaction, statements: Statements, price: Callable[[Span], Span]) -> None:
        self._transaction = transaction
        self._statements = statements
        self._price = price
        seen, loads = transaction.seen, partial(_loader, transaction, statements)
        self.traces = RowSet("traces", "id", loads(Trace, "traces"), seen.get("traces"))
        self.spans = RowSet("spans", "id", loads(Span, "spans"), seen.get("spans"))
        self.scores = RowSet("feedback_scores", "entity_id", loads(FeedbackScore, "scores"))
        self.threads = RowSet("threads", "thread_id", loads(Thread, "threads"))
        self.comments = RowSet("comments", "id", loads(Comment, "comments"))
        self.attachments = RowSet("attachments", "entity_id", loads(Attachment, "attachments"))
        self.guardrails = RowSet("guardrails", "entity_id", loads(Guardrail, "guardrails"))
        self.freed: list[str] = []

    def touch_thread(self, trace: Trace, at: int) -> None:
        """A trace has come to its thread, if it has one. `at` is in microseconds since the epoch."""
        if trace.thread_id is not None:
            self.threads.load([trace.thread_id])
            stored = self.threads.get(trace.thread_id, (trace.workspace_id, trace.project_id, trace.thread_id))
            self.threads.set(touched(stored, trace, at) if stored else first_thread(trace, trace.thread_id, at))

    def threads_of(self, workspace_id: str, ids: Iterable[str]) -> list[Thread]:
        """The threads of these model ids that there are."""
        wanted = frozenset(ids)
        rows = self.read("thread_ids_of", {"workspace_id": workspace_id, "ids": sorted(wanted)})
        thread_ids = [thread_id for (thread_id,) in rows]
        self.threads.load(thread_ids)
        found = [thread for thread_id in thread_ids for thread in self.threads.of_id(workspace_id, thread_id)]
        return [thread for thread in found if thread.id in wanted]

    def read(self, statement: str, params: Params) -> Rows:
        """The rows of a statement, which sees what was changed before it."""
        self.flush()
        return self._transaction.read(self._statements[statement], params)

    def execute(self, statement: str, params: Params) -> None:
        """Runs a statement that changes stored rows, after what was changed before it."""
        self.flush()
        self._execute(statement, params)
        self.traces.forget()
        self.spans.forget()
        self.scores.forget()
        self.threads.forget()
        self.comments.forget()
        self.attachments.forget()
        self.guardrails.forget()

    def free(self, statement: str, params: Params) -> None:
        """Notes the places that a statement finds, of attachments that are about to be deleted."""
        self.freed += [place for (place,) in self.read(statement, params)]

    def drop_attachments(self, params: Params) -> None:
        """Deletes attachments of one entity by name, and nothing else, so that all other rows stay known."""
        self.free("places_of_attachments", params)
        self._execute("delete_attachments", params)
        self.attachments.forget()

    def flush(self) -> None:
        self._tell_of_rare_rows()
        self._tell_of_usage_keys()
        self._put(self.traces)
        self._put(self.spans, self._price)
        self._put(self.scores)
        self._put(self.threads)
        self._put(self.comments)
        self._put(self.attachments)
        self._put(self.guardrails)

    def _tell_of_rare_rows(self) -> None:
        if (rare := self._transaction.rare) is None:
            return
        for score in self.scores.changed:
            rare.add(Scope(score.workspace_id, score.project_id), [SCORES[score.entity_type]])
        for comment in self.comments.changed:
            rare.add(Scope(comment.workspace_id, comment.project_id), ["comments"])
        for guardrail in self.guardrails.changed:
            rare.add(Scope(guardrail.workspace_id, guardrail.project_id), ["guardrails"])

    def _tell_of_usage_keys(self) -> None:
        if (keys := self._transaction.usage_keys) is None:
            return
        for span in self.spans.changed:
            if span.usage:
                keys.add(Scope(span.workspace_id, span.project_id), span.usage)

    def _put(self, rows: RowSet[Row], finish: Callable[[Row], Row] | None = None) -> None:
        if not rows.changed:
            return
        if recall := self._transaction.recall:
            recall.touch(row.project_id for row in rows.changed)
        self._transaction.put(rows.table, *rows.take_changes(finish))

    def _execute(self, statement: str, params: Params) -> None:
        """Without a project, a statement changes rows of any."""
        if recall := self._transaction.recall:
            project_id = params.get("project_id")
            recall.touch([str(project_id) if project_id else None])
        self._transaction.execute(self._statements[statement], params)


def _loader(
    transaction: Transaction, statements: Statements, row: type[Row], noun: str
) -> Callable[[list[str]], list[Row]]:
    """Knows nothing of the unit of work, so that a unit's rows are freed with it and need no garbage collector."""
    seen = transaction.seen.get(noun)
    load = statements[f"load_{noun}"].replace("{columns}", columns_of(row))
    known = statements.get(f"known_{noun}")

    def rows_of(ids: list[str]) -> list[Row]:
        stored, unsure = seen.sort(ids) if seen else ([], ids)
        if known and len(unsure) > 1:
            # Threads have no such statement: most that traces come to are stored, and their rows are narrow.
            unsure = [id for (id,) in transaction.read(known, {"ids": unsure})]
        stored += unsure
        return [row(*values) for values in transaction.read(load, {"ids": stored})] if stored else []

    return rows_of
