"""Feedback scores of traces and of spans: the same four operations twice (Opik's contract, B.12 to B.15, H.1)."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.scores import (
    Item,
    PlacedScores,
    ScoreBatch,
    ScoreDelete,
    ScoreNames,
    ScoreNamesQuery,
    ScoreWrite,
    score_names,
)
from weft.core.ingest import ensure_projects
from weft.errors import InvalidId, NotFound
from weft.model.feedback_score import EntityType
from weft.model.instants import now_us


async def named_projects(call: Call, batch: PlacedScores[Item]) -> dict[str | None, str]:
    """The ids of the projects that a batch names, made if need be. Raises NotFound for an id that is unknown."""
    registry, caller = call.services.registry, call.caller
    for project_id in batch.project_ids():
        await registry.projects.get(caller.workspace_id, project_id)
    return await ensure_projects(registry, caller.workspace_id, batch.project_names(), caller.user_name)


def score_routes(entity: EntityType) -> tuple[Route, ...]:
    async def add_score(call: Call, id: UUID, body: ScoreWrite) -> NoContent:
        await call.services.store.score_entity(body.score(call.caller, now_us(), entity, str(id)))
        return NoContent()

    async def delete_score(call: Call, id: UUID, body: ScoreDelete) -> NoContent:
        await call.services.store.delete_score(
            call.caller.workspace_id, entity, str(id), body.name or "", body.one_author(), body.queue_id()
        )
        return NoContent()

    async def add_scores(call: Call, body: ScoreBatch) -> NoContent:
        body.check_ids(entity)
        projects = await named_projects(call, body)
        await call.services.store.put_scores(body.feedback_scores(call.caller, now_us(), entity, projects))
        return NoContent()

    async def find_names(call: Call, query: ScoreNamesQuery) -> Json[ScoreNames]:
        project_id = str(query.project_id) if query.project_id else None
        names = await call.services.store.score_names(call.caller.workspace_id, entity, project_id, query.type)
        return Json(score_names(names))

    path = f"/v1/private/{entity}s"
    return (
        Route("PUT", path + "/{id}/feedback-scores", add_score, errors=(NotFound,)),
        Route("POST", path + "/{id}/feedback-scores/delete", delete_score),
        Route("PUT", path + "/feedback-scores", add_scores, errors=(InvalidId, NotFound)),
        Route("GET", path + "/feedback-scores/names", find_names),
    )


ROUTES: tuple[Route, ...] = score_routes("trace") + score_routes("span")
