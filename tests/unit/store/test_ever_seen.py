from weft.store.contract import Scope
from weft.store.ever_seen import FEW, EverSeen, RareRow

HERE = Scope("workspace", "project")


def test_nothing_is_known_of_a_project_before_it_was_asked_about() -> None:
    rare = EverSeen[RareRow]()
    rare.add(HERE, ["comments"])
    assert rare.of(HERE) is None


def test_what_is_written_later_is_known() -> None:
    rare = EverSeen[RareRow]()
    rare.answer(HERE, [])
    rare.add(HERE, ["trace_scores"])
    assert rare.of(HERE) == frozenset[RareRow](["trace_scores"])


def test_what_is_written_while_the_query_runs_is_known() -> None:
    rare = EverSeen[RareRow]()
    rare.add(HERE, ["comments"])
    assert rare.answer(HERE, ["guardrails"]) == {"comments", "guardrails"}
    assert rare.of(HERE) == frozenset[RareRow](["comments", "guardrails"])


def test_of_more_than_a_few_it_is_known_that_there_are_more() -> None:
    keys = EverSeen[str]()
    keys.answer(HERE, map(str, range(10 * FEW)))
    keys.add(HERE, ["another"])
    known = keys.of(HERE)
    assert known is not None
    assert FEW < len(known) < 2 * FEW
