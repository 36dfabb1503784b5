"""Feedback scores on the wire (Opik's contract, B.12 to B.15, B.36, F.4)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, Literal, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from weft.api.auth import Caller
from weft.api.opik.wire.values import Instant, blank
from weft.errors import InvalidId
from weft.model.feedback_score import EntityType, FeedbackScore, FoldedScore, ScoreRow
from weft.model.ids import is_version_7
from weft.model.instants import format_us

ScoreSource = Literal["ui", "sdk", "online_scoring"]

MAX_VALUE = Decimal("999999999.999999999")
MAX_SCORES = 1000
_NINE_DIGITS = Decimal("0.000000001")

Item = TypeVar("Item", bound="PlacedScore")


class ScoreWrite(Struct, kw_only=True):
    name: str | None = None
    value: Decimal | None = None
    source: ScoreSource | None = None
    category_name: str | None = None
    reason: str | None = None
    source_queue_id: UUID | None = None

    def violations(self, at: str = "") -> list[str]:
        rules = {
            "name must not be blank": blank(self.name),
            "source must not be null": self.source is None,
            "value must not be null": self.value is None or self.value.is_nan(),
        }
        texts = [text for text, broken in rules.items() if broken]
        return [at + text for text in texts + self._range_violations()]

    def score(self, caller: Caller, now: int, entity_type: EntityType, entity_id: str) -> FeedbackScore:
        """By the caller, with no project yet: the scored trace or span has it."""
        assert self.name is not None
        assert self.value is not None
        assert self.source is not None
        return FeedbackScore(
            workspace_id=caller.workspace_id,
            project_id="",
            entity_type=entity_type,
            entity_id=entity_id,
            name=self.name,
            author=caller.user_name,
            source_queue_id=str(self.source_queue_id or ""),
            value=self.value.quantize(_NINE_DIGITS, ROUND_HALF_UP),
            reason=self.reason,
            category_name=self.category_name,
            source=self.source,
            created_at=now,
            created_by=caller.user_name,
            last_updated_at=now,
            last_updated_by=caller.user_name,
        )

    def _range_violations(self) -> list[str]:
        if self.value is None or self.value.is_nan():
            return []
        if self.value > MAX_VALUE:
            return [f"value must be less than or equal to {MAX_VALUE}"]
        if self.value < -MAX_VALUE:
            return [f"value must be greater than or equal to {-MAX_VALUE}"]
        return []


class PlacedScore(ScoreWrite, kw_only=True):
    """One of a batch, which says the project and may name another author than the caller."""

    project_name: str | None = None
    project_id: UUID | None = None
    author: str | None = None

    def violations(self, at: str = "") -> list[str]:
        nameless = self.project_name is not None and blank(self.project_name)
        return ([f"{at}projectName must not be blank"] if nameless else []) + super().violations(at)

    def placed(
        self, caller: Caller, now: int, entity_type: EntityType, entity_id: str, projects: Mapping[str | None, str]
    ) -> FeedbackScore:
        """`projects` maps names to ids."""
        return replace(
            self.score(caller, now, entity_type, entity_id),
            project_id=str(self.project_id) if self.project_id else projects[self.project_name],
            author=caller.user_name if blank(self.author) else self.author,
        )


class PlacedScores(Struct, Generic[Item], kw_only=True):
    scores: list[Item] | None = None

    def item_count(self) -> int:
        return len(self.scores or ())

    def violations(self) -> list[str]:
        if self.scores is None:
            return ["scores must not be null"]
        if not 1 <= len(self.scores) <= MAX_SCORES:
            return [f"scores size must be between 1 and {MAX_SCORES}"]
        return [text for i, score in enumerate(self.scores) for text in score.violations(f"scores[{i}].")]

    def project_names(self) -> set[str | None]:
        return {item.project_name for item in self.scores or () if item.project_id is None}

    def project_ids(self) -> set[str]:
        return {str(item.project_id) for item in self.scores or () if item.project_id is not None}


class ScoreBatchItem(PlacedScore, kw_only=True):
    id: UUID | None = None

    def violations(self, at: str = "") -> list[str]:
        return ([f"{at}id must not be null"] if self.id is None else []) + super().violations(at)


class ScoreBatch(PlacedScores[ScoreBatchItem]):
    def check_ids(self, entity: EntityType) -> None:
        """Raises InvalidId for the first id that is not of version 7."""
        for item in self.scores or ():
            assert item.id is not None
            if not is_version_7(item.id):
                raise InvalidId(entity=entity)

    def feedback_scores(
        self, caller: Caller, now: int, entity_type: EntityType, projects: Mapping[str | None, str]
    ) -> list[FeedbackScore]:
        """`projects` maps the names to ids."""
        return [item.placed(caller, now, entity_type, str(item.id), projects) for item in self.scores or ()]


class ScoreDelete(Struct, kw_only=True):
    name: str | None = None
    author: str | None = None
    source_queue_id: UUID | None = None

    def violations(self) -> list[str]:
        return ["name must not be blank"] if blank(self.name) else []

    def one_author(self) -> str | None:
        return None if blank(self.author) else self.author

    def queue_id(self) -> str | None:
        return str(self.source_queue_id) if self.source_queue_id else None


class AuthorView(Struct, kw_only=True, omit_defaults=True):
    value: Decimal
    source: str
    reason: str | None = None
    category_name: str | None = None
    last_updated_at: Instant | None = None
    author: str | None = None
    source_queue_id: str | None = None
    span_type: str | None = None
    span_id: str | None = None


class ScoreView(Struct, kw_only=True, omit_defaults=True):
    name: str
    value: Decimal
    source: str
    category_name: str | None = None
    reason: str | None = None
    created_at: Instant | None = None
    created_by: str | None = None
    last_updated_at: Instant | None = None
    last_updated_by: str | None = None
    value_by_author: dict[str, AuthorView] | None = None


class ScoreName(Struct, kw_only=True):
    name: str


class ScoreNames(Struct, kw_only=True):
    scores: list[ScoreName]


class ScoreNamesQuery(Struct, kw_only=True):
    project_id: UUID | None = None
    type: str | None = None


def score_views(scores: tuple[FoldedScore, ...]) -> list[ScoreView] | None:
    """None when there are none: an empty list is left out."""
    return [_view(score) for score in scores] or None


def score_names(names: list[str]) -> ScoreNames:
    return ScoreNames(scores=[ScoreName(name=name) for name in names])


def _view(score: FoldedScore) -> ScoreView:
    return ScoreView(
        name=score.name,
        value=score.value,
        source=score.source,
        category_name=score.category_name,
        reason=score.reason,
        created_at=format_us(score.created_at),
        created_by=score.created_by,
        last_updated_at=format_us(score.last_updated_at),
        last_updated_by=score.last_updated_by,
        value_by_author={key: _author_view(row) for key, row in score.by_author.items()},
    )


def _author_view(row: ScoreRow) -> AuthorView:
    score = row.score
    return AuthorView(
        value=score.value,
        source=score.source,
        reason=score.reason,
        category_name=score.category_name,
        last_updated_at=format_us(score.last_updated_at),
        author=score.author,
        source_queue_id=score.source_queue_id or None,
        span_type=row.span_type,
        span_id=score.entity_id if row.span_type else None,
    )
