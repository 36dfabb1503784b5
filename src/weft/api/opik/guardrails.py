"""Guardrails (Opik's contract, H.5): results of checks, shown on the traces that were checked."""

from weft.api.http.call import Call
from weft.api.http.replies import NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.guardrails import GuardrailBatch
from weft.core.ingest import ensure_projects
from weft.errors import InvalidId, NotFound
from weft.model.instants import now_us


async def add_guardrails(call: Call, body: GuardrailBatch) -> NoContent:
    registry, caller = call.services.registry, call.caller
    body.check_ids()
    for project_id in body.project_ids():
        await registry.projects.get(caller.workspace_id, project_id)
    projects = await ensure_projects(registry, caller.workspace_id, body.project_names(), caller.user_name)
    await call.services.store.add_guardrails(body.to_guardrails(caller, now_us(), projects))
    return NoContent()


ROUTES: tuple[Route, ...] = (Route("POST", "/v1/private/guardrails", add_guardrails, errors=(InvalidId, NotFound)),)
