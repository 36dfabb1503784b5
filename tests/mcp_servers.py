"""Real MCP servers on loopback, each in a thread of its own: open, behind a header, and protected by OAuth."""

import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import uvicorn
from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    construct_redirect_uri,
)
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions
from mcp.server.fastmcp import FastMCP
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from pydantic import AnyHttpUrl
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

HEADER, SECRET = "X-Rows-Key", "opensesame"
SCOPE = "rows.read"
TOOLS = ("add", "fetch_rows", "fail")


def add(a: int, b: int) -> int:
    """The sum."""
    return a + b


def fetch_rows(table: str) -> list[dict[str, str]]:
    """Rows of a table."""
    return [{"table": table, "row": str(number)} for number in range(2)]


def fail() -> str:
    """Never works."""
    raise ValueError("no rows today")


def with_tools(server: FastMCP) -> FastMCP:
    for tool in (add, fetch_rows, fail):
        server.add_tool(tool)
    return server


@contextmanager
def open_server() -> Iterator[str]:
    """The URL of a server that anyone may call."""
    with served(lambda url: with_tools(FastMCP("rows", log_level="CRITICAL")).streamable_http_app()) as url:
        yield f"{url}/mcp"


@contextmanager
def header_server() -> Iterator[str]:
    """The URL of a server that wants `HEADER` with `SECRET`."""
    with served(lambda url: Guard(with_tools(FastMCP("rows", log_level="CRITICAL")).streamable_http_app())) as url:
        yield f"{url}/mcp"


@contextmanager
def answering_server(status: int, body: str = "", kind: str | None = None) -> Iterator[str]:
    """The URL of something that answers, but is no MCP server."""
    with served(lambda url: Response(body, status, media_type=kind)) as url:
        yield f"{url}/mcp"


@dataclass
class OAuthServer:
    url: str
    authorization: "Authorization"


@contextmanager
def oauth_server() -> Iterator[OAuthServer]:
    """A server with an authorization server of its own, where users agree without being asked."""
    authorization = Authorization()
    with served(lambda url: _protected(url, authorization).streamable_http_app()) as url:
        yield OAuthServer(f"{url}/mcp", authorization)


def _protected(url: str, authorization: "Authorization") -> FastMCP:
    settings = AuthSettings(
        issuer_url=AnyHttpUrl(url),
        resource_server_url=AnyHttpUrl(f"{url}/mcp"),
        client_registration_options=ClientRegistrationOptions(enabled=True, valid_scopes=[SCOPE]),
        required_scopes=[SCOPE],
        validate_token_resource=True,
    )
    return with_tools(FastMCP("rows", auth=settings, auth_server_provider=authorization, log_level="CRITICAL"))


@contextmanager
def served(make_app: Callable[[str], ASGIApp]) -> Iterator[str]:
    """An application made for its URL. Its socket listens from the start, so that nobody comes too early."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(make_app(url), ws="none", log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join()


class Guard:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = (HEADER.lower().encode(), SECRET.encode())
        allowed = scope["type"] != "http" or wanted in scope["headers"]
        await (self._app if allowed else Response("who are you?", 401))(scope, receive, send)


@dataclass
class Authorization(OAuthAuthorizationServerProvider[AuthorizationCode, RefreshToken, AccessToken]):
    """Tokens live for `lifetime_s`; refresh tokens work once. `on_refresh` is called, in the server's thread, before a
    refresh is answered."""

    lifetime_s: int = 3600
    consents: bool = True
    on_refresh: Callable[[], object] = field(default=lambda: None)
    clients: dict[str, OAuthClientInformationFull] = field(default_factory=dict)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    access: dict[str, AccessToken] = field(default_factory=dict)
    refresh: dict[str, RefreshToken] = field(default_factory=dict)

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        return self.clients.get(client_id)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        assert client_info.client_id
        self.clients[client_info.client_id] = client_info

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        if not self.consents:
            return construct_redirect_uri(str(params.redirect_uri), error="access_denied", state=params.state)
        assert client.client_id
        code = AuthorizationCode(
            code=secrets.token_urlsafe(24),
            scopes=params.scopes or [],
            expires_at=time.time() + 60,
            client_id=client.client_id,
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
        )
        self.codes[code.code] = code
        return construct_redirect_uri(str(params.redirect_uri), code=code.code, state=params.state)

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        return self.codes.get(authorization_code)

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        del self.codes[authorization_code.code]
        return self._issue(authorization_code.client_id, authorization_code.scopes, authorization_code.resource)

    async def load_refresh_token(self, client: OAuthClientInformationFull, refresh_token: str) -> RefreshToken | None:
        return self.refresh.get(refresh_token)

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        del self.refresh[refresh_token.token]
        self.on_refresh()
        return self._issue(refresh_token.client_id, scopes, refresh_token.resource)

    async def load_access_token(self, token: str) -> AccessToken | None:
        return self.access.get(token)

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        self.access.pop(token.token, None)
        self.refresh.pop(token.token, None)

    def _issue(self, client_id: str, scopes: list[str], resource: str | None) -> OAuthToken:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        expires_at = int(time.time()) + self.lifetime_s
        self.access[access] = AccessToken(
            token=access, client_id=client_id, scopes=scopes, expires_at=expires_at, resource=resource
        )
        self.refresh[refresh] = RefreshToken(token=refresh, client_id=client_id, scopes=scopes, resource=resource)
        return OAuthToken(
            access_token=access, refresh_token=refresh, expires_in=self.lifetime_s, scope=" ".join(scopes)
        )
