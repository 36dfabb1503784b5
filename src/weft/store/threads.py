"""Queries on threads. What a thread shows of its traces is of those that are selected."""

from asyncio import gather
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from weft.errors import NotFound
from weft.model.feedback_score import EntityType
from weft.model.thread import Thread, ThreadRecord, ThreadTotals
from weft.store.columns import columns_of
from weft.store.comments import Comments, get_comments
from weft.store.contract import Scope, Selection
from weft.store.database import Database
from weft.store.scores import Folded, get_scores
from weft.store.selecting import selection_params

_FROM_SPANS = frozenset({"usage", "total_estimated_cost"})

_MESSAGES = {
    "first_message": "weft_first(q.input, q.start_time, q.id)",
    "last_message": "weft_last(q.output, q.end_time, q.id)",
}


@dataclass(frozen=True)
class _Threads:
    """As `records.Kind`, for rows whose `id` is not what their traces know them by."""

    entity_type: EntityType = "thread"
    find: str = "find_thread_ids"
    count: str = "count_threads"
    joined: frozenset[str] = frozenset({"thread_totals"})

    async def read(self, db: Database, selection: Selection, ids: Sequence[str]) -> list[ThreadRecord]:
        scope = Scope(selection.workspace_id, selection.project_id)
        rows = await db.run("get_threads", scope._asdict() | {"ids": list(ids)}, columns=columns_of(Thread))
        threads = {thread.id: thread for thread in (Thread(*row) for row in rows)}
        totals, scores, comments = await gather(
            _totals(db, selection, [thread.thread_id for thread in threads.values()]),
            _scores(db, scope, ids, selection.exclude),
            _comments(db, scope, ids, selection.exclude),
        )
        return [
            ThreadRecord(
                thread,
                active=not thread.closed and thread.active_at >= selection.active_since,
                totals=totals[thread.thread_id],
                scores=scores.get(thread.id, ()),
                comments=comments.get(thread.id, ()),
            )
            for thread in (threads[id] for id in ids if id in threads)
            if thread.thread_id in totals
        ]


THREADS = _Threads()


async def get_thread(db: Database, selection: Selection, thread_id: str) -> ThreadRecord:
    """Raises NotFound."""
    id = await thread_model_id(db, Scope(selection.workspace_id, selection.project_id), thread_id)
    records = [] if id is None else await THREADS.read(db, selection, [id])
    if not records:
        raise NotFound(entity="Trace Thread id", id=thread_id)
    return records[0]


async def thread_model_id(db: Database, scope: Scope, thread_id: str) -> str | None:
    rows = await db.run("thread_model_id", scope._asdict() | {"thread_id": thread_id})
    return rows[0][0] if rows else None


async def _totals(db: Database, selection: Selection, thread_ids: Sequence[str]) -> dict[str, ThreadTotals]:
    params = selection_params(selection, "thread") | {"thread_ids": list(thread_ids)}
    rows, spans = await gather(
        db.run("get_thread_totals", params, columns=_messages(selection), traces=selection.of_traces.sql),
        _span_totals(db, selection, params),
    )
    none = _SpanTotals({}, Decimal(0))
    totals = {thread_id: ThreadTotals(*values) for thread_id, *values in rows}
    return {
        thread_id: replace(
            of_thread,
            usage=spans.get(thread_id, none).usage,
            total_estimated_cost=spans.get(thread_id, none).cost,
        )
        for thread_id, of_thread in totals.items()
    }


def _messages(selection: Selection) -> str:
    shown = "weft_preview({message})" if selection.truncate else "{message}"
    columns = {name: shown.format(message=message) for name, message in _MESSAGES.items()}
    return ", ".join("NULL" if name in selection.exclude else sql for name, sql in columns.items())


class _SpanTotals(NamedTuple):
    usage: dict[str, int]
    cost: Decimal


async def _span_totals(db: Database, selection: Selection, params: Mapping[str, object]) -> dict[str, _SpanTotals]:
    if selection.exclude >= _FROM_SPANS:
        return {}
    usage: dict[str, dict[str, int]] = defaultdict(dict)
    costs: dict[str, Decimal] = {}
    for thread_id, key, count, cost in await db.run("get_thread_spans", params, traces=selection.of_traces.sql):
        if key is None:
            costs[thread_id] = cost or Decimal(0)
        else:
            usage[thread_id][key] = int(count)
    return {thread_id: _SpanTotals(dict(sorted(usage[thread_id].items())), cost) for thread_id, cost in costs.items()}


async def _scores(db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]) -> Folded:
    wanted = "feedback_scores" not in exclude and "thread_scores" in await db.rare_rows(scope)
    return await get_scores(db, scope, "thread", ids) if wanted else {}


async def _comments(db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]) -> Comments:
    wanted = "comments" not in exclude and "comments" in await db.rare_rows(scope)
    return await get_comments(db, scope, "thread", ids) if wanted else {}
