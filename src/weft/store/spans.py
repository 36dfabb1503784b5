"""Queries on spans."""

from collections.abc import Callable, Sequence

from weft.model.span import Span, SpanRecord
from weft.store.database import Database
from weft.store.records import Kind, Scope
from weft.store.scores import get_scores


async def span_exists(db: Database, workspace_id: str, project_id: str, source: str | None) -> bool:
    params = {"workspace_id": workspace_id, "project_id": project_id, "source": source or ""}
    return bool(await db.run("span_exists", params))


async def _complete(
    db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]
) -> Callable[[Span], SpanRecord]:
    scores = {} if "feedback_scores" in exclude else await get_scores(db, scope, "span", ids)
    return lambda span: SpanRecord(span, scores.get(span.id, ()))


SPANS = Kind(
    entity_type="span",
    row=Span,
    find="find_span_ids",
    count="count_spans",
    get="get_spans",
    get_one="get_span",
    complete=_complete,
)
