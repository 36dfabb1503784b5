"""Agents (the contract, B.1)."""

from functools import partial

from msgspec import UNSET, UnsetType

from weft.agents.health import check_servers
from weft.agents.timezones import known_timezone
from weft.agents.tree import changed, parts_of
from weft.api.deepagents.identity import user_id
from weft.api.deepagents.wire.agents import (
    AgentClone,
    AgentCreate,
    AgentPageView,
    AgentUpdate,
    AgentView,
    ListQuery,
    ReplyQuery,
    agent_page,
    agent_view,
    cloned,
)
from weft.api.deepagents.wire.health import AgentHealth, health_view
from weft.api.deepagents.wire.values import path_id, uuid_text
from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.errors import (
    AgentNotFound,
    ExtraNotInstalled,
    FieldFileConflict,
    InvalidCursor,
    InvalidFile,
    InvalidFilePath,
    MissingField,
)
from weft.model.instants import now_us
from weft.registry.agents import AgentQuery

AGENTS = "/v1/deepagents/agents"
AGENT = AGENTS + "/{agent_id}"

TREE_ERRORS = (FieldFileConflict, InvalidFile, InvalidFilePath)


async def list_agents(call: Call, query: ListQuery) -> Json[AgentPageView]:
    """Those that the caller owns."""
    owner = user_id(call.caller)
    wanted = AgentQuery(
        owner, query.name, query.sort_by, query.sort_order == "desc", query.page_size, query.cursor or None
    )
    return Json(agent_page(await call.services.registry.agents.find(call.caller.workspace_id, wanted), owner))


async def create_agent(call: Call, body: AgentCreate, query: ReplyQuery) -> Json[AgentView]:
    owner = user_id(call.caller)
    changes, tree = body.changes(_timezone(call)), changed({}, body.tree_changes)
    created = await call.services.registry.agents.create(call.caller.workspace_id, owner, changes, tree)
    call.services.warm_up.agent_made()
    return Json(agent_view(created, owner, include_files=query.include_files), 201)


async def get_agent(call: Call, agent_id: str, query: ReplyQuery) -> Json[AgentView]:
    id = path_id(agent_id, AgentNotFound)
    found = await call.services.registry.agents.revision(call.caller.workspace_id, id)
    return Json(agent_view(found, user_id(call.caller), include_files=query.include_files))


async def update_agent(call: Call, agent_id: str, body: AgentUpdate, query: ReplyQuery) -> Json[AgentView]:
    id = path_id(agent_id, AgentNotFound)
    changes, tree_changes = body.changes(_timezone(call)), body.tree_changes
    edit = None if tree_changes.is_empty else partial(changed, changes=tree_changes)
    updated = await call.services.registry.agents.update(call.caller.workspace_id, id, changes, edit)
    return Json(agent_view(updated, user_id(call.caller), include_files=query.include_files))


async def delete_agent(call: Call, agent_id: str) -> NoContent:
    """Threads stay. An unknown agent is none that has to be deleted."""
    if id := uuid_text(agent_id):
        await call.services.runs.delete_agent(call.caller.workspace_id, id)
    return NoContent()


async def clone_agent(call: Call, agent_id: str, body: AgentClone, query: ReplyQuery) -> Json[AgentView]:
    owner, agents = user_id(call.caller), call.services.registry.agents
    source = await agents.revision(call.caller.workspace_id, path_id(agent_id, AgentNotFound))
    changes = cloned(source.agent, body, _timezone(call))
    clone = await agents.create(call.caller.workspace_id, owner, changes, source.tree)
    return Json(agent_view(clone, owner, include_files=query.include_files), 201)


async def get_health(call: Call, agent_id: str) -> Json[AgentHealth]:
    """Asks each MCP server of the agent and its subagents, all at the same time."""
    id = path_id(agent_id, AgentNotFound)
    revision = await call.services.registry.agents.revision(call.caller.workspace_id, id)
    parts = parts_of(revision.tree)
    servers = await check_servers(call.services.mcp, call.caller.workspace_id, user_id(call.caller), parts)
    return Json(health_view(id, now_us(), servers))


def _timezone(call: Call) -> str | UnsetType:
    name = call.request.headers.get("x-user-timezone")
    return known_timezone(name) if name else UNSET


ROUTES: tuple[Route, ...] = (
    Route("GET", AGENTS, list_agents, errors=(InvalidCursor,)),
    Route("POST", AGENTS, create_agent, status=201, errors=(MissingField, *TREE_ERRORS)),
    Route("GET", AGENT, get_agent, errors=(AgentNotFound,)),
    Route("PATCH", AGENT, update_agent, errors=(AgentNotFound, MissingField, *TREE_ERRORS)),
    Route("DELETE", AGENT, delete_agent),
    Route("POST", f"{AGENT}/clone", clone_agent, status=201, errors=(AgentNotFound, MissingField)),
    Route("GET", f"{AGENT}/health", get_health, errors=(AgentNotFound, ExtraNotInstalled)),
)
