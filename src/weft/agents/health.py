"""Whether the MCP servers that an agent needs answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from weft.agents.mcp import Mcp
from weft.agents.mcp_values import Probe
from weft.agents.parts import Parts
from weft.errors import McpAddressRefused, McpServerFailed


@dataclass(frozen=True, slots=True)
class ServerHealth:
    url: str
    name: str
    probe: Probe


async def check_servers(mcp: Mcp, workspace_id: str, user_id: str, parts: Parts) -> Sequence[ServerHealth]:
    """All at the same time, each with what it is told of this user."""

    async def check(url: str, name: str) -> ServerHealth:
        return ServerHealth(url, name, await _probe(mcp, workspace_id, user_id, url))

    return await asyncio.gather(*(check(url, name) for url, name in parts.mcp_servers))


async def _probe(mcp: Mcp, workspace_id: str, user_id: str, url: str) -> Probe:
    """A server that is not registered is asked without headers."""
    try:
        headers = await mcp.headers_for(workspace_id, url, user_id)
    except (McpAddressRefused, McpServerFailed) as error:
        return Probe(False, "unreachable", str(error.fields["reason"]))
    return await mcp.probe(url, headers or {})
