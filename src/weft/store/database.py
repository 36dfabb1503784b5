"""Runs named statements on a reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypeVar

from weft.store.contract import Scope
from weft.store.engine import Params, Reader, Rows
from weft.store.ever_seen import FEW, EverSeen, RareRow
from weft.store.recall import Query
from weft.store.statements import Statements, bound

Item = TypeVar("Item")


class Known(NamedTuple):
    """The answer to a query, None if it is not known, and how to make it known to whoever asks next."""

    rows: Rows | None
    keep: Callable[[Rows], None]


@dataclass(frozen=True)
class Database:
    reader: Reader
    statements: Statements

    async def run(self, statement: str, params: Params, **slots: str) -> Rows:
        """All rows of a named statement. Slots are filled with SQL made from constants only (see `statements.py`)."""
        return await self.reader.read(self._sql(statement, slots), params)

    async def recall(self, statement: str, params: Params, **slots: str) -> Rows:
        """As `run`, of a statement on one project alone: not run again before something is written to that."""
        sql = self._sql(statement, slots)
        known = self._known(sql, params)
        if known.rows is not None:
            return known.rows
        rows = await self.reader.read(sql, params)
        known.keep(rows)
        return rows

    def known(self, statement: str, params: Params, **slots: str) -> Known:
        """What `recall` would answer without running the statement."""
        return self._known(self._sql(statement, slots), params)

    def _known(self, sql: str, params: Params) -> Known:
        recall = self.reader.recall
        if recall is None:
            return Known(None, lambda rows: None)
        query, state = Query(sql, repr(bound(sql, params))), recall.state(str(params["project_id"]))
        return Known(recall.answer(query, state), partial(recall.keep, query, state))

    def _sql(self, statement: str, slots: Mapping[str, str]) -> str:
        sql: str = self.statements[statement]
        for slot, text in slots.items():
            sql = sql.replace("{" + slot + "}", text)
        return sql

    async def rare_rows(self, scope: Scope) -> frozenset[RareRow]:
        """Which of them a project may have."""
        return await self._ever_seen(self.reader.rare, "rare_rows", scope)

    async def usage_keys(self, scope: Scope) -> frozenset[str] | None:
        """Those that spans of a project may have; None for too many to name."""
        keys = await self._ever_seen(self.reader.usage_keys, "usage_names", scope)
        return keys if len(keys) <= FEW else None

    async def _ever_seen(self, seen: EverSeen[Item] | None, statement: str, scope: Scope) -> frozenset[Item]:
        if seen is not None and (known := seen.of(scope)) is not None:
            return known
        found = [item for (item,) in await self.run(statement, scope._asdict())]
        return frozenset(found) if seen is None else seen.answer(scope, found)

    def on(self, reader: Reader) -> "Database":
        """The same statements on another reader, such as a snapshot."""
        return replace(self, reader=reader)
