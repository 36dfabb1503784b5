"""Queries on spans."""

from collections.abc import Sequence

from weft.model.span import Span, SpanRecord
from weft.store.database import Database
from weft.store.records import Kind, Scope
from weft.store.scores import get_scores


async def span_exists(db: Database, workspace_id: str, project_id: str, source: str | None) -> bool:
    params = {"workspace_id": workspace_id, "project_id": project_id, "source": source or ""}
    return bool(await db.run("span_exists", params))


async def _complete(db: Database, scope: Scope, spans: Sequence[Span], exclude: frozenset[str]) -> list[SpanRecord]:
    if "feedback_scores" in exclude:
        return [SpanRecord(span) for span in spans]
    scores = await get_scores(db, scope, "span", [span.id for span in spans])
    return [SpanRecord(span, scores.get(span.id, ())) for span in spans]


SPANS = Kind(
    entity_type="span",
    row=Span,
    find="find_span_ids",
    count="count_spans",
    get="get_spans",
    load="load_spans",
    complete=_complete,
)
