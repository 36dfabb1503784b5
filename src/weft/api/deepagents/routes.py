"""The Managed Deep Agents API: one table, and the few routes of the Hub that its command line uses."""

from weft.api.deepagents import agents, auth_sessions, bulk, hub, mcp_servers, runs, state, threads
from weft.api.deepagents.errors import flat_shape_of, render_error, render_flat_error, shape_of
from weft.api.deepagents.identity import ENTRANCE
from weft.api.http.api import Api
from weft.api.http.route import Route

ROUTES: tuple[Route, ...] = (
    *agents.ROUTES,
    *threads.ROUTES,
    *bulk.ROUTES,
    *runs.ROUTES,
    *state.ROUTES,
    *mcp_servers.ROUTES,
    *auth_sessions.ROUTES,
)

HUB_ROUTES: tuple[Route, ...] = hub.ROUTES

DEEPAGENTS = Api(
    base="/v1/deepagents",
    aliases=("/v1/fleet",),
    routes=ROUTES,
    entrance=ENTRANCE,
    render_error=render_error,
    shape_of=shape_of,
)

HUB = Api(
    base="/v1/platform/hub",
    routes=HUB_ROUTES,
    entrance=ENTRANCE,
    render_error=render_flat_error,
    shape_of=flat_shape_of,
)
