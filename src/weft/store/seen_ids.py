"""What is known of stored ids without asking. Most that is written is new, and its id says so."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAX_IDS = 50_000


class SortedIds(NamedTuple):
    """Ids that are stored, unless their transaction came to nothing, and ids of which only a query can tell."""

    seen: list[str]
    unsure: list[str]


class SeenIds:
    """Of a table that nobody else writes to. Ids of version 7 grow with time: the newest are remembered, and an id
    above the `floor` that is not among them is stored nowhere. Of ids up to the floor nothing is known."""

    def __init__(self, floor: str) -> None:
        self._floor = floor
        self._ids: set[str] = set()

    def sort(self, ids: Iterable[str]) -> SortedIds:
        """Without those that are new."""
        ids = list(ids)
        return SortedIds([id for id in ids if id in self._ids], [id for id in ids if id <= self._floor])

    def add(self, ids: Iterable[str]) -> None:
        """To be called before they are stored. Those of a transaction that fails do no harm."""
        self._ids.update(id for id in ids if id > self._floor)
        if len(self._ids) > MAX_IDS:
            self._forget_oldest(sorted(self._ids))

    def _forget_oldest(self, ids: Sequence[str]) -> None:
        kept = ids[-MAX_IDS // 2 :]
        self._floor = ids[-len(kept) - 1]
        self._ids = set(kept)
