"""Runs named statements on a reader."""

from dataclasses import dataclass, replace

from weft.store.engine import Params, Reader, Rows
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

    def on(self, reader: Reader) -> "Database":
        """The same statements on another reader, such as a snapshot."""
        return replace(self, reader=reader)
