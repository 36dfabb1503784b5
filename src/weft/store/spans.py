"""Queries on spans."""

from asyncio import gather
from collections.abc import Callable, Sequence

from weft.model.span import Span, SpanRecord
from weft.store.comments import Comments, get_comments
from weft.store.contract import Scope
from weft.store.database import Database
from weft.store.rare_tables import rare_tables
from weft.store.records import Kind
from weft.store.scores import Folded, get_scores


async def span_exists(db: Database, workspace_id: str, project_id: str, source: str | None) -> bool:
    params = {"workspace_id": workspace_id, "project_id": project_id, "source": source or ""}
    return bool(await db.run("span_exists", params))


async def _complete(
    db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]
) -> Callable[[Span], SpanRecord]:
    scores, comments = await gather(_scores(db, scope, ids, exclude), _comments(db, scope, ids, exclude))
    return lambda span: SpanRecord(span, scores.get(span.id, ()), comments.get(span.id, ()))


async def _scores(db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]) -> Folded:
    return {} if "feedback_scores" in exclude else await get_scores(db, scope, "span", ids)


async def _comments(db: Database, scope: Scope, ids: Sequence[str], exclude: frozenset[str]) -> Comments:
    if "comments" in exclude or "comments" not in await rare_tables(db, scope):
        return {}
    return await get_comments(db, scope, "span", ids)


SPANS = Kind(
    entity_type="span",
    row=Span,
    find="find_span_ids",
    count="count_spans",
    get="get_spans",
    get_one="get_span",
    complete=_complete,
)
