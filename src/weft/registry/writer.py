"""Writes go one after the other, and those that have gathered meanwhile go in one transaction: a commit costs the same
for one as for many, and writers that meet in SQLite would sleep and try again."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from weft.errors import StoreUnavailable

LOG = logging.getLogger("weft.registry")

Work = Callable[[Connection], Any]
Transaction = Callable[[Work], Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Any = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Pending:
    work: Work
    done: asyncio.Future[Any]

    def end(self, outcome: _Outcome) -> None:
        if self.done.cancelled():
            return
        if outcome.error is None:
            self.done.set_result(outcome.result)
        else:
            self.done.set_exception(outcome.error)


class Writer:
    """`transaction` does a work in one of its own, in a thread. Works may be done again when a transaction that had
    several of them fails, so they do nothing but work on the connection."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="registry-writer")
        self._waiting: list[_Pending] = []
        self._writing: asyncio.Task[None] | None = None
        self._closed = False

    def put(self, work: Work) -> asyncio.Future[Any]:
        """Done when the work is committed, or has failed and left nothing. Raises StoreUnavailable after the end."""
        if self._closed:
            raise StoreUnavailable(reason="registry: it is closed")
        pending = _Pending(work, asyncio.get_running_loop().create_future())
        self._waiting.append(pending)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return pending.done

    async def close(self) -> None:
        """After what was put."""
        self._closed = True
        if self._writing is not None:
            await self._writing
        await asyncio.to_thread(self._thread.shutdown)

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, []
            outcomes = await loop.run_in_executor(self._thread, self._write, [pending.work for pending in group])
            for pending, outcome in zip(group, outcomes, strict=True):
                pending.end(outcome)
        self._writing = None

    def _write(self, works: Sequence[Work]) -> Sequence[_Outcome]:
        if len(works) > 1:
            try:
                return list(self._transaction(lambda connection: [_beside_others(connection, work) for work in works]))
            except Exception:
                LOG.info("writes of the registry go one by one, as one of them failed", exc_info=True)
        return [self._alone(work) for work in works]

    def _alone(self, work: Work) -> _Outcome:
        try:
            return _Outcome(self._transaction(work))
        except Exception as error:
            return _Outcome(error=error)


def _beside_others(connection: Connection, work: Work) -> _Outcome:
    """What it has done is undone if it fails. Raises what may have broken the transaction."""
    try:
        with connection.begin_nested():
            return _Outcome(work(connection))
    except IntegrityError as error:
        return _Outcome(error=error)
    except DBAPIError:
        raise
    except Exception as error:
        return _Outcome(error=error)
