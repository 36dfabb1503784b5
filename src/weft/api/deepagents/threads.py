"""Threads of agents (the contract, B.2)."""

from weft.api.deepagents.identity import user_id
from weft.api.deepagents.wire.thread_search import AgentThreadCount, AgentThreadSearch, FoundAgentThread, found_thread
from weft.api.deepagents.wire.threads import (
    AgentThreadCountQuery,
    AgentThreadCreate,
    AgentThreadDetail,
    AgentThreadListQuery,
    AgentThreadPage,
    AgentThreadSummary,
    AgentThreadUpdate,
    AgentThreadView,
    AttentionCount,
    thread_detail,
    thread_page,
    thread_summary,
    thread_view,
)
from weft.api.deepagents.wire.values import path_id, uuid_text
from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.errors import AgentNotFound, AgentThreadExists, AgentThreadNotFound, InvalidCursor


async def find_agent_threads(call: Call, query: AgentThreadListQuery) -> Json[AgentThreadPage]:
    """The latest activity first. Those of an agent that has been deleted are found as well."""
    threads, cursor = await call.services.registry.agent_threads.find(call.caller.workspace_id, query.query)
    return Json(thread_page(threads, cursor))


async def create_agent_thread(call: Call, body: AgentThreadCreate) -> Json[AgentThreadView]:
    registry, workspace_id = call.services.registry, call.caller.workspace_id
    agent = await registry.agents.get(workspace_id, str(body.agent_id))
    thread = await registry.agent_threads.create(
        workspace_id,
        agent.id,
        user_id(call.caller),
        id=body.id_text,
        metadata=body.all_metadata,
        keep_existing=body.keep_existing,
    )
    return Json(thread_view(thread), 201)


async def search_agent_threads(call: Call, body: AgentThreadSearch) -> Json[list[FoundAgentThread]]:
    """The header `x-pagination-total` tells how many there are."""
    registry = call.services.registry.agent_threads
    total, threads = await registry.search(call.caller.workspace_id, body.search)
    values = await registry.values([thread.id for thread in threads]) if body.shows_values else {}
    found = [found_thread(thread, values.get(thread.id), body) for thread in threads]
    return Json(found, headers={"x-pagination-total": str(total)})


async def count_agent_threads_needing_attention(call: Call, query: AgentThreadCountQuery) -> Json[AttentionCount]:
    """Interrupted, failed, or idle and not read since the last run; test runs do not count."""
    agent_id = None if query.agent_id is None else str(query.agent_id)
    count = await call.services.registry.agent_threads.count_needing_attention(call.caller.workspace_id, agent_id)
    return Json(AttentionCount(count))


async def count_agent_threads(call: Call, body: AgentThreadCount) -> Json[int]:
    """As many as the search finds."""
    return Json(await call.services.registry.agent_threads.count(call.caller.workspace_id, body.search))


async def get_agent_thread(call: Call, thread_id: str) -> Json[AgentThreadDetail]:
    threads = call.services.registry.agent_threads
    thread = await threads.get(call.caller.workspace_id, path_id(thread_id, AgentThreadNotFound))
    values = await threads.values([thread.id])
    return Json(thread_detail(thread, values.get(thread.id)))


async def update_agent_thread(call: Call, thread_id: str, body: AgentThreadUpdate) -> Json[AgentThreadSummary]:
    """Metadata is merged by its top keys."""
    id = path_id(thread_id, AgentThreadNotFound)
    thread = await call.services.registry.agent_threads.update(call.caller.workspace_id, id, body.changes)
    return Json(thread_summary(thread))


async def delete_agent_thread(call: Call, thread_id: str) -> NoContent:
    """With its runs and its state; one that is not there is deleted already."""
    if id := uuid_text(thread_id):
        await call.services.runs.delete_thread(call.caller.workspace_id, id)
    return NoContent()


ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/deepagents/threads", find_agent_threads, errors=(InvalidCursor,)),
    Route("POST", "/v1/deepagents/threads", create_agent_thread, status=201, errors=(AgentNotFound, AgentThreadExists)),
    Route("POST", "/v1/deepagents/threads/search", search_agent_threads),
    Route("GET", "/v1/deepagents/threads/count", count_agent_threads_needing_attention),
    Route("POST", "/v1/deepagents/threads/count", count_agent_threads),
    Route("GET", "/v1/deepagents/threads/{thread_id}", get_agent_thread, errors=(AgentThreadNotFound,)),
    Route("PATCH", "/v1/deepagents/threads/{thread_id}", update_agent_thread, errors=(AgentThreadNotFound,)),
    Route("DELETE", "/v1/deepagents/threads/{thread_id}", delete_agent_thread),
)
