import time
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from weft.model.ids import FIRST_ID, LAST_ID, first_id_at, id_time_ms, is_version_7, last_id_at, new_id

times_ms = st.integers(0, 2**48 - 1)
many = settings(derandomize=True, deadline=None)


@many
@given(times_ms)
def test_an_id_is_of_version_7_and_carries_its_time(ms: int) -> None:
    id = UUID(new_id(ms))
    assert (id.version, id.variant) == (7, UUID(int=0x8 << 60).variant)
    assert id_time_ms(str(id)) == ms


@many
@given(times_ms, times_ms)
def test_ids_sort_as_text_by_their_times(one: int, other: int) -> None:
    assert (new_id(one) < new_id(other)) == (one < other) or one == other


@many
@given(times_ms)
def test_the_bounds_of_a_time_are_around_all_its_ids_and_no_others(ms: int) -> None:
    assert first_id_at(ms) <= new_id(ms) <= last_id_at(ms)
    assert ms == 0 or new_id(ms - 1) < first_id_at(ms)
    assert last_id_at(ms) < first_id_at(ms + 1) or ms == 2**48 - 1


def test_times_that_no_id_can_carry_are_cut() -> None:
    assert first_id_at(-1) == FIRST_ID
    assert last_id_at(10**18) == LAST_ID


def test_ids_differ_within_one_millisecond() -> None:
    assert len({new_id(5) for _ in range(1000)}) == 1000


def test_without_a_time_an_id_is_of_now() -> None:
    before, after = time.time_ns() // 1_000_000, id_time_ms(new_id())
    assert before <= after <= time.time_ns() // 1_000_000


def test_only_version_7_is_version_7() -> None:
    assert is_version_7(UUID(new_id()))
    assert not is_version_7(uuid4())
    assert not is_version_7(UUID(FIRST_ID))
