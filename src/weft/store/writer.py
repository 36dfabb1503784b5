"""One writer with group commit: what has gathered while a transaction ran goes into the next one, together.

A commit costs the same for one change as for a thousand, so many small requests are as cheap as one large.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from weft.errors import WeftError
from weft.model.span import Span
from weft.store.changes import Change, Table
from weft.store.engine import Engine, Transaction
from weft.store.statements import Statements
from weft.store.unit_of_work import UnitOfWork

MAX_GROUP = 64

T = TypeVar("T")


# Deletes the bytes at some places, which no row refers to any more. It must not raise.
Free = Callable[[Sequence[str]], Awaitable[None]]


async def keep_bytes(places: Sequence[str]) -> None:
    """For a store whose attachments are elsewhere."""


class _Pending(NamedTuple):
    change: Change[Any]
    done: asyncio.Future[Any]


class Writer:
    """Applies changes in the order of `apply` calls; each is durable, or has raised and left nothing, on return. What
    a change returns is then returned."""

    def __init__(
        self, engine: Engine, statements: Statements, price: Callable[[Span], Span], free: Free = keep_bytes
    ) -> None:
        self._engine = engine
        self._statements = statements
        self._price = price
        self._free = free
        self._waiting: list[_Pending] = []
        self._task: asyncio.Task[None] | None = None

    async def apply(self, change: Change[T]) -> T:
        pending = _Pending(change, asyncio.get_running_loop().create_future())
        self._waiting.append(pending)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        await asyncio.wait({pending.done})  # which, unlike await, leaves the future alone if the caller is cancelled
        outcome: T = pending.done.result()
        return outcome

    async def close(self) -> None:
        """Waits for what has been handed in."""
        if self._task is not None:
            await self._task

    async def _drain(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
            await self._commit(group)

    async def _commit(self, group: Sequence[_Pending]) -> None:
        try:
            outcomes, freed = await self._engine.write(lambda transaction: self._apply_all(group, transaction))
        except Exception as error:
            await self._commit_one_by_one(group, error)
            return
        if freed:
            await self._free(freed)
        for pending, outcome in zip(group, outcomes, strict=True):
            _resolve(pending, outcome)

    async def _commit_one_by_one(self, group: Sequence[_Pending], error: Exception) -> None:
        """A failure that is not of one change's own making fails only the change that brings it about."""
        if len(group) == 1:
            _resolve(group[0], error)
            return
        for pending in group:
            await self._commit([pending])

    def _apply_all(self, group: Sequence[_Pending], transaction: Transaction) -> tuple[list[object], list[str]]:
        """What came of each change, and the places of attachments that are free now."""
        unit = UnitOfWork(transaction, self._statements, self._price)
        each_reads = [{table: list(ids) for table, ids in pending.change.reads.items()} for pending in group]
        reads: dict[Table, list[str]] = defaultdict(list)
        for of_one in each_reads:
            for table, ids in of_one.items():
                reads[table] += ids
        _load(unit, reads)
        outcomes = [_apply(pending.change, of_one, unit) for pending, of_one in zip(group, each_reads, strict=True)]
        unit.flush()
        return outcomes, unit.freed


def _load(unit: UnitOfWork, reads: Mapping[Table, list[str]]) -> None:
    unit.traces.load(reads.get("traces", ()))
    unit.spans.load(reads.get("spans", ()))
    unit.scores.load(reads.get("scores", ()))
    unit.threads.load(reads.get("threads", ()))
    unit.attachments.load(reads.get("attachments", ()))
    unit.comments.load(reads.get("comments", ()))


def _apply(change: Change[T], reads: Mapping[Table, list[str]], unit: UnitOfWork) -> T | WeftError:
    """Reads once more what an earlier change of the group has made the unit forget."""
    _load(unit, reads)
    try:
        return change.apply(unit)
    except WeftError as error:
        return error


def _resolve(pending: _Pending, outcome: object) -> None:
    if isinstance(outcome, Exception):
        pending.done.set_exception(outcome)
        pending.done.exception()  # so that no one complains if whoever asked has left
    else:
        pending.done.set_result(outcome)
