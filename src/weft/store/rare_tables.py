"""Tables that most projects have no rows in. One small question saves reading each of them in vain."""

from typing import Literal

from weft.store.contract import Scope
from weft.store.database import Database

RareTable = Literal["comments", "guardrails"]


async def rare_tables(db: Database, scope: Scope) -> frozenset[RareTable]:
    """Which of them have rows of this project."""
    return frozenset(table for (table,) in await db.run("rare_tables", scope._asdict()))
