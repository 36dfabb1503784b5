"""The health of an agent on the wire (the contract, B.1)."""

from collections.abc import Sequence

from msgspec import Struct

from weft.agents.health import ServerHealth
from weft.agents.mcp_values import ProbeError
from weft.api.deepagents.wire.values import Instant, stamp


class McpServerHealth(Struct, omit_defaults=True, kw_only=True):
    """A code and a text if it is not well."""

    url: str
    name: str
    ok: bool
    is_default: bool
    error_code: ProbeError | None = None
    error: str | None = None


class McpCheck(Struct):
    ok: bool
    servers: list[McpServerHealth]


class AgentHealth(Struct):
    agent_id: str
    checked_at: Instant
    mcp_check: McpCheck


def health_view(agent_id: str, checked_at: int, servers: Sequence[ServerHealth]) -> AgentHealth:
    check = McpCheck(all(server.probe.ok for server in servers), [_server_view(server) for server in servers])
    return AgentHealth(agent_id, stamp(checked_at), check)


def _server_view(server: ServerHealth) -> McpServerHealth:
    probe = server.probe
    return McpServerHealth(
        url=server.url,
        name=server.name,
        ok=probe.ok,
        is_default=False,
        error_code=probe.error_code,
        error=probe.error,
    )
