"""Feedback scores of threads on the wire (Opik's contract, B.29, B.30)."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from weft.api.auth import Caller
from weft.api.opik.wire.recorded import size_violations
from weft.api.opik.wire.scores import PlacedScore, PlacedScores
from weft.api.opik.wire.values import blank
from weft.store.contract import ThreadScore


class ThreadScoreItem(PlacedScore, kw_only=True):
    thread_id: str | None = None

    def violations(self, at: str = "") -> list[str]:
        return ([f"{at}threadId must not be blank"] if blank(self.thread_id) else []) + super().violations(at)


class ThreadScoreBatch(PlacedScores[ThreadScoreItem]):
    def thread_scores(self, caller: Caller, now: int, projects: Mapping[str | None, str]) -> list[ThreadScore]:
        """`projects` maps the names to ids."""
        return [
            ThreadScore(item.thread_id or "", item.placed(caller, now, "thread", "", projects))
            for item in self.scores or ()
        ]


class ThreadScoreDelete(Struct, kw_only=True):
    project_name: str | None = None
    thread_id: str | None = None
    names: list[str] | None = None
    author: str | None = None
    source_queue_id: UUID | None = None

    def violations(self) -> list[str]:
        rules = {
            "projectName must not be blank": blank(self.project_name),
            "threadId must not be blank": blank(self.thread_id),
        }
        return [text for text, broken in rules.items() if broken] + self._names_violations()

    def _names_violations(self) -> list[str]:
        if wrong_size := size_violations(self.names, "names"):
            return wrong_size
        return ["names[].<iterable element> must not be blank"] if any(map(blank, self.names or ())) else []
