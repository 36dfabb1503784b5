"""Many threads in one request, each with a result of its own (the contract, E; the deletion is Weft's own)."""

from collections.abc import Awaitable, Callable, Sequence

from weft.api.batch_results import BatchResults, batch_results
from weft.api.deepagents.wire.bulk import AgentThreadBulkDelete, AgentThreadBulkModify
from weft.api.deepagents.wire.values import uuid_text
from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.errors import AgentThreadNotFound, InvalidThreadId, WeftError
from weft.model.outcome import Outcome

DoMany = Callable[[Sequence[str]], Awaitable[Sequence[Outcome]]]


async def modify_agent_threads(call: Call, body: AgentThreadBulkModify) -> Json[BatchResults]:
    """The same change of many threads. One result for each id, in the order of the request."""
    threads, workspace_id, changes = call.services.registry.agent_threads, call.caller.workspace_id, body.data.changes
    return await _each(body.thread_ids, lambda ids: threads.update_many(workspace_id, ids, changes))


async def delete_agent_threads(call: Call, body: AgentThreadBulkDelete) -> Json[BatchResults]:
    """Threads with their runs and states. One result for each id, in the order of the request."""
    return await _each(body.thread_ids, lambda ids: _delete_many(call, ids))


async def _each(texts: Sequence[str], do: DoMany) -> Json[BatchResults]:
    """`do` is given each id that is one, once. The results name ids as the request spells them."""
    ids = [uuid_text(text) for text in texts]
    outcomes = await do(list(dict.fromkeys(id for id in ids if id is not None)))
    errors: dict[str | None, WeftError | None] = {outcome.id: outcome.error for outcome in outcomes}
    errors[None] = InvalidThreadId()
    return Json(batch_results([Outcome(text, errors[id]) for text, id in zip(texts, ids, strict=True)]))


async def _delete_many(call: Call, ids: Sequence[str]) -> list[Outcome]:
    return [Outcome(id, await _delete(call, id)) for id in ids]


async def _delete(call: Call, id: str) -> AgentThreadNotFound | None:
    try:
        await call.services.registry.agent_threads.get(call.caller.workspace_id, id)
    except AgentThreadNotFound as error:
        return error
    await call.services.runs.delete_thread(call.caller.workspace_id, id)
    return None


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/deepagents/threads/bulk-modify", modify_agent_threads),
    Route("POST", "/v1/deepagents/threads/bulk-delete", delete_agent_threads),
)
