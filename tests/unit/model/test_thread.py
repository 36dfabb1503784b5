"""How a thread changes with its traces and by hand."""

import pytest

from tests.factories import SOMEWHERE, a_patch, a_trace
from weft.errors import TagLimitExceeded
from weft.model.ids import id_time_ms, new_id
from weft.model.merge import MAX_TAGS, Patch
from weft.model.thread import Thread, closed, first_thread, new_thread, opened, tagged, touched

FULL = [f"tag {number}" for number in range(MAX_TAGS)]


@pytest.fixture
def thread() -> Thread:
    return new_thread(*SOMEWHERE, "t", at=5_000_000, by="admin")


def test_a_new_thread_has_the_time_of_its_making_in_its_id(thread: Thread) -> None:
    assert (id_time_ms(thread.id), thread.active_at, thread.created_at) == (5_000, 5_000_000, 5_000_000)


def test_a_thread_of_a_trace_has_the_time_of_the_trace_in_its_id() -> None:
    trace = a_trace(id=new_id(7), thread_id="t", source="sdk", environment="test")
    thread = first_thread(trace, "t", at=9000)
    assert (id_time_ms(thread.id), thread.active_at, thread.created_at) == (7, 9000, 1000)
    assert (thread.source, thread.environment) == ("sdk", "test")


def test_an_older_trace_opens_a_thread_and_makes_it_no_older(thread: Thread) -> None:
    after = touched(closed(thread, 6_000_000, "editor"), a_trace(stamp=1000), at=2000)
    assert (after.closed, after.active_at, after.last_updated_at) == (False, 5_000_000, 6_000_000)
    assert after.last_updated_by == "editor"


def test_a_newer_trace_makes_a_thread_newer(thread: Thread) -> None:
    after = touched(thread, a_trace(stamp=8_000_000), at=9_000_000)
    assert (after.active_at, after.last_updated_at, after.id) == (9_000_000, 8_000_000, thread.id)


def test_closing_keeps_when_it_was_active_and_opening_does_not(thread: Thread) -> None:
    shut = closed(thread, 6_000_000, "editor")
    assert (shut.closed, shut.active_at, shut.last_updated_at) == (True, 5_000_000, 6_000_000)
    again = opened(shut, 7_000_000, "editor")
    assert (again.closed, again.active_at, again.last_updated_at) == (False, 7_000_000, 7_000_000)


@pytest.mark.parametrize(
    ("patch", "tags"),
    [
        (a_patch(tags=["x"]), ["x"]),
        (a_patch(tags=[]), []),
        (a_patch(), ["a", "b"]),
        (a_patch(add=("c", "a"), remove=("b",)), ["a", "c"]),
        (a_patch(add=("a",), remove=("a",)), ["b", "a"]),
    ],
)
def test_tags(thread: Thread, patch: Patch, tags: list[str]) -> None:
    before = tagged(thread, a_patch(tags=["a", "b"]))
    assert tagged(before, patch).tags == tags


def test_tags_over_the_limit(thread: Thread) -> None:
    full = tagged(thread, a_patch(tags=FULL))
    with pytest.raises(TagLimitExceeded):
        tagged(full, a_patch(add=("one more",)))
    assert tagged(full, a_patch(add=("one more",), remove=("tag 0",))).tags == [*FULL[1:], "one more"]
