"""What the registry promises of MCP servers and of connections to them, on a SQLite file."""

import os
import stat
from base64 import b64encode
from pathlib import Path

import pytest

from weft.errors import (
    AuthSessionNotFound,
    McpServerExists,
    McpServerNotFound,
    OAuthProviderNotFound,
    SecretsUnreadable,
)
from weft.model.ids import new_id
from weft.model.mcp_server import Header, McpServer, McpServerChanges
from weft.model.oauth import AuthSession, OAuthClient, OAuthProvider, OAuthToken
from weft.registry import KEY_FILE, Registry, open_registry
from weft.registry.secrets import Secrets
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE

URL = "https://mcp.example.test/Mcp"
TOKEN = OAuthToken("acc3ss", "r3fresh", 1_000, ("rows.read",))


def a_server(name: str = "rows", url: str = URL, headers: tuple[Header, ...] = ()) -> McpServer:
    return McpServer(
        id=new_id(),
        workspace_id=WORKSPACE,
        name=name,
        url=url,
        headers=headers,
        auth_type="",
        oauth_mode="",
        oauth_provider_id=None,
        vendor_id=None,
        external_system_id=None,
        created_at=1,
        updated_at=1,
    )


def a_client(id: str = "weft-1") -> OAuthClient:
    return OAuthClient(
        client_id=id,
        client_secret="cl13nt",
        token_auth_method="client_secret_post",
        authorization_endpoint="https://as.example.test/authorize",
        token_endpoint="https://as.example.test/token",
        redirect_uri="http://weft/callback",
        resource=URL,
        scopes=("rows.read",),
    )


def a_session(provider: OAuthProvider, user: str = "ada", expires_at: int = 10**15) -> AuthSession:
    return AuthSession(new_id(), WORKSPACE, provider.id, user, "PENDING", ("rows.read",), "v3rifier", expires_at)


@pytest.fixture
async def server(registry: Registry) -> McpServer:
    server = a_server(headers=(Header("Authorization", "h3ader"),))
    await registry.mcp_servers.create(server)
    return server


@pytest.fixture
async def provider(registry: Registry, server: McpServer) -> OAuthProvider:
    return await registry.oauth_providers.put(OAuthProvider(new_id(), WORKSPACE, server.id, "ada", a_client()))


class TestServers:
    @pytest.mark.parametrize("spelling", [URL, f" {URL.upper()}/ ", f"{URL}//"])
    async def test_found_by_any_spelling_of_the_url(self, registry: Registry, server: McpServer, spelling: str) -> None:
        assert await registry.mcp_servers.find_by_url(WORKSPACE, spelling) == server

    async def test_not_found_elsewhere(self, registry: Registry, server: McpServer) -> None:
        elsewhere = new_id()
        assert await registry.mcp_servers.find_by_url(elsewhere, URL) is None
        assert await registry.mcp_servers.find_all(elsewhere) == []
        with pytest.raises(McpServerNotFound):
            await registry.mcp_servers.get(elsewhere, server.id)
        with pytest.raises(McpServerNotFound):
            await registry.mcp_servers.update(elsewhere, server.id, McpServerChanges(url="https://x.test"))
        await registry.mcp_servers.delete(elsewhere, server.id)
        assert await registry.mcp_servers.get(WORKSPACE, server.id) == server

    async def test_names_and_urls_are_unique(self, registry: Registry, server: McpServer) -> None:
        for name, url in (("Rows", "https://x.test"), ("other", f"{URL}/")):
            with pytest.raises(McpServerExists):
                await registry.mcp_servers.create(a_server(name, url))
        other = a_server("other", "https://x.test")
        await registry.mcp_servers.create(other)
        with pytest.raises(McpServerExists):
            await registry.mcp_servers.update(WORKSPACE, other.id, McpServerChanges(url=URL))
        assert await registry.mcp_servers.get(WORKSPACE, other.id) == other


class TestProviders:
    async def test_a_new_client_keeps_the_id_and_loses_the_tokens(
        self, registry: Registry, provider: OAuthProvider
    ) -> None:
        await registry.oauth_providers.put_token(provider.id, "ada", TOKEN)
        assert await registry.oauth_providers.token(provider.id, "ada") == TOKEN
        again = await registry.oauth_providers.put(
            OAuthProvider(new_id(), WORKSPACE, provider.mcp_server_id, "ada", a_client("weft-2"))
        )
        assert (again.id, again.client.client_id) == (provider.id, "weft-2")
        assert await registry.oauth_providers.find(provider.mcp_server_id, "ada") == again
        assert await registry.oauth_providers.token(provider.id, "ada") is None

    async def test_of_a_server_that_is_gone(self, registry: Registry, provider: OAuthProvider) -> None:
        await registry.mcp_servers.delete(WORKSPACE, provider.mcp_server_id)
        with pytest.raises(OAuthProviderNotFound):
            await registry.oauth_providers.get(WORKSPACE, provider.id)
        with pytest.raises(McpServerNotFound):
            await registry.oauth_providers.put(provider)
        with pytest.raises(OAuthProviderNotFound):
            await registry.auth_sessions.create(a_session(provider), "state")
        await registry.oauth_providers.put_token(provider.id, "ada", TOKEN)
        assert await registry.oauth_providers.token(provider.id, "ada") is None

    @pytest.mark.parametrize(("url", "connected"), [(URL.upper(), True), ("https://x.test", False)])
    async def test_another_url_disconnects(
        self, registry: Registry, provider: OAuthProvider, url: str, connected: bool
    ) -> None:
        await registry.mcp_servers.update(WORKSPACE, provider.mcp_server_id, McpServerChanges(url=url))
        assert (await registry.oauth_providers.find(provider.mcp_server_id, "ada") is not None) == connected


class TestSessions:
    async def test_a_state_is_good_for_once(self, registry: Registry, provider: OAuthProvider) -> None:
        session = a_session(provider)
        await registry.auth_sessions.create(session, "state")
        assert await registry.auth_sessions.claim("other state") is None
        assert [await registry.auth_sessions.claim("state") for _ in range(2)] == [session, None]
        await registry.auth_sessions.end(session.id, "COMPLETED")
        assert (await registry.auth_sessions.get(WORKSPACE, "ada", session.id)).status == "COMPLETED"

    async def test_nobody_elses(self, registry: Registry, provider: OAuthProvider) -> None:
        session = a_session(provider)
        await registry.auth_sessions.create(session, "state")
        for workspace_id, user in ((WORKSPACE, "bob"), (new_id(), "ada")):
            with pytest.raises(AuthSessionNotFound):
                await registry.auth_sessions.get(workspace_id, user, session.id)

    async def test_old_ones_go(self, registry: Registry, provider: OAuthProvider) -> None:
        old = a_session(provider, expires_at=1)
        await registry.auth_sessions.create(old, "old")
        await registry.auth_sessions.create(a_session(provider), "new")
        with pytest.raises(AuthSessionNotFound):
            await registry.auth_sessions.get(WORKSPACE, "ada", old.id)


class TestSecrets:
    async def test_none_is_readable_on_disk(self, registry: Registry, provider: OAuthProvider, path: Path) -> None:
        await registry.oauth_providers.put_token(provider.id, "ada", TOKEN)
        await registry.auth_sessions.create(a_session(provider), "st4te")
        stored = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        secrets = (b"h3ader", b"cl13nt", b"acc3ss", b"r3fresh", b"v3rifier", b"st4te")
        assert [secret for secret in secrets if secret in stored] == []
        assert b"mcp.example.test" in stored

    async def test_the_key_file_is_made_once_for_its_owner(self, path: Path) -> None:
        sealed = Secrets(path.parent / KEY_FILE).seal("x")
        assert stat.S_IMODE(os.stat(path.parent / KEY_FILE).st_mode) == 0o600
        assert [file.name for file in path.parent.iterdir()] == [KEY_FILE]
        assert Secrets(path.parent / KEY_FILE).unseal(sealed) == "x"

    async def test_another_key_is_told(self, registry: Registry, server: McpServer, path: Path) -> None:
        other = await open_registry(path, Secrets(path.parent / KEY_FILE, b64encode(os.urandom(32)).decode()))
        with pytest.raises(SecretsUnreadable, match="encrypted with another key"):
            await other.mcp_servers.find_all(WORKSPACE)
        await other.close()

    @pytest.mark.parametrize("content", ["", "short", "é"])
    async def test_a_broken_key_file_is_told(self, registry: Registry, path: Path, content: str) -> None:
        (path.parent / KEY_FILE).write_text(content)
        with pytest.raises(SecretsUnreadable, match="the key file cannot be used"):
            await registry.mcp_servers.create(a_server(headers=(Header("a", "b"),)))
        assert await registry.mcp_servers.find_all(WORKSPACE) == []
