"""Queries on feedback scores."""

from collections.abc import Sequence

from weft.model.feedback_score import EntityType, FeedbackScore, FoldedScore, ScoreRow, fold
from weft.store.columns import columns_of
from weft.store.contract import Scope
from weft.store.database import Database
from weft.store.engine import Params

Folded = dict[str, tuple[FoldedScore, ...]]


async def get_scores(db: Database, scope: Scope, entity_type: EntityType, ids: Sequence[str]) -> Folded:
    """The folded scores of each entity that has any."""
    params = scope._asdict() | {"entity_type": entity_type, "ids": list(ids)}
    return fold(await _score_rows(db, "get_scores", params))


async def get_span_scores(db: Database, scope: Scope, trace_ids: Sequence[str]) -> Folded:
    """For each trace the scores of all its spans, folded together."""
    return fold(await _score_rows(db, "get_span_scores_of_traces", scope._asdict() | {"ids": list(trace_ids)}))


async def _score_rows(db: Database, statement: str, params: Params) -> list[ScoreRow]:
    rows = await db.run(statement, params, columns=columns_of(FeedbackScore))
    return [ScoreRow(shown_on, FeedbackScore(*row), span_type or None) for shown_on, span_type, *row in rows]


async def score_names(
    db: Database, workspace_id: str, entity_type: EntityType, project_id: str | None, span_type: str | None
) -> list[str]:
    """Distinct and sorted; of one project or the whole workspace, for spans of one type or of all."""
    params = {
        "workspace_id": workspace_id,
        "entity_type": entity_type,
        "project_id": project_id or "",
        "type": span_type or "",
    }
    rows = await db.run("span_score_names" if span_type else "score_names", params)
    return [name for (name,) in rows]
