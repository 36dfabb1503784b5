"""MCP servers that a workspace has registered: where agents get their tools from."""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

AuthType = Literal["", "headers", "oauth"]
OAuthMode = Literal["", "legacy_shared_provider", "per_user_dynamic_client"]

OAUTH: AuthType = "oauth"
SHARED: OAuthMode = "legacy_shared_provider"


class Header(Struct, frozen=True):
    key: str
    value: str


class McpServer(Struct, frozen=True):
    """`headers` are sent with every call; their values are secrets. Instants are microseconds since the epoch.

    Managed Deep Agents' contract: what was not told of the way to authenticate is the empty text.
    """

    id: str
    workspace_id: str
    name: str
    url: str
    headers: tuple[Header, ...]
    auth_type: AuthType
    oauth_mode: OAuthMode
    oauth_provider_id: str | None
    vendor_id: str | None
    external_system_id: str | None
    created_at: int
    updated_at: int

    @property
    def static_headers(self) -> dict[str, str]:
        return {header.key: header.value for header in self.headers}


class McpServerChanges(Struct, frozen=True):
    """What is UNSET stays. `headers` are replaced as a whole."""

    url: str | UnsetType = UNSET
    headers: tuple[Header, ...] | UnsetType = UNSET
    auth_type: AuthType | UnsetType = UNSET
    oauth_mode: OAuthMode | UnsetType = UNSET
    oauth_provider_id: str | UnsetType | None = UNSET

    def given(self) -> dict[str, Any]:
        """By name, without what stays."""
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in values.items() if value is not UNSET}


def url_key(url: str) -> str:
    """What two spellings of one server's URL have in common (Managed Deep Agents' contract, F.1)."""
    return url.strip().rstrip("/").lower()
