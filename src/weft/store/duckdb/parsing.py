"""Statements that come again are read once: to read the text of one takes DuckDB up to a millisecond."""

from functools import lru_cache

from duckdb import DuckDBPyConnection, Statement

STATEMENTS_KEPT = 128
LONGEST_KEPT = 5_000  # characters: long statements have long filters, and do not come again


class Parsed:
    """By their text, for cursors of any connection. `connection` only reads them."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._read = lru_cache(STATEMENTS_KEPT)(connection.extract_statements)

    def __call__(self, sql: str) -> Statement | str:
        """What a cursor executes for one statement."""
        if len(sql) > LONGEST_KEPT:
            return sql
        (statement,) = self._read(sql)
        return statement
