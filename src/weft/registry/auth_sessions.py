"""Auth sessions: who may come back from an authorization server, and what became of it."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from sqlalchemy.exc import IntegrityError

from weft.errors import AuthSessionNotFound, OAuthProviderNotFound
from weft.model.oauth import AuthSession, SessionStatus
from weft.registry.database import Database
from weft.registry.secrets import Secrets
from weft.registry.tables import AUTH_SESSIONS as SESSIONS

KEPT_US = 24 * 3600 * 1_000_000  # after a session has expired, for those who still ask about it


class AuthSessions:
    """Everything here may raise SecretsUnreadable."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets

    async def create(self, session: AuthSession, state: str) -> None:
        """Raises OAuthProviderNotFound. Sessions that nobody will ask about go."""
        try:
            await self._database.write(lambda c: self._create(c, session, state))
        except IntegrityError as error:
            raise OAuthProviderNotFound(id=session.provider_id) from error

    async def get(self, workspace_id: str, user_id: str, id: str) -> AuthSession:
        """Raises AuthSessionNotFound, also for another user's."""
        mine = and_(SESSIONS.c.workspace_id == workspace_id, SESSIONS.c.user_id == user_id, SESSIONS.c.id == id)
        session = await self._database.read(lambda c: self._read(c, mine))
        if session is None:
            raise AuthSessionNotFound(id=id)
        return session

    async def claim(self, state: str) -> AuthSession | None:
        """The session that waits for this state. It answers to it once only."""
        return await self._database.write(lambda c: self._claim(c, _hash(state)))

    async def end(self, id: str, status: SessionStatus) -> None:
        await self._database.write(
            lambda c: c.execute(update(SESSIONS).where(SESSIONS.c.id == id).values(status=status, state_hash=None))
        )

    def _create(self, connection: Connection, session: AuthSession, state: str) -> None:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.expires_at < session.expires_at - KEPT_US))
        kept = {name: getattr(session, name) for name in session.__struct_fields__ if name != "code_verifier"}
        sealed = self._secrets.seal(session.code_verifier)
        connection.execute(SESSIONS.insert().values(**kept, sealed_verifier=sealed, state_hash=_hash(state)))

    def _claim(self, connection: Connection, state_hash: str) -> AuthSession | None:
        session = self._read(connection, SESSIONS.c.state_hash == state_hash)
        connection.execute(update(SESSIONS).where(SESSIONS.c.state_hash == state_hash).values(state_hash=None))
        return session

    def _read(self, connection: Connection, where: ColumnElement[bool]) -> AuthSession | None:
        row = connection.execute(select(SESSIONS).where(where)).mappings().one_or_none()
        return None if row is None else self._session(row)

    def _session(self, row: Mapping[Any, Any]) -> AuthSession:
        kept = {name: row[name] for name in AuthSession.__struct_fields__ if name not in {"code_verifier", "scopes"}}
        verifier = self._secrets.unseal(row["sealed_verifier"])
        return AuthSession(**kept, scopes=tuple(row["scopes"]), code_verifier=verifier)


def _hash(state: str) -> str:
    """What the database knows does not let anyone come back in another's place."""
    return sha256(state.encode()).hexdigest()
