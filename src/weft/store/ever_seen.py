"""What most projects have none of. To know that saves reading each of it in vain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from weft.model.feedback_score import EntityType
from weft.store.contract import Scope

RareRow = Literal["comments", "guardrails", "trace_scores", "span_scores", "thread_scores"]

SCORES: Mapping[EntityType, RareRow] = {"trace": "trace_scores", "span": "span_scores", "thread": "thread_scores"}


class RareRows:
    """Which of them the projects have that were asked about, where nobody else writes.

    What is written is added before it is committed, and nothing is ever taken away: a reader may be told of rows that
    are not there, but never misses any.
    """

    def __init__(self) -> None:
        self._present: dict[Scope, set[RareRow]] = defaultdict(set)
        self._asked: set[Scope] = set()

    def of(self, scope: Scope) -> frozenset[RareRow] | None:
        """None for a project that was not asked about."""
        return frozenset(self._present[scope]) if scope in self._asked else None

    def add(self, scope: Scope, row: RareRow) -> None:
        self._present[scope].add(row)

    def answer(self, scope: Scope, rows: Iterable[RareRow]) -> frozenset[RareRow]:
        """What a query has found, and what was added since it began."""
        self._present[scope].update(rows)
        self._asked.add(scope)
        return frozenset(self._present[scope])
