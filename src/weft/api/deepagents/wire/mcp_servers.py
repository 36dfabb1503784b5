"""MCP servers and their tools on the wire (the contract, B.4, B.5 and C.7)."""

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from weft.agents.mcp_values import ToolList
from weft.api.deepagents.wire.values import Instant, stamp
from weft.errors import MissingField
from weft.model.ids import new_id
from weft.model.instants import format_us, now_us
from weft.model.mcp_server import OAUTH, AuthType, Header, McpServer, McpServerChanges, OAuthMode
from weft.model.names import storable, tidy_name

MAX_NAME = 255
MAX_HEADERS = 64

_KEY = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")

Text = Annotated[str, Meta(max_length=MAX_NAME)]


class HeaderBody(Struct):
    key: str
    value: str

    def is_sendable(self) -> bool:
        return _KEY.fullmatch(self.key) is not None and _VALUE.fullmatch(self.value) is not None


class McpServerUpdate(Struct, kw_only=True):
    """What is absent stays as it is; so does what is null, but for the provider."""

    url: str | None = None
    headers: Annotated[list[HeaderBody], Meta(max_length=MAX_HEADERS)] | None = None
    auth_type: AuthType | None = None
    oauth_mode: OAuthMode | None = None
    oauth_provider_id: UUID | UnsetType | None = UNSET

    def violations(self) -> list[str]:
        headers = self.headers or []
        keys = Counter(header.key.lower() for header in headers)
        return [
            *(f"header {header.key!r} cannot be sent" for header in headers if not header.is_sendable()),
            *(f"header {key!r} is there {count} times" for key, count in keys.items() if count > 1),
        ]

    @property
    def changes(self) -> McpServerChanges:
        """Raises MissingField."""
        return McpServerChanges(
            url=UNSET if self.url is None else not_blank("url", self.url),
            headers=UNSET if self.headers is None else _model_headers(self.headers),
            auth_type=UNSET if self.auth_type is None else self.auth_type,
            oauth_mode=UNSET if self.oauth_mode is None else self.oauth_mode,
            oauth_provider_id=UNSET if self.oauth_provider_id is UNSET else _text(self.oauth_provider_id),
        )


class McpServerCreate(McpServerUpdate, kw_only=True):
    name: Text
    url: str
    vendor_id: Text | None = None
    external_system_id: Text | None = None

    def server(self, workspace_id: str) -> McpServer:
        """Raises MissingField."""
        now = now_us()
        return McpServer(
            id=new_id(),
            workspace_id=workspace_id,
            name=tidy_name(not_blank("name", self.name)),
            url=not_blank("url", self.url),
            headers=_model_headers(self.headers or []),
            auth_type=self.auth_type or "",
            oauth_mode=self.oauth_mode or "",
            oauth_provider_id=_text(self.oauth_provider_id),
            vendor_id=_storable(self.vendor_id),
            external_system_id=_storable(self.external_system_id),
            created_at=now,
            updated_at=now,
        )


class McpServerView(Struct, kw_only=True):
    """`can_invoke` is only there to say no; then there are no `headers`."""

    id: str
    tenant_id: str
    name: str
    url: str
    headers: list[HeaderBody] | UnsetType = UNSET
    auth_type: AuthType
    oauth_mode: OAuthMode
    oauth_provider_id: str | None
    created_at: Instant
    updated_at: Instant
    mcp_vendor_id: str | None
    vendor_id: str | None
    external_system_id: str | None
    can_invoke: bool | UnsetType = UNSET


class OAuthProviderCreate(Struct):
    """`ls_user_id` is deprecated and without effect: the provider is the caller's."""

    ls_user_id: str | None = None


class OAuthProviderView(Struct):
    oauth_provider_id: str


class ToolsQuery(Struct, kw_only=True):
    """`ls_user_id` is for service keys, which there are none of."""

    url: str
    oauth_provider_id: str | None = None
    force_refresh: bool = False
    ls_user_id: str | None = None

    def violations(self) -> list[str]:
        return [] if self.url.strip() else ["query param url must not be blank"]


class ToolsView(Struct):
    tools: Sequence[Mapping[str, Any]]
    cached: bool
    fetched_at: Instant


def mcp_server_view(server: McpServer, connected: Container[str]) -> McpServerView:
    """As one who is connected to the servers of these ids sees it: what wants OAuth can only be called then."""
    invokable = server.auth_type != OAUTH or server.id in connected
    return McpServerView(
        id=server.id,
        tenant_id=server.workspace_id,
        name=server.name,
        url=server.url,
        headers=[HeaderBody(header.key, header.value) for header in server.headers] if invokable else UNSET,
        auth_type=server.auth_type,
        oauth_mode=server.oauth_mode,
        oauth_provider_id=server.oauth_provider_id,
        created_at=stamp(server.created_at),
        updated_at=stamp(server.updated_at),
        mcp_vendor_id=server.vendor_id,
        vendor_id=server.vendor_id,
        external_system_id=server.external_system_id,
        can_invoke=UNSET if invokable else False,
    )


def tools_view(found: ToolList) -> ToolsView:
    return ToolsView(found.tools, found.cached, format_us(found.fetched_at))


def not_blank(name: str, text: str) -> str:
    """The text without white space around it. Raises MissingField."""
    if not text.strip():
        raise MissingField(reason=f"`{name}` must not be blank")
    return text.strip()


def _model_headers(headers: Sequence[HeaderBody]) -> tuple[Header, ...]:
    return tuple(Header(header.key, header.value.strip()) for header in headers)


def _text(id: UUID | UnsetType | None) -> str | None:
    return str(id) if isinstance(id, UUID) else None


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)
