"""Feedback scores: one row per author as stored, one score per name as read (Opik's contract, B.36)."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Literal

from msgspec import Struct

EntityType = Literal["trace", "span", "thread"]

NO_REASON = "<no reason>"
_NINE_DIGITS = Decimal("0.000000001")


class FeedbackScore(Struct, frozen=True, omit_defaults=True):
    """The fields are the columns of table `feedback_scores`, in order; all up to `source_queue_id` are the key."""

    workspace_id: str
    project_id: str
    entity_type: EntityType
    entity_id: str
    name: str
    author: str
    source_queue_id: str = ""
    value: Decimal = Decimal(0)
    reason: str | None = None
    category_name: str | None = None
    source: str = "sdk"
    created_at: int = 0
    created_by: str = ""
    last_updated_at: int = 0
    last_updated_by: str = ""


class ScoreRow(Struct, frozen=True):
    """A stored score under the entity that shows it: for a span's score shown on its trace, the span is named."""

    shown_on: str
    score: FeedbackScore
    span_type: str | None = None

    @property
    def author_key(self) -> str:
        score = self.score
        parts = [score.author, score.source_queue_id, score.entity_id if self.span_type else ""]
        return "_".join(part for part in parts if part)


class FoldedScore(Struct, frozen=True):
    """All rows of one name, folded: the mean value, and each author's own row under `by_author`."""

    name: str
    value: Decimal
    reason: str | None
    category_name: str | None
    source: str
    created_at: int
    created_by: str
    last_updated_at: int
    last_updated_by: str
    by_author: dict[str, ScoreRow]


def fold(rows: Iterable[ScoreRow]) -> dict[str, tuple[FoldedScore, ...]]:
    """Rows of many entities, as the folded scores of each, sorted by name."""
    ordered = sorted(rows, key=lambda row: (row.shown_on, row.score.name, row.score.created_at, row.author_key))
    folded: dict[str, tuple[FoldedScore, ...]] = {}
    for entity, of_entity in groupby(ordered, key=lambda row: row.shown_on):
        by_name = groupby(of_entity, key=lambda row: row.score.name)
        folded[entity] = tuple(_fold_one(name, list(of_name)) for name, of_name in by_name)
    return folded


def _fold_one(name: str, rows: Sequence[ScoreRow]) -> FoldedScore:
    scores = [row.score for row in rows]
    return FoldedScore(
        name=name,
        value=_mean([score.value for score in scores]),
        reason=_joined([score.reason for score in scores], missing=NO_REASON),
        category_name=_joined([score.category_name for score in scores]),
        source=scores[0].source,
        created_at=min(score.created_at for score in scores),
        created_by=", ".join(dict.fromkeys(score.created_by for score in scores)),
        last_updated_at=max(score.last_updated_at for score in scores),
        last_updated_by=", ".join(dict.fromkeys(score.last_updated_by for score in scores)),
        by_author={row.author_key: row for row in rows},
    )


def _mean(values: list[Decimal]) -> Decimal:
    if len(values) == 1:
        return values[0]
    return (sum(values, Decimal(0)) / len(values)).quantize(_NINE_DIGITS, ROUND_HALF_UP)


def _joined(texts: list[str | None], missing: str | None = None) -> str | None:
    """One text as it is; several joined, with `missing` in place of empty ones. None if all are empty."""
    if not any(texts):
        return None
    if len(texts) == 1:
        return texts[0]
    kept = [text or missing for text in texts]
    return ", ".join(text for text in kept if text)
