"""What most projects have none of. One small question saves reading each of them in vain."""

from typing import Literal

from weft.store.contract import Scope
from weft.store.database import Database

RareTable = Literal["comments", "guardrails", "trace_scores", "span_scores"]


async def rare_tables(db: Database, scope: Scope) -> frozenset[RareTable]:
    """Which of them this project has."""
    return frozenset(table for (table,) in await db.run("rare_tables", scope._asdict()))
