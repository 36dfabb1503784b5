"""Feedback definitions (Opik's contract, H.3)."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import Created, Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.feedback_definitions import (
    DefinitionPageQuery,
    FeedbackDefinitionPage,
    FeedbackDefinitionView,
    FeedbackDefinitionWrite,
    definition_page,
    definition_view,
)
from weft.api.opik.wire.recorded import Ids
from weft.errors import FeedbackDefinitionExists, FeedbackDefinitionNotFound, Invalid, InvalidSorting
from weft.filters.sorting import parse_sorting
from weft.registry.feedback_definitions import DefinitionQuery


async def create_feedback_definition(call: Call, body: FeedbackDefinitionWrite) -> Created:
    caller = call.caller
    id = await call.services.registry.feedback_definitions.create(caller.workspace_id, body.rule, caller.user_name)
    return Created(id)


async def find_feedback_definitions(call: Call, query: DefinitionPageQuery) -> Json[FeedbackDefinitionPage]:
    wanted = DefinitionQuery(query.name, query.type, parse_sorting(query.sorting), query.paging)
    page = await call.services.registry.feedback_definitions.find(call.caller.workspace_id, wanted)
    return Json(definition_page(page))


async def get_feedback_definition(call: Call, id: UUID) -> Json[FeedbackDefinitionView]:
    definition = await call.services.registry.feedback_definitions.get(call.caller.workspace_id, str(id))
    return Json(definition_view(definition))


async def replace_feedback_definition(call: Call, id: UUID, body: FeedbackDefinitionWrite) -> NoContent:
    caller = call.caller
    definitions = call.services.registry.feedback_definitions
    await definitions.replace(caller.workspace_id, str(id), body.rule, caller.user_name)
    return NoContent()


async def delete_feedback_definition(call: Call, id: UUID) -> NoContent:
    await call.services.registry.feedback_definitions.delete_many(call.caller.workspace_id, [str(id)])
    return NoContent()


async def delete_feedback_definitions(call: Call, body: Ids) -> NoContent:
    await call.services.registry.feedback_definitions.delete_many(call.caller.workspace_id, body.texts())
    return NoContent()


_PATH = "/v1/private/feedback-definitions"

ROUTES: tuple[Route, ...] = (
    Route("POST", _PATH, create_feedback_definition, errors=(Invalid, FeedbackDefinitionExists)),
    Route("GET", _PATH, find_feedback_definitions, errors=(InvalidSorting,)),
    Route("GET", f"{_PATH}/{{id}}", get_feedback_definition, errors=(FeedbackDefinitionNotFound,)),
    Route(
        "PUT",
        f"{_PATH}/{{id}}",
        replace_feedback_definition,
        errors=(Invalid, FeedbackDefinitionNotFound, FeedbackDefinitionExists),
    ),
    Route("DELETE", f"{_PATH}/{{id}}", delete_feedback_definition),
    Route("POST", f"{_PATH}/delete", delete_feedback_definitions),
)
