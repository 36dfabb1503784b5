"""Lets requests in, or does not: by key, by session, or, as long as no key was ever made, as they come."""

from hmac import compare_digest

from starlette.requests import Request

from weft.api.auth import DEFAULT_CALLER, Caller, Entrance, caller_of
from weft.api.hosts import HostRule
from weft.core.keyring import Keyring
from weft.errors import CsrfTokenRefused
from weft.model.api_key import KeyHolder, token_hash

COOKIE = "weft_session"
CSRF_HEADER = "x-csrf-token"

_READING = ("GET", "HEAD", "OPTIONS")


class Door:
    def __init__(self, keyring: Keyring, hosts: HostRule) -> None:
        self.keyring = keyring
        self.hosts = hosts

    async def admit(self, request: Request, entrance: Entrance) -> Caller:
        """Raises ForeignHost, ForeignOrigin, CsrfTokenRefused and the errors of the entrance."""
        shown = entrance.credentials(request)
        if not await self.keyring.in_force():
            self.hosts.check(request)
            if entrance.asks_always and not shown.key:
                raise entrance.no_key
            return DEFAULT_CALLER
        holder = await self.keyring.holder_of(shown.key) if shown.key else await self.holder_of_session(request)
        if holder is None:
            raise entrance.bad_key if shown.key else entrance.no_key
        if shown.workspace not in ("", holder.workspace_id, holder.workspace_name):
            raise entrance.other_workspace
        if not shown.key and request.method not in _READING:
            _check_csrf_token(request)
        return caller_of(holder)

    async def admit_anyone(self, request: Request) -> Caller:
        """For what is open to all. Raises ForeignHost and ForeignOrigin."""
        if not await self.keyring.in_force():
            self.hosts.check(request)
        return DEFAULT_CALLER

    async def holder_of_session(self, request: Request) -> KeyHolder | None:
        token = request.cookies.get(COOKIE)
        return await self.keyring.holder_of_session(token) if token else None


def csrf_token(session_token: str) -> str:
    """What pages of this server can read, and those of others cannot."""
    return token_hash(f"csrf {session_token}")


def _check_csrf_token(request: Request) -> None:
    sent = request.headers.get(CSRF_HEADER, "")
    if not compare_digest(sent.encode(), csrf_token(request.cookies[COOKIE]).encode()):
        raise CsrfTokenRefused
