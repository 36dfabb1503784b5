"""States of threads, which the contract leaves to LangGraph's Agent Server (D.7)."""

from weft.api.deepagents.runs import thread_at
from weft.api.deepagents.wire.state import HistoryBody, HistoryQuery, StateUpdate, StateUpdated
from weft.api.deepagents.wire.threads import AgentThreadDetail, thread_detail
from weft.api.deepagents.wire.values import FreeObject
from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.errors import AgentThreadNotFound, CheckpointNotFound, InvalidState, ThreadBusy


async def get_state(call: Call, thread_id: str) -> Json[FreeObject]:
    thread = await thread_at(call, thread_id)
    return Json(dict(await call.services.thread_states.get(thread)))


async def get_state_at_checkpoint(call: Call, thread_id: str, checkpoint_id: str) -> Json[FreeObject]:
    thread = await thread_at(call, thread_id)
    return Json(dict(await call.services.thread_states.get(thread, checkpoint_id)))


async def update_state(call: Call, thread_id: str, body: StateUpdate) -> Json[StateUpdated]:
    """As if the node `as_node` had said so."""
    thread = await thread_at(call, thread_id)
    return Json(StateUpdated(dict(await call.services.thread_states.update(thread, body.values, body.as_node))))


async def find_states(call: Call, thread_id: str, query: HistoryQuery) -> Json[list[FreeObject]]:
    """The newest first."""
    return await _history(call, thread_id, query.limit, query.before)


async def search_states(call: Call, thread_id: str, body: HistoryBody) -> Json[list[FreeObject]]:
    """The newest first."""
    return await _history(call, thread_id, body.limit, body.before_id)


async def copy_thread(call: Call, thread_id: str) -> Json[AgentThreadDetail]:
    """With its states, without its runs."""
    threads = call.services.registry.agent_threads
    copy = await call.services.thread_states.copy(await thread_at(call, thread_id))
    return Json(thread_detail(copy, (await threads.values([copy.id])).get(copy.id)))


async def _history(call: Call, thread_id: str, limit: int, before: str | None) -> Json[list[FreeObject]]:
    states = await call.services.thread_states.history(await thread_at(call, thread_id), limit, before)
    return Json([dict(state) for state in states])


_MISSING = (AgentThreadNotFound,)

ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/deepagents/threads/{thread_id}/state", get_state, errors=_MISSING),
    Route(
        "POST", "/v1/deepagents/threads/{thread_id}/state", update_state, errors=(*_MISSING, ThreadBusy, InvalidState)
    ),
    Route(
        "GET",
        "/v1/deepagents/threads/{thread_id}/state/{checkpoint_id}",
        get_state_at_checkpoint,
        errors=(*_MISSING, CheckpointNotFound),
    ),
    Route("GET", "/v1/deepagents/threads/{thread_id}/history", find_states, errors=_MISSING),
    Route("POST", "/v1/deepagents/threads/{thread_id}/history", search_states, errors=_MISSING),
    Route("POST", "/v1/deepagents/threads/{thread_id}/copy", copy_thread, errors=(*_MISSING, ThreadBusy)),
)
