from weft.store.contract import Scope
from weft.store.rare_rows import RareRow, RareRows

HERE = Scope("workspace", "project")


def test_nothing_is_known_of_a_project_before_it_was_asked_about() -> None:
    rare = RareRows()
    rare.add(HERE, "comments")
    assert rare.of(HERE) is None


def test_what_is_written_later_is_known() -> None:
    rare = RareRows()
    rare.answer(HERE, [])
    rare.add(HERE, "trace_scores")
    assert rare.of(HERE) == frozenset[RareRow](["trace_scores"])


def test_what_is_written_while_the_query_runs_is_known() -> None:
    rare = RareRows()
    rare.add(HERE, "comments")
    assert rare.answer(HERE, ["guardrails"]) == {"comments", "guardrails"}
    assert rare.of(HERE) == frozenset[RareRow](["comments", "guardrails"])
