"""Feedback scores of threads, which go by their `thread_id` (Opik's contract, B.29 to B.31)."""

from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.scores import named_projects
from weft.api.opik.wire.scores import ScoreNames, ScoreNamesQuery, score_names
from weft.api.opik.wire.thread_scores import ThreadScoreBatch, ThreadScoreDelete
from weft.errors import NotFound
from weft.model.instants import now_us
from weft.store.contract import Scope


async def add_scores(call: Call, body: ThreadScoreBatch) -> NoContent:
    projects = await named_projects(call, body)
    await call.services.store.put_thread_scores(body.thread_scores(call.caller, now_us(), projects))
    return NoContent()


async def delete_scores(call: Call, body: ThreadScoreDelete) -> NoContent:
    """What does not exist is passed over, the project included."""
    workspace_id = call.caller.workspace_id
    project = await call.services.registry.projects.find_by_name(workspace_id, body.project_name or "")
    if project is not None:
        await call.services.store.delete_thread_scores(
            Scope(workspace_id, project.id),
            body.thread_id or "",
            body.names or (),
            body.author,
            str(body.source_queue_id) if body.source_queue_id else None,
        )
    return NoContent()


async def find_names(call: Call, query: ScoreNamesQuery) -> Json[ScoreNames]:
    project_id = str(query.project_id) if query.project_id else None
    return Json(score_names(await call.services.store.score_names(call.caller.workspace_id, "thread", project_id)))


_PATH = "/v1/private/traces/threads/feedback-scores"

ROUTES: tuple[Route, ...] = (
    Route("PUT", _PATH, add_scores, errors=(NotFound,)),
    Route("POST", f"{_PATH}/delete", delete_scores),
    Route("GET", f"{_PATH}/names", find_names),
)
