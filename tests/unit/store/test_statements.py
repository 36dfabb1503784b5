"""Every statement runs on every engine, and what the engines define has the same names."""

import asyncio
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from msgspec import Struct

from weft.model.attachment import Attachment
from weft.model.comment import Comment
from weft.model.feedback_score import FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.ids import LAST_ID, new_id
from weft.model.span import Span
from weft.model.thread import Thread
from weft.model.trace import Trace
from weft.store.clickhouse.engine import open_clickhouse
from weft.store.columns import columns_of
from weft.store.duckdb.engine import open_duckdb
from weft.store.engine import KEYS, Engine
from weft.store.statements import load_statements, parameters, script, split_statements

STATEMENTS = load_statements()
NOUNS: dict[str, type[Struct]] = {
    "traces": Trace,
    "spans": Span,
    "feedback_scores": FeedbackScore,
    "threads": Thread,
    "comments": Comment,
    "attachments": Attachment,
    "guardrails": Guardrail,
}
SLOTS = {"columns", "joins", "where", "order", "traces", "matching", "bucket", "usage", "total", "spans_of_threads"}
ENGINES = ("duckdb", "clickhouse")

PARAMS = {
    "workspace_id": "workspace",
    "project_id": new_id(),
    "id": new_id(),
    "ids": [new_id(), new_id()],
    "entity_type": "trace",
    "entity_id": new_id(),
    "from_id": new_id(),
    "to_id": LAST_ID,
    "before_id": LAST_ID,
    "limit": 10,
    "offset": 0,
    "source": "",
    "thread_only": 0,
    "sort_key": "total_tokens",
    "name": "quality",
    "type": "llm",
    "author": "",
    "source_queue_id": "",
    "thread_id": "thread",
    "thread_ids": ["thread"],
    "file_names": ["file"],
    "after_type": "trace",
    "after_id": new_id(),
    "after_name": "file",
    "names": ["quality"],
    "places": ["ab/cd"],
    "active_since": 0,
    "origin_ms": 0,
    "width_ms": 1000,
    "everywhere": 0,
    "before_us": 0,
    "hour_us": 0,
    "day_us": 0,
}


class Bench:
    """Both engines, and the loop that they live in."""

    def __init__(self, runner: asyncio.Runner, folder: Path, chdb_dsn: str) -> None:
        self._runner = runner
        duckdb = open_duckdb(folder / "weft.duckdb", memory_limit="1GB", reader_threads=1, query_timeout_s=30)
        clickhouse = open_clickhouse(
            chdb_dsn, database="statements", query_timeout_s=30, query_memory_bytes=10**9, reader_threads=1
        )
        self.engines: dict[str, Engine] = {"duckdb": runner.run(duckdb), "clickhouse": runner.run(clickhouse)}

    def execute(self, engine: str, sql: str) -> None:
        """A statement that reads or one that changes."""
        if sql.lstrip().upper().startswith("DELETE"):
            self._runner.run(self.engines[engine].write(lambda transaction: transaction.execute(sql, PARAMS)))
        else:
            self.read(engine, sql)

    def read(self, engine: str, sql: str) -> list[tuple[object, ...]]:
        return self._runner.run(self.engines[engine].read(sql, PARAMS))

    def close(self) -> None:
        for engine in self.engines.values():
            self._runner.run(engine.close())


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, chdb_dsn: str) -> Iterator[Bench]:
    with asyncio.Runner() as runner:
        bench = Bench(runner, tmp_path_factory.mktemp("duckdb"), chdb_dsn)
        yield bench
        bench.close()


def filled(name: str) -> str:
    """The statement with its slots filled; a join is put into the statement that it is for."""
    sql: str = STATEMENTS[name]
    joins: str = STATEMENTS["join_thread_totals"] if name == "find_thread_ids" else ""
    sql = sql.replace("{spans_of_threads}", STATEMENTS["spans_of_threads"])
    sql = sql.replace("{matching}", STATEMENTS["matching_traces"])
    if name.startswith("join_"):
        sql, joins = STATEMENTS["count_threads" if name.startswith("join_thread") else "count_traces"], sql
    table = re.search(r"FROM (\w+) AS t", sql)
    columns = columns_of(NOUNS[table[1]]) if table and "{bucket}" not in sql else "count(*)"
    slots = {"columns": columns, "joins": joins, "where": "true", "order": "t.id DESC", "traces": "true"}
    slots |= {"bucket": "weft_bucket(t.id, $origin_ms, $width_ms)", "usage": "", "total": "count(*) OVER ()"}
    for slot, text in slots.items():
        sql = sql.replace("{" + slot + "}", text)
    return sql


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_runs(bench: Bench, name: str, engine: str) -> None:
    bench.execute(engine, filled(name))


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_varies_only_in_its_slots_and_parameters(name: str) -> None:
    assert set(re.findall(r"{(\w+)}", STATEMENTS[name])) <= SLOTS
    assert set(parameters(STATEMENTS[name])) <= PARAMS.keys()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("table", NOUNS)
def test_the_fields_of_a_noun_are_the_columns_of_its_table(bench: Bench, table: str, engine: str) -> None:
    columns = [name for name, *_ in bench.read(engine, f"DESCRIBE TABLE {table}") if name not in ("version", "block")]
    assert columns == list(NOUNS[table].__struct_fields__)


def test_the_keys_of_a_table_are_fields_of_its_noun() -> None:
    assert KEYS.keys() == NOUNS.keys()
    assert all(set(keys) <= set(NOUNS[table].__struct_fields__) for table, keys in KEYS.items())


def prelude(engine: str) -> str:
    return (files(f"weft.store.{engine}") / "prelude.sql").read_text()


def defined(engine: str) -> list[tuple[str, int]]:
    """The names of the functions of a prelude, in order, each with how many arguments it takes."""
    found = re.findall(r"CREATE OR REPLACE (?:MACRO|FUNCTION) (\w+)\s*(?:AS )?\(([^)]*)\)", prelude(engine))
    return [(name, len(arguments.split(","))) for name, arguments in found]


def test_both_preludes_define_the_same_functions_in_the_same_order() -> None:
    assert len(defined("duckdb")) == len(script(prelude("duckdb")))
    assert defined("duckdb") == defined("clickhouse")


def test_every_function_that_is_used_is_defined() -> None:
    used = set(re.findall(r"\b(weft_\w+)\(", " ".join(STATEMENTS.values())))
    assert used <= {name for name, _ in defined("duckdb")}


def test_statements_are_split_at_their_names() -> None:
    text = "-- name: one\n-- First.\nSELECT 1;\n\n-- name: two\nSELECT $b, $a, $b;\n"
    assert dict(split_statements(text)) == {"one": "-- First.\nSELECT 1", "two": "SELECT $b, $a, $b"}
    assert parameters("SELECT $b, $a, $b") == ("b", "a")


def test_a_script_is_split_at_the_ends_of_lines_only() -> None:
    assert script("SELECT ';' AS a;\n-- Why; because.\nSELECT 2;\n") == [
        "SELECT ';' AS a",
        "-- Why; because.\nSELECT 2",
    ]
