"""Comments on traces, spans and threads: the same four operations three times (Opik's contract, B.16 to B.19, B.32 to
B.35, H.1). The id of a thread is its thread model id here."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import CreatedWith, Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.comments import CommentCreated, CommentUpdate, CommentView, CommentWrite, comment_view
from weft.api.opik.wire.recorded import Ids
from weft.errors import NotFound
from weft.model.feedback_score import EntityType
from weft.model.instants import now_us
from weft.model.merge import Patch


def comment_routes(entity: EntityType, path: str) -> tuple[Route, ...]:
    async def add_comment(call: Call, id: UUID, body: CommentWrite) -> CreatedWith[CommentCreated]:
        comment = body.comment(call.caller, now_us(), entity, str(id))
        await call.services.store.add_comment(comment)
        return CreatedWith(comment.id, CommentCreated(id=comment.id))

    async def get_comment(call: Call, id: UUID, comment_id: UUID) -> Json[CommentView]:
        comment = await call.services.store.get_comment(call.caller.workspace_id, entity, str(id), str(comment_id))
        return Json(comment_view(comment))

    async def update_comment(call: Call, comment_id: UUID, body: CommentUpdate) -> NoContent:
        workspace_id, user = call.caller.workspace_id, call.caller.user_name
        patch = Patch(now_us(), user, {"text": body.text})
        await call.services.store.update_comment(workspace_id, entity, str(comment_id), patch)
        return NoContent()

    async def delete_comments(call: Call, body: Ids) -> NoContent:
        await call.services.store.delete_comments(call.caller.workspace_id, entity, body.texts())
        return NoContent()

    return (
        Route("POST", path + "/{id}/comments", add_comment, errors=(NotFound,)),
        Route("GET", path + "/{id}/comments/{comment_id}", get_comment, errors=(NotFound,)),
        Route("PATCH", path + "/comments/{comment_id}", update_comment, errors=(NotFound,)),
        Route("POST", path + "/comments/delete", delete_comments),
    )


ROUTES: tuple[Route, ...] = (
    *comment_routes("trace", "/v1/private/traces"),
    *comment_routes("span", "/v1/private/spans"),
    *comment_routes("thread", "/v1/private/traces/threads"),
)
