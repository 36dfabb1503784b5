"""Auth sessions on the wire (the contract, B.6)."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from weft.api.deepagents.wire.values import FreeObject
from weft.model.oauth import AuthSession, SessionStatus

MAX_SCOPES = 100
MAX_WAIT_S = 25


class AuthSessionCreate(Struct, kw_only=True):
    """`agent_id`, `token_id` and `is_default` are without effect: a user has one token of each provider."""

    provider_id: str
    scopes: Annotated[list[str], Meta(max_length=MAX_SCOPES)]
    strategy: Literal["REUSE", "CREATE"]
    agent_id: str | None = None
    token_id: str | None = None
    is_default: bool | None = None

    def violations(self) -> list[str]:
        """RFC 6749, 3.3: scopes are told apart by spaces."""
        bad = [scope for scope in self.scopes if not scope or not scope.isascii() or not scope.isprintable()]
        return [f"{scope!r} is not a scope" for scope in bad + [scope for scope in self.scopes if " " in scope]]


class NewAuthSessionView(Struct, kw_only=True):
    """With a token that could be used again there is no session, and so neither `id` nor `verification_url`."""

    status: SessionStatus
    provider_id: str
    id: str | UnsetType = UNSET
    verification_url: str | UnsetType = UNSET
    metadata: FreeObject = field(default_factory=dict)


class AuthSessionQuery(Struct):
    wait_seconds: Annotated[int, Meta(ge=1, le=MAX_WAIT_S)] = 1


class AuthSessionView(Struct):
    id: str
    status: SessionStatus


class CallbackQuery(Struct):
    """What an authorization server sends a user back with (RFC 6749, 4.1.2)."""

    state: str = ""
    code: str = ""


def auth_session_view(session: AuthSession) -> AuthSessionView:
    return AuthSessionView(session.id, session.status)
