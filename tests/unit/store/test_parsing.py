"""A list of one is asked for as the one that it is; all else of a statement stays."""

import re

import duckdb
import pytest

from weft.store.duckdb.parsing import LONGEST_KEPT, Parser, of_one
from weft.store.statements import load_statements

ALL = "SELECT 1 FROM traces AS t WHERE t.id IN (SELECT weft_each_id($ids)) AND t.name IN (SELECT weft_each($names))"


def test_a_list_of_one_is_a_comparison() -> None:
    sql, params = of_one(ALL, {"ids": ["a"], "names": ["b"]})
    assert sql == "SELECT 1 FROM traces AS t WHERE t.id = weft_id($only_ids) AND t.name = $only_names"
    assert (params["only_ids"], params["only_names"]) == ("a", "b")


@pytest.mark.parametrize("ids", [[], ["a", "b"]])
def test_other_lists_stay_lists(ids: list[str]) -> None:
    sql, params = of_one(ALL, {"ids": ids, "names": ["b"]})
    assert sql == ALL.replace("IN (SELECT weft_each($names))", "= $only_names")
    assert params["ids"] == ids


def test_every_list_of_ours_is_spelled_so_that_it_is_found() -> None:
    for name, sql in load_statements().items():
        lists = {list_name: ["x"] for list_name in re.findall(r"weft_each(?:_id)?\(\$(\w+)\)", sql)}
        assert "weft_each_id(" not in of_one(sql, lists)[0], name
        assert "weft_each($" not in of_one(sql, lists)[0], name


def test_a_statement_is_read_once_unless_it_is_long() -> None:
    with duckdb.connect() as connection:
        parse = Parser(connection)
        assert parse("SELECT $a", {"a": 1, "b": 2}).statement is parse("SELECT $a", {"a": 3}).statement
        assert parse("SELECT $a", {"a": 1, "b": 2}).values == {"a": 1}
        long = f"SELECT {'1 + ' * LONGEST_KEPT}$a"
        assert parse(long, {"a": 1}).statement == long
