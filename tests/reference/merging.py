"""What creates and patches add up to, told as plainly as Python can, and histories of them in any order."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from hypothesis import strategies as st
from msgspec.structs import asdict

from tests.factories import a_patch
from weft.model.merge import Patch
from weft.model.span import Span
from weft.model.trace import Trace

Row = TypeVar("Row", Trace, Span)

# When and by whom is for the server to say.
_SERVER_COLUMNS = {"created_at", "created_by", "last_updated_at", "last_updated_by"}
TAGS = ("a", "b", "c", "d")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["x", "y"]),
    "end_time": st.integers(1, 3),
    "input": st.sampled_from(["{}", '"text"']),
    "output": st.sampled_from(["{}", '"text"', '"longer text"']),
    "ttft": st.sampled_from([0.0, 1.5]),
}
tags = st.lists(st.sampled_from(TAGS), unique=True, max_size=3)


class History(NamedTuple, Generic[Row]):
    """Creates and patches of one row, and the order in which they arrive: that of the patches is always the same."""

    creates: Sequence[Row]
    patches: Sequence[Patch]
    arrivals: Sequence[Row | Patch]


@st.composite
def histories(draw: st.DrawFn, create: Callable[..., Row]) -> History[Row]:
    """`create` makes a create of the one row from a stamp and values."""
    stamps = draw(st.lists(st.integers(1, 9), unique=True, max_size=3))
    creates = [create(stamp=stamp, tags=draw(tags), **draw(_values())) for stamp in stamps]
    patches = draw(st.lists(_patches(), min_size=0 if creates else 1, max_size=4))
    kinds = draw(st.permutations(["create"] * len(creates) + ["patch"] * len(patches)))
    waiting: dict[str, Iterator[Row | Patch]] = {"create": iter(creates), "patch": iter(patches)}
    return History(creates, patches, [next(waiting[kind]) for kind in kinds])


def outcome(history: History[Row]) -> dict[str, Any]:
    """The newest create, and then each patch."""
    newest = max(history.creates, key=lambda create: create.create_stamp or 0, default=None)
    values = asdict(newest) if newest else {"tags": []}
    for patch in history.patches:
        values |= patch.values
        values["tags"] = (set(values["tags"]) - set(patch.tags_to_remove)) | set(patch.tags_to_add)
    return {name: values.get(name) for name in VALUES} | {"tags": set(values["tags"])}


def seen(row: Trace | Span) -> dict[str, Any]:
    """What `outcome` speaks of."""
    return {name: getattr(row, name) for name in VALUES} | {"tags": set(row.tags)}


def lasting(row: Trace | Span) -> dict[str, Any]:
    """All columns but the server's own, among them those that later merges build on."""
    return asdict(row) | {"tags": set(row.tags)} | dict.fromkeys(_SERVER_COLUMNS)


def _values() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=VALUES)


@st.composite
def _patches(draw: st.DrawFn) -> Patch:
    values = draw(_values())
    if draw(st.booleans()):
        return a_patch(add=tuple(draw(tags)), remove=tuple(draw(tags)), **values)
    return a_patch(**values | draw(st.fixed_dictionaries({}, optional={"tags": tags})))
