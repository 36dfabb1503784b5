"""The one writer's transaction. Rows enter as lines of JSON: the quickest way in that needs no further library."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import duckdb
from duckdb import DuckDBPyConnection

from weft.store.duckdb.copying import text_literal
from weft.store.duckdb.errors import store_errors
from weft.store.duckdb.parsing import Parser
from weft.store.duckdb.search_words import BLOCK_ROWS, SEARCHED, Blocks
from weft.store.engine import KEYS, Key, Params, Rows, Transaction
from weft.store.ever_seen import EverSeen, RareRow
from weft.store.recall import Recall
from weft.store.seen_ids import SeenIds

T = TypeVar("T")

STATEMENT_CHARACTERS = 16_000_000

# Up to so many characters, rows are quicker as literals of a prepared statement: planning an insert takes 7 ms, and
# reading literals about 1 ms for every 50,000 characters more than reading parameters.
PREPARED_CHARACTERS = 200_000

# Up to so many rows are quicker deleted one by one (1 ms each) than by a join with the list of their keys (3 ms).
FEW_KEYS = 3


class DuckDBTransaction:
    """One transaction at a time on the writer's own cursor."""

    def __init__(self, cursor: DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._parse = Parser(cursor)
        self.blocks = Blocks(cursor)
        self.rare: EverSeen[RareRow] | None = EverSeen()
        self.usage_keys: EverSeen[str] | None = EverSeen()
        self.recall = Recall()
        self.seen: Mapping[str, SeenIds] = {table: SeenIds(_newest_id(cursor, table)) for table in ("traces", "spans")}
        columns = _columns(cursor)
        self._inserts = {table: _insert_statement(table, columns[table]) for table in KEYS}
        self._prepared: set[str] = set()
        self._delete_one = {table: _delete_statement(table, columns[table]) for table in KEYS}
        self._delete_many = {table: _delete_many_statement(table, columns[table]) for table in KEYS}

    def run(self, work: Callable[[Transaction], T]) -> T:
        with store_errors():
            self.execute("BEGIN TRANSACTION", {})
            try:
                result = work(self)
                self.execute("COMMIT", {})
            except BaseException:
                self._roll_back()
                raise
            finally:
                self.blocks.settle()
                self.recall.settle()
            return result

    def read(self, sql: str, params: Params) -> Rows:
        return self._cursor.execute(*self._parse(sql, params)).fetchall()

    def execute(self, sql: str, params: Params) -> None:
        self._cursor.execute(*self._parse(sql, params))

    def put(self, table: str, inserted: Sequence[str], replaced: Mapping[Key, str]) -> None:
        self._delete(table, list(replaced))
        for lines in _slices([*inserted, *replaced.values()]):
            self._insert(table, lines)

    def _delete(self, table: str, keys: Sequence[Key]) -> None:
        if len(keys) > FEW_KEYS:
            columns = zip(KEYS[table], zip(*keys, strict=True), strict=True)
            self.execute(self._delete_many[table], {name: list(values) for name, values in columns})
            return
        for key in keys:
            self.execute(self._delete_one[table], dict(zip(KEYS[table], key, strict=True)))

    def _insert(self, table: str, lines: Sequence[str]) -> None:
        block = {"block": self.blocks.take(len(lines))} if table in SEARCHED else {}
        if sum(map(len, lines)) > PREPARED_CHARACTERS:
            self.execute(self._inserts[table], {"lines": lines, **block})
            return
        if table not in self._prepared:
            self._cursor.execute(f"PREPARE insert_{table} AS {self._inserts[table]}")
            self._prepared.add(table)
        values = [f"lines := [{', '.join(map(text_literal, lines))}]", *(f"block := {n}" for n in block.values())]
        self._cursor.execute(f"EXECUTE insert_{table}({', '.join(values)})")

    def close(self) -> None:
        self._cursor.close()

    def _roll_back(self) -> None:
        try:
            self._cursor.execute("ROLLBACK")
        except duckdb.Error:
            # A failed commit has ended the transaction already.
            return


def _slices(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """Lines in groups that fit a block, and that DuckDB can take apart without much memory: several times their size
    while it does."""
    start = characters = 0
    for at, line in enumerate(lines):
        if at > start and (characters + len(line) > STATEMENT_CHARACTERS or at - start == BLOCK_ROWS):
            yield lines[start:at]
            start, characters = at, 0
        characters += len(line)
    if start < len(lines):
        yield lines[start:]


def _newest_id(cursor: DuckDBPyConnection, table: str) -> str:
    ((newest,),) = cursor.execute(f"SELECT CAST(max(id) AS VARCHAR) FROM {table}").fetchall()
    return newest or ""


class _Column(NamedTuple):
    name: str
    type: str
    default: str | None


def _columns(cursor: DuckDBPyConnection) -> dict[str, list[_Column]]:
    """By table."""
    found = cursor.execute(
        "SELECT table_name, column_name, data_type, column_default FROM duckdb_columns()"
        " WHERE database_name = current_database() AND column_name <> 'block' ORDER BY column_index"
    ).fetchall()
    return {table: [_Column(*column) for name, *column in found if name == table] for table in KEYS}


def _insert_statement(table: str, columns: Sequence[_Column]) -> str:
    """Rows come as a list of JSON texts; a column that a row does not name takes the table's default."""
    values = [f"coalesce(r.{c.name}, {c.default})" if c.default else f"r.{c.name}" for c in columns]
    names = [c.name for c in columns]
    if table in SEARCHED:
        names, values = [*names, "block"], [*values, "CAST($block AS INTEGER)"]
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM ({_rows(columns)})"


def _delete_statement(table: str, columns: Sequence[_Column]) -> str:
    same = [f"{key.name} = CAST(${key.name} AS {key.type})" for key in _key_columns(table, columns)]
    return f"DELETE FROM {table} WHERE {' AND '.join(same)}"


def _delete_many_statement(table: str, columns: Sequence[_Column]) -> str:
    """Each parameter is a list: the values of one column of the keys."""
    keys = _key_columns(table, columns)
    lists = [f"unnest(CAST(${key.name} AS {key.type}[])) AS {key.name}" for key in keys]
    same = [f"t.{key.name} = k.{key.name}" for key in keys]
    return f"DELETE FROM {table} AS t USING (SELECT {', '.join(lists)}) AS k WHERE {' AND '.join(same)}"


def _key_columns(table: str, columns: Sequence[_Column]) -> list[_Column]:
    return [column for column in columns if column.name in KEYS[table]]


def _rows(columns: Sequence[_Column]) -> str:
    structure = json.dumps({column.name: column.type for column in columns})
    return f"SELECT from_json(line, '{structure}') AS r FROM (SELECT unnest($lines::VARCHAR[]) AS line)"
