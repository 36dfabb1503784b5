"""Statements as DuckDB is quickest with them."""

import re
from functools import lru_cache
from typing import NamedTuple

from duckdb import DuckDBPyConnection, Statement

from weft.store.engine import Params
from weft.store.statements import bound

# To read the text of a statement takes DuckDB up to a millisecond. Long ones have long filters, and do not come again.
STATEMENTS_KEPT = 128
LONGEST_KEPT = 5_000

_OF_EACH = re.compile(r"IN \(SELECT weft_each(_id)?\(\$(\w+)\)\)")


class Executable(NamedTuple):
    """What a cursor executes, and with which parameters."""

    statement: Statement | str
    values: dict[str, object]


class Parser:
    """Reads each statement once, for cursors of any connection. `connection` does nothing else."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._read = lru_cache(STATEMENTS_KEPT)(connection.extract_statements)

    def __call__(self, sql: str, params: Params) -> Executable:
        sql, params = of_one(sql, params)
        if len(sql) > LONGEST_KEPT:
            return Executable(sql, bound(sql, params))
        (statement,) = self._read(sql)
        return Executable(statement, bound(sql, params))


def of_one(sql: str, params: Params) -> tuple[str, Params]:
    """A statement on each element of a list, as one on the only element if there is no other: planned in half the
    time, as comparing takes no join."""
    only = {f"only_{name}": value[0] for name, value in params.items() if isinstance(value, list) and len(value) == 1}
    if not only:
        return sql, params

    def comparison(match: re.Match[str]) -> str:
        of_ids, name = match.groups()
        if f"only_{name}" not in only:
            return match[0]
        return f"= weft_id($only_{name})" if of_ids else f"= $only_{name}"

    return _OF_EACH.sub(comparison, sql), {**params, **only}
