"""MCP servers by id and by URL. Header values are encrypted in the database and nowhere else."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from sqlalchemy.exc import IntegrityError

from weft.errors import McpServerExists, McpServerNotFound
from weft.model.instants import now_us
from weft.model.mcp_server import Header, McpServer, McpServerChanges, url_key
from weft.model.names import name_key
from weft.registry.database import Database, insert_new
from weft.registry.secrets import Secrets
from weft.registry.tables import MCP_SERVERS, OAUTH_PROVIDERS


class McpServers:
    """Everything that reads or writes headers may raise SecretsUnreadable."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._secrets = secrets

    async def create(self, server: McpServer) -> None:
        """Raises McpServerExists when the name or the URL is taken."""
        if not await self._database.write(lambda c: insert_new(c, MCP_SERVERS, self._row(server))):
            raise McpServerExists()

    async def get(self, workspace_id: str, id: str) -> McpServer:
        """Raises McpServerNotFound."""
        server = await self._database.read(lambda c: self._read(c, _has_id(workspace_id, id)))
        if server is None:
            raise McpServerNotFound(id=id)
        return server

    async def find_by_url(self, workspace_id: str, url: str) -> McpServer | None:
        return await self._database.read(lambda c: self._read(c, _has_url(workspace_id, url)))

    async def find_all(self, workspace_id: str) -> list[McpServer]:
        """The oldest first."""
        of_workspace = select(MCP_SERVERS).where(MCP_SERVERS.c.workspace_id == workspace_id)
        oldest_first = of_workspace.order_by(MCP_SERVERS.c.created_at, MCP_SERVERS.c.id)
        return await self._database.read(
            lambda c: [self._server(row) for row in c.execute(oldest_first).mappings()],
        )

    async def update(self, workspace_id: str, id: str, changes: McpServerChanges) -> McpServer:
        """The server as it is then. At another URL nobody is connected any more: what was granted for one server is
        not for another. Raises McpServerNotFound and McpServerExists."""
        try:
            return await self._database.write(lambda c: self._update(c, workspace_id, id, changes))
        except IntegrityError as error:
            raise McpServerExists() from error

    async def delete(self, workspace_id: str, id: str) -> None:
        """One that is not there is passed over."""
        await self._database.write(lambda c: c.execute(delete(MCP_SERVERS).where(_has_id(workspace_id, id))))

    def _update(self, connection: Connection, workspace_id: str, id: str, changes: McpServerChanges) -> McpServer:
        before = self._read(connection, _has_id(workspace_id, id))
        if before is None:
            raise McpServerNotFound(id=id)
        values = {"updated_at": now_us()} | self._columns(changes.given())
        connection.execute(update(MCP_SERVERS).where(MCP_SERVERS.c.id == id).values(values))
        if values.get("url_key", url_key(before.url)) != url_key(before.url):
            connection.execute(delete(OAUTH_PROVIDERS).where(OAUTH_PROVIDERS.c.mcp_server_id == id))
        after = self._read(connection, _has_id(workspace_id, id))
        assert after is not None
        return after

    def _read(self, connection: Connection, where: ColumnElement[bool]) -> McpServer | None:
        row = connection.execute(select(MCP_SERVERS).where(where)).mappings().one_or_none()
        return None if row is None else self._server(row)

    def _server(self, row: Mapping[Any, Any]) -> McpServer:
        sealed = row["sealed_headers"]
        pairs = json.loads(self._secrets.unseal(sealed)) if sealed else []
        stored = {name: row[name] for name in McpServer.__struct_fields__ if name != "headers"}
        return McpServer(**stored, headers=tuple(Header(*pair) for pair in pairs))

    def _row(self, server: McpServer) -> dict[str, Any]:
        fields = {name: getattr(server, name) for name in McpServer.__struct_fields__}
        return self._columns(fields) | {"name_key": name_key(server.name)}

    def _columns(self, fields: dict[str, Any]) -> dict[str, Any]:
        values = {name: value for name, value in fields.items() if name != "headers"}
        if "url" in fields:
            values["url_key"] = url_key(fields["url"])
        if "headers" in fields:
            pairs = [(header.key, header.value) for header in fields["headers"]]
            values["sealed_headers"] = self._secrets.seal(json.dumps(pairs)) if pairs else None
        return values


def _has_id(workspace_id: str, id: str) -> ColumnElement[bool]:
    return and_(MCP_SERVERS.c.workspace_id == workspace_id, MCP_SERVERS.c.id == id)


def _has_url(workspace_id: str, url: str) -> ColumnElement[bool]:
    return and_(MCP_SERVERS.c.workspace_id == workspace_id, MCP_SERVERS.c.url_key == url_key(url))
