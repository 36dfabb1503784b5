"""Auth sessions: how a user connects to an MCP server that is protected by OAuth (the contract, B.6)."""

from weft.api.deepagents.identity import user_id
from weft.api.deepagents.wire.auth_sessions import (
    AuthSessionCreate,
    AuthSessionQuery,
    AuthSessionView,
    NewAuthSessionView,
    auth_session_view,
)
from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.errors import (
    AuthSessionNotFound,
    ExtraNotInstalled,
    McpServerUnreachable,
    OAuthProviderNotFound,
    SecretsUnreadable,
)


async def create_auth_session(call: Call, body: AuthSessionCreate) -> Json[NewAuthSessionView]:
    """200 when the user is connected already and that will do, 201 with the URL at which to agree."""
    oauth, caller, user = call.services.mcp.oauth, call.caller, user_id(call.caller)
    if body.strategy == "REUSE" and await oauth.has_token(caller.workspace_id, user, body.provider_id, body.scopes):
        return Json(NewAuthSessionView(status="COMPLETED", provider_id=body.provider_id))
    session, url = await oauth.start(caller.workspace_id, user, body.provider_id, body.scopes)
    view = NewAuthSessionView(
        id=session.id, status=session.status, provider_id=session.provider_id, verification_url=url
    )
    return Json(view, 201)


async def get_auth_session(call: Call, session_id: str, query: AuthSessionQuery) -> Json[AuthSessionView]:
    """As soon as the session has ended, and otherwise after `wait_seconds`."""
    session = await call.services.mcp.oauth.session(
        call.caller.workspace_id, user_id(call.caller), session_id, query.wait_seconds
    )
    return Json(auth_session_view(session))


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/v1/deepagents/auth-sessions",
        create_auth_session,
        status=201,
        other_statuses=(200,),
        errors=(OAuthProviderNotFound, SecretsUnreadable, McpServerUnreachable, ExtraNotInstalled),
    ),
    Route(
        "GET",
        "/v1/deepagents/auth-sessions/{session_id}",
        get_auth_session,
        errors=(AuthSessionNotFound, SecretsUnreadable, ExtraNotInstalled),
    ),
)
