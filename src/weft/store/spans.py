"""Queries on spans."""

from collections.abc import Callable

from weft.model.span import Span, SpanRecord
from weft.store.among import Among
from weft.store.comments import Comments, get_comments
from weft.store.contract import Scope
from weft.store.database import Database
from weft.store.records import Kind, get_row
from weft.store.scores import Folded, get_scores

_BESIDE = frozenset({"feedback_scores", "comments"})


async def span_exists(db: Database, workspace_id: str, project_id: str, source: str | None) -> bool:
    params = {"workspace_id": workspace_id, "project_id": project_id, "source": source or ""}
    return bool(await db.run("span_exists", params))


async def get_span(db: Database, workspace_id: str, id: str) -> SpanRecord:
    """Raises NotFound."""
    span = await get_row(db, SPANS, workspace_id, id)
    record = await _complete(db, Scope(workspace_id, span.project_id), Among([id]), frozenset())
    return record(span)


async def _complete(db: Database, scope: Scope, among: Among, exclude: frozenset[str]) -> Callable[[Span], SpanRecord]:
    present = frozenset() if exclude >= _BESIDE else await db.rare_rows(scope)
    scores: Folded = {}
    comments: Comments = {}
    if "span_scores" in present and "feedback_scores" not in exclude:
        scores = await get_scores(db, scope, "span", among.ids)
    if "comments" in present and "comments" not in exclude:
        comments = await get_comments(db, scope, "span", among.ids)
    return lambda span: SpanRecord(span, scores.get(span.id, ()), comments.get(span.id, ()))


SPANS = Kind(
    entity_type="span",
    row=Span,
    find="find_span_ids",
    count="count_spans",
    get="get_spans",
    get_one="get_span",
    complete=_complete,
)
