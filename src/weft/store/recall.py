"""What queries on a project have found, for as long as nothing is written to it. Where nobody else writes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

Rows = list[tuple[Any, ...]]

# Figures of a few hundred numbers, under the text of their statement and its parameters: some 30 MB at most.
KEPT = 256
LONGEST_QUERY = 10_000
MOST_ROWS = 200


class Query(NamedTuple):
    sql: str
    params: str


class _Answer(NamedTuple):
    state: int
    rows: Rows


class Recall:
    """An answer is of the state that its project was in before the query began, and good while that is its state.

    Projects change state when a transaction that wrote to them has ended, before any writer is told: who asks after
    that is not told of the state before. Readers call from the event loop, `touch` and `settle` are of the writer's
    thread.
    """

    def __init__(self) -> None:
        self._answers: dict[Query, _Answer] = {}
        self._writes: defaultdict[str, int] = defaultdict(int)
        self._writes_to_all = 0
        self._touched: set[str | None] = set()

    def state(self, project_id: str) -> int:
        return self._writes.get(project_id, 0) + self._writes_to_all

    def answer(self, query: Query, state: int) -> Rows | None:
        found = self._answers.get(query)
        return found.rows if found and found.state == state else None

    def keep(self, query: Query, state: int, rows: Rows) -> None:
        self._answers.pop(query, None)
        if sum(map(len, query)) <= LONGEST_QUERY and len(rows) <= MOST_ROWS:
            self._answers[query] = _Answer(state, rows)
        if len(self._answers) > KEPT:
            del self._answers[next(iter(self._answers))]

    def touch(self, project_ids: Iterable[str | None]) -> None:
        """What the transaction under way writes to; None is all projects."""
        self._touched.update(project_ids)

    def settle(self) -> None:
        """The transaction has ended."""
        for project_id in self._touched:
            if project_id is None:
                self._writes_to_all += 1
            else:
                self._writes[project_id] += 1
        self._touched.clear()
