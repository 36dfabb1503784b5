"""Where authorization servers send users back to. A browser comes here, which has no API key: the state that it
brings says whom it is for. Pages are of fixed text."""

from starlette.requests import Request
from starlette.responses import Response

from weft.api.deepagents.errors import render_error, shape_of
from weft.api.deepagents.identity import ENTRANCE
from weft.api.deepagents.wire.auth_sessions import CallbackQuery
from weft.api.http.api import Api
from weft.api.http.call import Call
from weft.api.http.replies import Content
from weft.api.http.route import Route

CALLBACK = "/v1/deepagents/oauth/callback"
HTML = "text/html; charset=utf-8"
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Weft</title></head>'
    "<body><p>{text}</p></body></html>"
)


def redirect_uri(request: Request) -> str:
    """The callback as the client of this request reaches this server."""
    prefix, _, _ = request.url.path.partition("/v1/")
    return str(request.url.replace(path=prefix + CALLBACK, query="", fragment=""))


async def finish_auth_session(call: Call, query: CallbackQuery) -> Content:
    """For browsers only."""
    await call.services.mcp.oauth.finish(query.state, query.code)
    return Content(PAGE.format(text="You are connected. You can close this page.").encode(), HTML)


def render_page(error: Exception) -> Response:
    status = render_error(error).status_code
    text = "You are not connected. Close this page and start again."
    return Response(PAGE.format(text=text), status, media_type=HTML)


OAUTH_CALLBACK = Api(
    base="/v1/deepagents/oauth",
    aliases=("/v1/fleet/oauth",),
    routes=(Route("GET", CALLBACK, finish_auth_session, public=True),),
    entrance=ENTRANCE,
    render_error=render_page,
    shape_of=shape_of,
)
