"""API keys and the sessions of browsers that were opened with one. A key is 256 random bits, of which only a hash is
kept (decision 0017)."""

from hashlib import sha256
from secrets import token_urlsafe

from msgspec import Struct

DEFAULT_USER = "admin"  # Opik's contract: who works without a key

KEY_MARK = "weft_"
SHOWN = len(KEY_MARK) + 6
_RANDOM_BYTES = 32


class ApiKey(Struct, frozen=True, kw_only=True):
    """`start` are its first characters, for telling keys apart. Who uses it works as `user_name`. Instants are
    microseconds since the epoch; a key that is revoked opens nothing any more."""

    id: str
    workspace_id: str
    name: str
    user_name: str
    start: str
    created_at: int
    revoked_at: int | None = None


class KeyHolder(Struct, frozen=True):
    """Whom a key stands for."""

    key_id: str
    workspace_id: str
    workspace_name: str
    user_name: str


class KeySession(Struct, frozen=True):
    """What a browser has in place of a key, until `expires_at` in microseconds since the epoch."""

    key_id: str
    expires_at: int


def new_key() -> str:
    return KEY_MARK + token_urlsafe(_RANDOM_BYTES)


def new_session_token() -> str:
    return token_urlsafe(_RANDOM_BYTES)


def token_hash(token: str) -> str:
    """Of a key or of a session's token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
