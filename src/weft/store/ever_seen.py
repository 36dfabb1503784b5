"""What projects have had written to them, of things that are few: to know that saves a query on every read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Generic, Literal, TypeVar

from weft.model.feedback_score import EntityType
from weft.store.contract import Scope

Item = TypeVar("Item")

RareRow = Literal["comments", "guardrails", "trace_scores", "span_scores", "thread_scores"]
"""What most projects have none of."""

SCORES: Mapping[EntityType, RareRow] = {"trace": "trace_scores", "span": "span_scores", "thread": "thread_scores"}

# Of a project with more than so many, nobody asks which: it is known to have more, and memory has a bound.
FEW = 64


class EverSeen(Generic[Item]):
    """The items of the projects that were asked about, where nobody else writes.

    What is written is added before it is committed, and nothing is ever taken away: a reader may be told of items that
    are not there, but never misses any, unless there are more than `FEW`.
    """

    def __init__(self) -> None:
        self._items: dict[Scope, set[Item]] = defaultdict(set)
        self._asked: set[Scope] = set()

    def of(self, scope: Scope) -> frozenset[Item] | None:
        """None for a project that was not asked about."""
        return frozenset(self._items[scope]) if scope in self._asked else None

    def add(self, scope: Scope, items: Iterable[Item]) -> None:
        seen = self._items[scope]
        if len(seen) <= FEW:
            seen.update(islice(items, FEW + 1))

    def answer(self, scope: Scope, items: Iterable[Item]) -> frozenset[Item]:
        """What a query has found, and what was added since it began."""
        self.add(scope, items)
        self._asked.add(scope)
        return frozenset(self._items[scope])
