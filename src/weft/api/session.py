"""How the web interface signs in: a key is given once, and a cookie that scripts cannot read stands for it then. A
request that comes by the cookie and changes something needs the CSRF token, in the header `X-CSRF-Token`."""

from msgspec import Struct
from starlette.requests import Request

from weft.api.door import COOKIE, csrf_token
from weft.api.http.api import Api
from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.api.opik.errors import render_error, shape_of
from weft.api.opik.identity import ENTRANCE
from weft.core.keyring import SESSION_US
from weft.errors import ForeignOrigin, KeyRefused
from weft.model.api_key import DEFAULT_USER, KeyHolder
from weft.registry.workspaces import DEFAULT_WORKSPACE

_NOT_KEPT = {"Cache-Control": "no-store"}


class SessionCreate(Struct, kw_only=True):
    key: str = ""


class SessionView(Struct, kw_only=True):
    """`keys_in_force`: without a key or a session, nothing else can be asked. `signed_in` is also true where no key is
    needed; `csrf_token` is null unless there is a session."""

    keys_in_force: bool
    signed_in: bool
    user_name: str | None = None
    workspace_name: str | None = None
    csrf_token: str | None = None


async def open_session(call: Call, body: SessionCreate) -> Json[SessionView]:
    """Takes an API key and sets the cookie. 401 for a key that opens nothing."""
    door = call.services.door
    door.hosts.check_origin(call.request)
    if not await door.keyring.in_force():
        return Json(_view_without_keys())
    holder = await door.keyring.holder_of(body.key.strip()) if body.key.strip() else None
    if holder is None:
        raise KeyRefused
    token = await door.keyring.open_session(holder)
    cookie = _cookie(call.request, token, SESSION_US // 1_000_000)
    return Json(_view_of(holder, token), headers={"Set-Cookie": cookie, **_NOT_KEPT})


async def get_session(call: Call) -> Json[SessionView]:
    """Who is signed in, and whether somebody has to be."""
    door = call.services.door
    if not await door.keyring.in_force():
        return Json(_view_without_keys(), headers=_NOT_KEPT)
    holder = await door.holder_of_session(call.request)
    if holder is None:
        return Json(SessionView(keys_in_force=True, signed_in=False), headers=_NOT_KEPT)
    return Json(_view_of(holder, call.request.cookies[COOKIE]), headers=_NOT_KEPT)


async def end_session(call: Call) -> Json[SessionView]:
    """Takes the cookie back; it opens nothing from then on, wherever it has got to."""
    keyring, token = call.services.door.keyring, call.request.cookies.get(COOKIE)
    if token:
        await keyring.end_session(token)
    headers = {"Set-Cookie": _cookie(call.request, "", 0), **_NOT_KEPT}
    if not await keyring.in_force():
        return Json(_view_without_keys(), headers=headers)
    return Json(SessionView(keys_in_force=True, signed_in=False), headers=headers)


def _view_of(holder: KeyHolder, token: str) -> SessionView:
    return SessionView(
        keys_in_force=True,
        signed_in=True,
        user_name=holder.user_name,
        workspace_name=holder.workspace_name,
        csrf_token=csrf_token(token),
    )


def _view_without_keys() -> SessionView:
    return SessionView(keys_in_force=False, signed_in=True, user_name=DEFAULT_USER, workspace_name=DEFAULT_WORKSPACE)


def _cookie(request: Request, token: str, seconds: int) -> str:
    secure = "; Secure" if request.url.scheme == "https" else ""
    return f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}{secure}"


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/session", open_session, errors=(KeyRefused, ForeignOrigin), public=True),
    Route("GET", "/v1/session", get_session, public=True),
    Route("DELETE", "/v1/session", end_session),
)

SESSION = Api(base="/v1/session", routes=ROUTES, entrance=ENTRANCE, render_error=render_error, shape_of=shape_of)
