"""Who holds which key, as the registry had it a moment ago. Keys are also made and revoked by other processes."""

from collections.abc import Callable
from time import monotonic

from weft.model.api_key import ApiKey, KeyHolder, new_session_token, token_hash
from weft.model.instants import now_us
from weft.registry import Registry
from weft.registry.api_keys import Keys

FRESH_S = 1.0
SESSION_US = 14 * 24 * 3600 * 1_000_000


class Keyring:
    """What is not known is asked for at once, what is known is asked for again after FRESH_S: a new key works from the
    first request, one that another process revoked stops working within a second, one revoked here at once."""

    def __init__(self, registry: Registry, always: bool = False, clock: Callable[[], float] = monotonic) -> None:
        """`always`: a key is needed even if none was ever made."""
        self._registry = registry
        self._always = always
        self._clock = clock
        self._known = Keys(any_made=False, holders={}, sessions={})
        self._stale_at = clock()
        self._changes = 0

    async def create(self, workspace_id: str, name: str, user_name: str, made_by: str) -> tuple[ApiKey, str]:
        """The key as it is kept, and the key itself. Raises KeyUserTaken."""
        try:
            return await self._registry.api_keys.create(workspace_id, name, user_name, made_by)
        finally:
            self._forget()

    async def revoke(self, workspace_id: str, id: str) -> None:
        """Raises ApiKeyNotFound."""
        try:
            await self._registry.api_keys.revoke_of(workspace_id, id)
        finally:
            self._forget()

    async def in_force(self) -> bool:
        """Whether a key is needed: from when the first one was made, also when all have been revoked since."""
        return self._always or self._known.any_made or (await self._fresh()).any_made

    async def holder_of(self, key: str) -> KeyHolder | None:
        hash = token_hash(key)
        return (await self._fresh()).holders.get(hash) or (await self._read()).holders.get(hash)

    async def holder_of_session(self, token: str) -> KeyHolder | None:
        hash = token_hash(token)
        known = await self._fresh()
        session = known.sessions.get(hash)
        if session is None:
            known = await self._read()
            session = known.sessions.get(hash)
        if session is None or session.expires_at <= now_us():
            return None
        return next((holder for holder in known.holders.values() if holder.key_id == session.key_id), None)

    async def open_session(self, holder: KeyHolder) -> str:
        """The token of a new session."""
        token = new_session_token()
        await self._registry.api_keys.open_session(token, holder.key_id, now_us() + SESSION_US)
        return token

    async def end_session(self, token: str) -> None:
        try:
            await self._registry.api_keys.end_session(token)
        finally:
            self._forget()

    def _forget(self) -> None:
        self._changes += 1
        self._stale_at = self._clock()

    async def _fresh(self) -> Keys:
        return self._known if self._clock() < self._stale_at else await self._read()

    async def _read(self) -> Keys:
        """What was read while something changed here is not kept: it may be from before."""
        asked_at, changes = self._clock(), self._changes
        known = await self._registry.api_keys.read()
        if changes == self._changes:
            self._known, self._stale_at = known, asked_at + FRESH_S
        return known
