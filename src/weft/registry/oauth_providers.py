"""OAuth providers and the tokens that users have from them, both encrypted."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from sqlalchemy.exc import IntegrityError

from weft.errors import McpServerNotFound, OAuthProviderNotFound
from weft.model.oauth import OAuthClient, OAuthProvider, OAuthToken
from weft.registry.database import Database, insert_new
from weft.registry.secrets import Secrets
from weft.registry.tables import OAUTH_PROVIDERS as PROVIDERS
from weft.registry.tables import OAUTH_TOKENS as TOKENS


class OAuthProviders:
    """Everything here may raise SecretsUnreadable."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets

    async def get(self, workspace_id: str, id: str) -> OAuthProvider:
        """Raises OAuthProviderNotFound."""
        where = and_(PROVIDERS.c.workspace_id == workspace_id, PROVIDERS.c.id == id)
        provider = await self._database.read(lambda c: self._read(c, where))
        if provider is None:
            raise OAuthProviderNotFound(id=id)
        return provider

    async def find(self, mcp_server_id: str, user_id: str) -> OAuthProvider | None:
        return await self._database.read(lambda c: self._read(c, _is_for(mcp_server_id, user_id)))

    async def put(self, provider: OAuthProvider) -> OAuthProvider:
        """The one that its user has for its server afterwards: with the client that is put, and with the id that it
        had before, if there was one. Tokens of the client before go. Raises McpServerNotFound."""
        try:
            return await self._database.write(lambda c: self._put(c, provider))
        except IntegrityError as error:
            raise McpServerNotFound(id=provider.mcp_server_id) from error

    async def has_tokens(self, provider_id: str) -> bool:
        query = select(TOKENS.c.user_id).where(TOKENS.c.provider_id == provider_id).limit(1)
        return await self._database.read(lambda c: c.execute(query).first() is not None)

    async def token(self, provider_id: str, user_id: str) -> OAuthToken | None:
        query = select(TOKENS.c.sealed_token).where(_is_of(provider_id, user_id))
        return await self._database.read(lambda c: self._token(c.execute(query).scalar_one_or_none()))

    async def connected_servers(self, workspace_id: str, user_id: str) -> set[str]:
        """Ids of the MCP servers that the user has a token for."""
        own = select(PROVIDERS.c.mcp_server_id).join(TOKENS, TOKENS.c.provider_id == PROVIDERS.c.id)
        query = own.where(PROVIDERS.c.workspace_id == workspace_id, TOKENS.c.user_id == user_id)
        return await self._database.read(lambda c: set(c.execute(query).scalars()))

    async def put_token(self, provider_id: str, user_id: str, token: OAuthToken) -> None:
        """Nothing is kept for a provider that is gone by now."""
        await self._database.write(lambda c: self._put_token(c, provider_id, user_id, token))

    async def delete_token(self, provider_id: str, user_id: str) -> None:
        await self._database.write(lambda c: c.execute(delete(TOKENS).where(_is_of(provider_id, user_id))))

    def _read(self, connection: Connection, where: ColumnElement[bool]) -> OAuthProvider | None:
        row = connection.execute(select(PROVIDERS).where(where)).mappings().one_or_none()
        return None if row is None else self._provider(row)

    def _put(self, connection: Connection, provider: OAuthProvider) -> OAuthProvider:
        sealed = self._secrets.seal(_as_json(provider.client))
        owned = {name: getattr(provider, name) for name in ("id", "workspace_id", "mcp_server_id", "user_id")}
        where = _is_for(provider.mcp_server_id, provider.user_id)
        before = connection.execute(select(PROVIDERS.c.id).where(where)).scalar_one_or_none()
        if before is None:
            connection.execute(PROVIDERS.insert().values(**owned, sealed_client=sealed))
        else:
            connection.execute(update(PROVIDERS).where(where).values(sealed_client=sealed))
            connection.execute(delete(TOKENS).where(TOKENS.c.provider_id == before))
        return self._provider(connection.execute(select(PROVIDERS).where(where)).mappings().one())

    def _provider(self, row: Mapping[Any, Any]) -> OAuthProvider:
        client = json.loads(self._secrets.unseal(row["sealed_client"]))
        return OAuthProvider(
            id=row["id"],
            workspace_id=row["workspace_id"],
            mcp_server_id=row["mcp_server_id"],
            user_id=row["user_id"],
            client=OAuthClient(**client | {"scopes": tuple(client["scopes"])}),
        )

    def _token(self, sealed: str | None) -> OAuthToken | None:
        if sealed is None:
            return None
        token = json.loads(self._secrets.unseal(sealed))
        return OAuthToken(**token | {"scopes": tuple(token["scopes"])})

    def _put_token(self, connection: Connection, provider_id: str, user_id: str, token: OAuthToken) -> None:
        connection.execute(delete(TOKENS).where(_is_of(provider_id, user_id)))
        sealed = self._secrets.seal(_as_json(token))
        insert_new(connection, TOKENS, {"provider_id": provider_id, "user_id": user_id, "sealed_token": sealed})


def _is_for(mcp_server_id: str, user_id: str) -> ColumnElement[bool]:
    return and_(PROVIDERS.c.mcp_server_id == mcp_server_id, PROVIDERS.c.user_id == user_id)


def _is_of(provider_id: str, user_id: str) -> ColumnElement[bool]:
    return and_(TOKENS.c.provider_id == provider_id, TOKENS.c.user_id == user_id)


def _as_json(struct: OAuthClient | OAuthToken) -> str:
    return json.dumps({name: getattr(struct, name) for name in struct.__struct_fields__})
