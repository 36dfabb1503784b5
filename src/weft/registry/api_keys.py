"""API keys and the sessions opened with them, by their hashes. Other processes may make and revoke keys."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select, update

from weft.errors import ApiKeyAmbiguous, ApiKeyNotFound, KeyUserTaken
from weft.model.api_key import DEFAULT_USER, KEY_MARK, SHOWN, ApiKey, KeyHolder, KeySession, new_key, token_hash
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.names import tidy_name
from weft.registry.database import Database
from weft.registry.tables import API_KEYS, KEY_SESSIONS, WORKSPACES

_COLUMNS = tuple(API_KEYS.c[name] for name in ApiKey.__struct_fields__)
_OPEN = API_KEYS.c.revoked_at.is_(None)


class Keys(NamedTuple):
    """All that opens something, by hash. `any_made` also counts keys that have been revoked."""

    any_made: bool
    holders: Mapping[str, KeyHolder]
    sessions: Mapping[str, KeySession]


class ApiKeys:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, workspace_id: str, name: str, user_name: str, made_by: str | None = None
    ) -> tuple[ApiKey, str]:
        """The key as it is kept, and the key itself, which nobody can tell later. Of a user who is no other's than
        `made_by`. Raises KeyUserTaken."""
        secret = new_key()
        key = ApiKey(
            id=new_id(),
            workspace_id=workspace_id,
            name=tidy_name(name),
            user_name=tidy_name(user_name),
            start=secret[:SHOWN],
            created_at=now_us(),
        )
        await self._database.write(lambda c: _insert(c, key, token_hash(secret), made_by))
        return key, secret

    async def find_all(self, workspace_id: str | None = None) -> list[ApiKey]:
        """Of one workspace or of all. The oldest first, those that are revoked included."""
        query = select(*_COLUMNS).order_by(API_KEYS.c.created_at, API_KEYS.c.id)
        if workspace_id is not None:
            query = query.where(API_KEYS.c.workspace_id == workspace_id)
        return await self._database.read(lambda c: [_key(row) for row in c.execute(query)])

    async def revoke(self, text: str) -> ApiKey:
        """By id, by what it begins with, or by the key itself; its sessions end. Raises ApiKeyNotFound and
        ApiKeyAmbiguous."""
        return await self._database.write(lambda c: _revoke(c, _is_called(text), text))

    async def revoke_of(self, workspace_id: str, id: str) -> ApiKey:
        """As `revoke`, by id, one of the workspace."""
        own = and_(API_KEYS.c.workspace_id == workspace_id, API_KEYS.c.id == id)
        return await self._database.write(lambda c: _revoke(c, own, id))

    async def read(self) -> Keys:
        return await self._database.read(_read)

    async def open_session(self, token: str, key_id: str, expires_at: int) -> None:
        """Sessions that have expired are forgotten."""
        row = {"hash": token_hash(token), "key_id": key_id, "expires_at": expires_at}
        await self._database.write(lambda c: _open_session(c, row))

    async def end_session(self, token: str) -> None:
        """An unknown one is passed over."""
        gone = delete(KEY_SESSIONS).where(KEY_SESSIONS.c.hash == token_hash(token))
        await self._database.write(lambda c: c.execute(gone))


def _read(connection: Connection) -> Keys:
    joined = API_KEYS.join(WORKSPACES, API_KEYS.c.workspace_id == WORKSPACES.c.id)
    columns = (API_KEYS.c.id, WORKSPACES.c.id, WORKSPACES.c.name, API_KEYS.c.user_name)
    rows = connection.execute(select(API_KEYS.c.hash, API_KEYS.c.revoked_at, *columns).select_from(joined)).all()
    sessions = connection.execute(select(KEY_SESSIONS.c.hash, KEY_SESSIONS.c.key_id, KEY_SESSIONS.c.expires_at))
    return Keys(
        any_made=bool(rows),
        holders={hash: KeyHolder(*holder) for hash, revoked_at, *holder in rows if revoked_at is None},
        sessions={hash: KeySession(*session) for hash, *session in sessions},
    )


def _insert(connection: Connection, key: ApiKey, hash: str, made_by: str | None) -> None:
    if made_by not in (None, key.user_name) and _is_user(connection, key.workspace_id, key.user_name):
        raise KeyUserTaken(name=key.user_name)
    row = {column.name: getattr(key, column.name) for column in _COLUMNS}
    connection.execute(API_KEYS.insert().values(**row, hash=hash))


def _is_user(connection: Connection, workspace_id: str, name: str) -> bool:
    """Whoever ever had a key, and who worked here without."""
    theirs = and_(API_KEYS.c.workspace_id == workspace_id, API_KEYS.c.user_name == name)
    return name == DEFAULT_USER or connection.execute(select(API_KEYS.c.id).where(theirs).limit(1)).first() is not None


def _is_called(text: str) -> ColumnElement[bool]:
    named = API_KEYS.c.id == text
    if len(text) >= SHOWN:
        named |= (API_KEYS.c.start == text) | (API_KEYS.c.hash == token_hash(text))
    return named


def _revoke(connection: Connection, named: ColumnElement[bool], text: str) -> ApiKey:
    found = [_key(row) for row in connection.execute(select(*_COLUMNS).where(and_(_OPEN, named)))]
    if not found:
        raise ApiKeyNotFound(id=text[:SHOWN] if text.startswith(KEY_MARK) else text)
    if len(found) > 1:
        raise ApiKeyAmbiguous(id=text)
    [key] = found
    connection.execute(update(API_KEYS).where(API_KEYS.c.id == key.id).values(revoked_at=now_us()))
    connection.execute(delete(KEY_SESSIONS).where(KEY_SESSIONS.c.key_id == key.id))
    return key


def _open_session(connection: Connection, row: Mapping[str, object]) -> None:
    connection.execute(delete(KEY_SESSIONS).where(KEY_SESSIONS.c.expires_at <= now_us()))
    connection.execute(KEY_SESSIONS.insert().values(**row))


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(**row._mapping)
