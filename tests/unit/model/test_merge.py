"""Creates and patches become one row, in whatever order they arrive."""

from collections.abc import Iterable
from functools import partial

import pytest
from hypothesis import given, settings

from tests.factories import SOMEWHERE, a_patch, a_span, a_trace
from tests.reference.merging import History, Row, histories, lasting, outcome, seen
from weft.errors import TagLimitExceeded
from weft.model.ids import new_id
from weft.model.merge import MAX_TAGS, Patch, edited_tags, merge_create, merge_patch
from weft.model.span import Span
from weft.model.trace import Trace

ID = new_id()
many = settings(max_examples=150, derandomize=True, deadline=None)

trace = partial(a_trace, id=ID)
span = partial(a_span, id=ID, trace_id=ID)
NOTHING = Trace(*SOMEWHERE, ID, created_at=500, created_by="editor")


def merged(*arrivals: Trace | Patch) -> Trace:
    return after(arrivals, NOTHING)


def after(arrivals: Iterable[Row | Patch], nothing: Row) -> Row:
    row: Row | None = None
    for arrival in arrivals:
        row = merge_patch(row or nothing, arrival) if isinstance(arrival, Patch) else merge_create(row, arrival)
    assert row is not None
    return row


class TestCreates:
    def test_a_first_create_is_taken_as_it_is(self) -> None:
        first = trace(name="x", tags=["b", "a"])
        assert merged(first) is first

    def test_a_newer_create_replaces_an_older_one_whole(self) -> None:
        older, newer = trace(stamp=1, name="x", output="{}"), trace(stamp=2, name="y")
        assert merged(older, newer) == newer

    def test_an_older_create_that_comes_late_changes_nothing(self) -> None:
        older, newer = trace(stamp=1, name="x", output="{}"), trace(stamp=2, name="y")
        assert merged(newer, older) == newer

    def test_of_two_creates_with_one_stamp_the_later_wins(self) -> None:
        assert merged(trace(stamp=1, name="x"), trace(stamp=1, name="y")).name == "y"

    def test_a_create_of_another_time_does_not_turn_back_the_clock(self) -> None:
        row = merged(trace(stamp=10), a_patch(at=30), trace(stamp=20))
        assert (row.create_stamp, row.last_updated_at, row.last_updated_by) == (20, 30, "editor")


class TestPatches:
    def test_a_patch_changes_what_it_names_and_says_so(self) -> None:
        row = merged(trace(name="x", input="{}"), a_patch(at=2000, name="y"))
        assert (row.name, row.input, row.patched) == ("y", "{}", ["name"])
        assert (row.last_updated_at, row.last_updated_by, row.created_by) == (2000, "editor", "admin")

    def test_a_later_patch_wins(self) -> None:
        row = merged(a_patch(name="x", output="{}"), a_patch(name="y"))
        assert (row.name, row.output, row.patched) == ("y", "{}", ["name", "output"])

    def test_a_patch_is_all_there_is_until_a_create_comes(self) -> None:
        row = merged(a_patch(name="x"))
        assert (row.name, row.start_time, row.create_stamp, row.created_at) == ("x", 0, None, 500)

    def test_a_patched_field_wins_over_a_create_that_comes_later(self) -> None:
        row = merged(a_patch(output='"patched"'), trace(stamp=9000, name="x", output='"created"'))
        assert (row.output, row.name, row.start_time) == ('"patched"', "x", trace().start_time)

    def test_who_made_the_row_first_is_kept_when_its_create_comes(self) -> None:
        row = merged(a_patch(name="x"), trace())
        assert (row.created_at, row.created_by) == (500, "editor")

    def test_payloads_are_measured_after_each_merge(self) -> None:
        row = merged(a_patch(output='"12"'), trace(input='"1234"', output='"1"', metadata="{}"))
        assert row.payload_bytes == len('"12"' + '"1234"' + "{}")
        assert merged(row, a_patch(input="{}")).payload_bytes == len('"12"' + "{}" + "{}")


class TestTags:
    @pytest.mark.parametrize(
        ("tags", "added", "removed", "expected"),
        [
            (["a"], ["b"], [], ["a", "b"]),
            (["a", "b"], [], ["a"], ["b"]),
            (["a"], ["a"], ["a"], ["a"]),
            (["a", "a"], ["b", "b"], [], ["a", "b"]),
            ([], [], ["a"], []),
        ],
    )
    def test_edited(self, tags: list[str], added: list[str], removed: list[str], expected: list[str]) -> None:
        assert edited_tags(tags, added, removed) == expected

    def test_patched_tags_replace_those_of_a_create_that_comes_later(self) -> None:
        assert merged(a_patch(tags=["b"]), trace(tags=["a"])).tags == ["b"]

    def test_tags_patched_to_none_stay_none(self) -> None:
        assert merged(a_patch(tags=[]), trace(tags=["a"])).tags == []

    def test_added_and_removed_tags_apply_to_a_create_that_comes_later(self) -> None:
        patch = a_patch(add=("c",), remove=("a",))
        for row in (merged(patch, trace(tags=["a", "b"])), merged(trace(tags=["a", "b"]), patch)):
            assert row.tags == ["b", "c"]

    def test_what_was_removed_last_stays_removed(self) -> None:
        assert merged(a_patch(add=("a",)), a_patch(remove=("a",)), trace(tags=["a"])).tags == []

    def test_what_was_added_last_stays_added(self) -> None:
        assert merged(a_patch(remove=("a",)), a_patch(add=("a",)), trace()).tags == ["a"]

    def test_replacing_tags_forgets_what_was_added_and_removed(self) -> None:
        row = merged(a_patch(add=("a",), remove=("b",)), a_patch(tags=["c"]))
        assert (row.tags, row.tags_added, row.tags_removed) == (["c"], [], [])

    def test_adding_over_the_limit_is_refused(self) -> None:
        full = trace(tags=[str(number) for number in range(MAX_TAGS)])
        with pytest.raises(TagLimitExceeded):
            merge_patch(full, a_patch(add=("one more",)))

    def test_adding_what_is_there_already_is_within_the_limit(self) -> None:
        full = trace(tags=[str(number) for number in range(MAX_TAGS)])
        assert merge_patch(full, a_patch(add=("0",))).tags == full.tags

    def test_removing_is_never_over_the_limit(self) -> None:
        over = trace(tags=[str(number) for number in range(MAX_TAGS + 5)])
        assert len(merge_patch(over, a_patch(remove=("0",))).tags) == MAX_TAGS + 4


@many
@given(histories(trace))
def test_any_order_of_arrival_ends_in_the_same_trace(history: History[Trace]) -> None:
    assert_order_is_free(history, NOTHING)


@many
@given(histories(span))
def test_any_order_of_arrival_ends_in_the_same_span(history: History[Span]) -> None:
    assert_order_is_free(history, Span(*SOMEWHERE, ID, trace_id=ID))


def assert_order_is_free(history: History[Row], nothing: Row) -> None:
    creates_first = sorted(history.arrivals, key=lambda arrival: isinstance(arrival, Patch))
    row = after(history.arrivals, nothing)
    assert seen(row) == outcome(history)
    assert lasting(row) == lasting(after(creates_first, nothing))
