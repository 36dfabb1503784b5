"""Runs named statements on a reader."""

from dataclasses import dataclass, replace

from weft.store.contract import Scope
from weft.store.engine import Params, Reader, Rows
from weft.store.rare_rows import RareRow
from weft.store.statements import Statements


@dataclass(frozen=True)
class Database:
    reader: Reader
    statements: Statements

    async def run(self, statement: str, params: Params, **slots: str) -> Rows:
        """All rows of a named statement. Slots are filled with SQL made from constants only (see `statements.py`)."""
        sql: str = self.statements[statement]
        for slot, text in slots.items():
            sql = sql.replace("{" + slot + "}", text)
        return await self.reader.read(sql, params)

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
