"""What OAuth-protected MCP servers need: Weft as their client, the tokens of its users, and how these came by them."""

from typing import Literal

from msgspec import Struct

SessionStatus = Literal["PENDING", "COMPLETED", "CONNECTION_REQUIRED", "TOKEN_EXPIRED"]


class OAuthClient(Struct, frozen=True):
    """Weft as an authorization server knows it. `resource` is what tokens are asked for (RFC 8707); `scopes` are those
    that the resource wants, if it says; `token_auth_method` is how the client shows who it is when it gets a token."""

    client_id: str
    client_secret: str | None
    token_auth_method: str
    authorization_endpoint: str
    token_endpoint: str
    redirect_uri: str
    resource: str | None
    scopes: tuple[str, ...]


class OAuthProvider(Struct, frozen=True):
    """A client for one MCP server. Managed Deep Agents' contract: each user has one of their own, but for servers in
    the shared mode, whose one provider has an empty `user_id`."""

    id: str
    workspace_id: str
    mcp_server_id: str
    user_id: str
    client: OAuthClient


class OAuthToken(Struct, frozen=True):
    """`expires_at` is in microseconds since the epoch; None is not known. `scopes` are those that were granted."""

    access_token: str
    refresh_token: str | None
    expires_at: int | None
    scopes: tuple[str, ...]

    def valid_at(self, us: int) -> bool:
        return self.expires_at is None or us < self.expires_at


class AuthSession(Struct, frozen=True):
    """One attempt of a user to connect, open until `expires_at`. `code_verifier` proves that whoever ends it began it
    (RFC 7636)."""

    id: str
    workspace_id: str
    provider_id: str
    user_id: str
    status: SessionStatus
    scopes: tuple[str, ...]
    code_verifier: str
    expires_at: int
