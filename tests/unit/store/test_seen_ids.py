from hypothesis import given
from hypothesis import strategies as st

from weft.store.seen_ids import MAX_IDS, SeenIds

IDS = st.lists(st.text("0123456789abcdef", min_size=4, max_size=4))


@given(IDS, st.lists(IDS))
def test_no_stored_id_is_taken_for_a_new_one(before: list[str], groups: list[list[str]]) -> None:
    seen = SeenIds(floor=max(before, default=""))
    stored = set(before)
    for ids in groups:
        sorted_ids = seen.sort(ids)
        assert stored & set(ids) <= {*sorted_ids.seen, *sorted_ids.unsure}
        seen.add(ids)
        stored.update(ids)


def test_an_id_above_all_stored_ones_is_new() -> None:
    seen = SeenIds(floor="5")
    seen.add(["7"])
    assert seen.sort(["4", "5", "6", "7", "8"]) == (["7"], ["4", "5"])


def test_only_the_newest_ids_are_remembered() -> None:
    ids = [f"{number:08}" for number in range(MAX_IDS + 1)]
    seen = SeenIds(floor="")
    seen.add(ids)
    assert seen.sort([ids[0], ids[-1], f"{MAX_IDS + 1:08}"]) == ([ids[-1]], [ids[0]])
    remembered, unsure = seen.sort(ids)
    assert len(remembered) == MAX_IDS // 2
    assert unsure == ids[: -MAX_IDS // 2]
