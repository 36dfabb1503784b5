"""Users' connections to MCP servers that are protected by OAuth."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from weakref import WeakValueDictionary

from msgspec.structs import replace

from weft.errors import AuthorizationFailed, OAuthProviderNotFound
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.mcp_server import SHARED, McpServer
from weft.model.oauth import AuthSession, OAuthClient, OAuthProvider, OAuthToken
from weft.registry import Registry

if TYPE_CHECKING:
    from weft.agents.runtime.oauth_client import OAuthHttp

SESSION_US = 10 * 60 * 1_000_000  # that a user has to agree
LEEWAY_US = 30 * 1_000_000  # that a token must still be good for
NOBODY = ""


class OAuth:
    def __init__(self, registry: Registry, http: "Callable[[], Awaitable[OAuthHttp]]") -> None:
        self._registry = registry
        self._http = http
        self._renewals: set[asyncio.Task[OAuthToken | None]] = set()
        self._renewing: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._ended: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

    async def register(self, server: McpServer, user_id: str, redirect_uri: str) -> OAuthProvider:
        """The user's provider for the server, made when there is none.

        One that was registered with another redirect URI is registered again while nobody is connected by it.
        Raises OAuthNotOffered, OAuthUnavailable and McpServerNotFound.
        """
        provider = await self.provider(server, user_id)
        if provider and await self._serves(provider, redirect_uri):
            return provider
        client = await (await self._http()).register(server.url, redirect_uri)
        owner = _owner(server, user_id)
        return await self._registry.oauth_providers.put(
            OAuthProvider(new_id(), server.workspace_id, server.id, owner, client)
        )

    async def provider(self, server: McpServer, user_id: str, id: str | None = None) -> OAuthProvider | None:
        """The one that the user has for the server. Raises OAuthProviderNotFound if that is not the one with the id."""
        found = await self._registry.oauth_providers.find(server.id, _owner(server, user_id))
        if id is not None and (found is None or found.id != id):
            raise OAuthProviderNotFound(id=id)
        return found

    async def token(self, provider: OAuthProvider, user_id: str) -> OAuthToken | None:
        """One that is valid, refreshed if it must be; None when the user has to connect (again).

        Raises McpServerUnreachable.
        """
        token = await self._registry.oauth_providers.token(provider.id, user_id)
        if token is None or token.valid_at(now_us() + LEEWAY_US):
            return token
        # To the end even if nobody waits for it any more: the old refresh token may be void by then.
        renewal = asyncio.create_task(self._renewed(provider, user_id))
        self._renewals.add(renewal)
        renewal.add_done_callback(self._renewals.discard)
        return await asyncio.shield(renewal)

    async def has_token(self, workspace_id: str, user_id: str, provider_id: str, scopes: Sequence[str]) -> bool:
        """Whether the user is connected with at least these scopes. Raises OAuthProviderNotFound."""
        provider = await self._provider_of(workspace_id, user_id, provider_id)
        token = await self.token(provider, user_id)
        return token is not None and set(scopes) <= set(token.scopes)

    async def start(
        self, workspace_id: str, user_id: str, provider_id: str, scopes: Sequence[str]
    ) -> tuple[AuthSession, str]:
        """A session, and the URL at which the user agrees to it. Raises OAuthProviderNotFound."""
        provider = await self._provider_of(workspace_id, user_id, provider_id)
        state = token_urlsafe(32)
        session = AuthSession(
            id=new_id(),
            workspace_id=workspace_id,
            provider_id=provider.id,
            user_id=user_id,
            status="PENDING",
            scopes=tuple(scopes) or provider.client.scopes,
            code_verifier=token_urlsafe(64),
            expires_at=now_us() + SESSION_US,
        )
        await self._registry.auth_sessions.create(session, state)
        return session, _authorization_url(provider.client, session, state)

    async def finish(self, state: str, code: str) -> None:
        """Ends the session that waits for the state; without a code, in vain.

        Raises AuthorizationFailed and McpServerUnreachable.
        """
        session = await self._registry.auth_sessions.claim(state)
        if session is None or now_us() > session.expires_at:
            raise AuthorizationFailed(reason="nobody waits for this answer, or no longer")
        connected = False
        try:
            await self._connect(session, code)
            connected = True
        finally:
            await self._registry.auth_sessions.end(session.id, "COMPLETED" if connected else "CONNECTION_REQUIRED")
            if ended := self._ended.get(session.id):
                ended.set()

    async def session(self, workspace_id: str, user_id: str, id: str, wait_s: float) -> AuthSession:
        """The session, as soon as it has ended or after the time given. Raises AuthSessionNotFound."""
        ended = self._ended.setdefault(id, asyncio.Event())
        session = await self._registry.auth_sessions.get(workspace_id, user_id, id)
        if session.status == "PENDING" and now_us() < session.expires_at:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), wait_s)
            session = await self._registry.auth_sessions.get(workspace_id, user_id, id)
        return await self._as_of_now(session)

    async def _as_of_now(self, session: AuthSession) -> AuthSession:
        if session.status == "PENDING" and now_us() >= session.expires_at:
            return replace(session, status="CONNECTION_REQUIRED")
        if session.status == "COMPLETED":
            token = await self._registry.oauth_providers.token(session.provider_id, session.user_id)
            if token is None or (token.refresh_token is None and not token.valid_at(now_us())):
                return replace(session, status="TOKEN_EXPIRED")
        return session

    async def _connect(self, session: AuthSession, code: str) -> None:
        if not code:
            raise AuthorizationFailed(reason="access was not granted")
        provider = await self._provider_of(session.workspace_id, session.user_id, session.provider_id)
        http = await self._http()
        token = await http.exchange(provider.client, code, session.code_verifier, session.scopes)
        await self._registry.oauth_providers.put_token(provider.id, session.user_id, token)

    async def _renewed(self, provider: OAuthProvider, user_id: str) -> OAuthToken | None:
        """One at a time for each user; who comes later gets what the first one got."""
        async with self._renewing.setdefault((provider.id, user_id), asyncio.Lock()):
            token = await self._registry.oauth_providers.token(provider.id, user_id)
            if token is None or token.valid_at(now_us() + LEEWAY_US):
                return token
            return await self._refresh(provider, user_id, token)

    async def _refresh(self, provider: OAuthProvider, user_id: str, token: OAuthToken) -> OAuthToken | None:
        providers = self._registry.oauth_providers
        if token.refresh_token is None:
            return None
        try:
            fresh = await (await self._http()).refresh(provider.client, token.refresh_token, token.scopes)
        except AuthorizationFailed:
            await providers.delete_token(provider.id, user_id)
            return None
        await providers.put_token(provider.id, user_id, fresh)
        return fresh

    async def _provider_of(self, workspace_id: str, user_id: str, id: str) -> OAuthProvider:
        provider = await self._registry.oauth_providers.get(workspace_id, id)
        if provider.user_id not in (NOBODY, user_id):
            raise OAuthProviderNotFound(id=id)
        return provider

    async def _serves(self, provider: OAuthProvider, redirect_uri: str) -> bool:
        return provider.client.redirect_uri == redirect_uri or await self._registry.oauth_providers.has_tokens(
            provider.id
        )


def _owner(server: McpServer, user_id: str) -> str:
    return NOBODY if server.oauth_mode == SHARED else user_id


def _authorization_url(client: OAuthClient, session: AuthSession, state: str) -> str:
    digest = sha256(session.code_verifier.encode()).digest()
    parameters = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "state": state,
        "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "scope": " ".join(session.scopes),
        "resource": client.resource or "",
    }
    given = urlencode({name: value for name, value in parameters.items() if value})
    return f"{client.authorization_endpoint}{'&' if '?' in client.authorization_endpoint else '?'}{given}"
