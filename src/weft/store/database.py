"""Runs named statements on a reader."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from weft.store.contract import Scope
from weft.store.engine import Params, Reader, Rows
from weft.store.rare_rows import RareRow
from weft.store.recall import Query
from weft.store.statements import Statements, bound


@dataclass(frozen=True)
class Database:
    reader: Reader
    statements: Statements

    async def run(self, statement: str, params: Params, **slots: str) -> Rows:
        """All rows of a named statement. Slots are filled with SQL made from constants only (see `statements.py`)."""
        return await self.reader.read(self._sql(statement, slots), params)

    async def recall(self, statement: str, params: Params, **slots: str) -> Rows:
        """As `run`, of a statement on one project alone: not run again before something is written to that."""
        sql, recall = self._sql(statement, slots), self.reader.recall
        if recall is None:
            return await self.reader.read(sql, params)
        query = Query(sql, repr(bound(sql, params)))
        state = recall.state(str(params["project_id"]))
        rows = recall.answer(query, state)
        if rows is None:
            rows = await self.reader.read(sql, params)
            recall.keep(query, state, rows)
        return rows

    def _sql(self, statement: str, slots: Mapping[str, str]) -> str:
        sql: str = self.statements[statement]
        for slot, text in slots.items():
            sql = sql.replace("{" + slot + "}", text)
        return sql

    async def rare_rows(self, scope: Scope) -> frozenset[RareRow]:
        """Which of them a project may have."""
        rare = self.reader.rare
        if rare is not None and (known := rare.of(scope)) is not None:
            return known
        found: frozenset[RareRow] = frozenset(row for (row,) in await self.run("rare_rows", scope._asdict()))
        return found if rare is None else rare.answer(scope, found)

    def on(self, reader: Reader) -> "Database":
        """The same statements on another reader, such as a snapshot."""
        return replace(self, reader=reader)
