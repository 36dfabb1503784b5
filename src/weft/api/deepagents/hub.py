"""Directories of the Hub, as far as the command line needs them: the tree of each agent (the contract, B.7)."""

from functools import partial

from weft.agents.tree import changed
from weft.api.deepagents.wire.hub import (
    CommitReply,
    CommitsQuery,
    CommitsView,
    CommitWrite,
    DirectoryQuery,
    DirectoryView,
    commit_reply,
    commits_view,
    directory_view,
)
from weft.api.deepagents.wire.values import path_id
from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.errors import (
    AgentCommitNotFound,
    AgentNotFound,
    FieldFileConflict,
    InvalidFile,
    InvalidFilePath,
    StaleParent,
)
from weft.model.agent import Tree

DIRECTORIES = "/v1/platform/hub/repos/-/{agent_id}/directories"


async def get_directory(call: Call, agent_id: str, query: DirectoryQuery) -> Json[DirectoryView]:
    id = path_id(agent_id, AgentNotFound)
    commit, tree = await call.services.registry.agents.tree(call.caller.workspace_id, id, query.hash)
    return Json(directory_view(commit, tree))


async def find_commits(call: Call, agent_id: str, query: CommitsQuery) -> Json[CommitsView]:
    """What a directory was before can be asked for by the hash of a commit."""
    id = path_id(agent_id, AgentNotFound)
    return Json(commits_view(await call.services.registry.agents.commits(call.caller.workspace_id, id, query.limit)))


async def commit_directory(call: Call, agent_id: str, body: CommitWrite) -> Json[CommitReply]:
    id = path_id(agent_id, AgentNotFound)
    edit = partial(changed, changes=body.changes)
    agents = call.services.registry.agents
    return Json(commit_reply(await agents.commit(call.caller.workspace_id, id, edit, body.parent_commit)))


async def empty_directory(call: Call, agent_id: str) -> NoContent:
    """Commits a tree without files."""
    id = path_id(agent_id, AgentNotFound)
    await call.services.registry.agents.commit(call.caller.workspace_id, id, _emptied)
    return NoContent()


def _emptied(tree: Tree) -> Tree:
    return {}


ROUTES: tuple[Route, ...] = (
    Route("GET", DIRECTORIES, get_directory, errors=(AgentNotFound, AgentCommitNotFound)),
    Route("GET", f"{DIRECTORIES}/commits", find_commits, errors=(AgentNotFound,)),
    Route(
        "POST",
        f"{DIRECTORIES}/commits",
        commit_directory,
        errors=(AgentNotFound, StaleParent, FieldFileConflict, InvalidFile, InvalidFilePath),
    ),
    Route("DELETE", DIRECTORIES, empty_directory, errors=(AgentNotFound,)),
)
