"""Tools of MCP servers, as an agent's `tools.json` names them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from langchain_core.tools import BaseTool
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.interceptors import MCPToolCallRequest, MCPToolCallResult
from langchain_mcp_adapters.sessions import StreamableHttpConnection
from mcp.types import CallToolResult, TextContent

from weft.agents.addresses import AddressRule
from weft.agents.parts import Parts, ToolsConfig, ToolSpec
from weft.agents.runtime.http_client import mcp_client_factory
from weft.agents.runtime.mcp_client import named_failures
from weft.errors import WeftError

Headers = Mapping[str, str]

# By workspace, URL and user; None of a server that is not registered.
HeadersFor = Callable[[str, str, str], Awaitable[Headers | None]]


@dataclass(frozen=True, slots=True)
class McpAccess:
    """Which servers may be called, and what is sent to them."""

    rule: AddressRule
    headers_for: HeadersFor


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    headers: tuple[tuple[str, str], ...]


async def servers_of(parts: Parts, workspace_id: str, user_id: str, access: McpAccess) -> tuple[Server, ...]:
    """Managed Deep Agents' contract: a server that is registered no more gets no headers."""
    configs = [parts.tools, *(subagent.tools for subagent in parts.subagents)]
    urls = {_same(tool.mcp_server_url): tool.mcp_server_url for config in configs if config for tool in config.tools}
    headers = [await access.headers_for(workspace_id, url.strip(), user_id) or {} for url in urls.values()]
    return tuple(
        Server(url.strip(), tuple(sorted(sent.items()))) for url, sent in zip(urls.values(), headers, strict=True)
    )


class Toolbox:
    """The tools of all servers that an agent names."""

    def __init__(self, tools: Mapping[str, Sequence[BaseTool]]) -> None:
        self._tools = tools

    def chosen_by(self, config: ToolsConfig | None) -> list[BaseTool]:
        """Managed Deep Agents' contract: what a server does not have is left out. Of two of one name it is
        the first."""
        chosen: dict[str, BaseTool] = {}
        for spec in config.tools if config else ():
            for tool in self._tools.get(_same(spec.mcp_server_url), ()):
                if tool.name == spec.name:
                    chosen.setdefault(tool.name, tool)
        return list(chosen.values())


async def open_toolbox(servers: Sequence[Server], rule: AddressRule) -> Toolbox:
    """Raises what McpClient does, if one of the servers does not tell its tools."""
    tools = await asyncio.gather(*(_tools_on(server, rule) for server in servers))
    return Toolbox({_same(server.url): found for server, found in zip(servers, tools, strict=True)})


async def _tools_on(server: Server, rule: AddressRule) -> Sequence[BaseTool]:
    connection = StreamableHttpConnection(
        transport="streamable_http",
        url=server.url,
        headers=dict(server.headers),
        httpx_client_factory=mcp_client_factory(rule),
    )
    client = MultiServerMCPClient({server.url: connection}, tool_interceptors=[_told_to_the_model])
    with named_failures():
        return await client.get_tools()


async def _told_to_the_model(
    request: MCPToolCallRequest, handler: Callable[[MCPToolCallRequest], Awaitable[MCPToolCallResult]]
) -> MCPToolCallResult:
    """A server that cannot be called fails the call, not the run: the model may know what else to do."""
    try:
        with named_failures():
            return await handler(request)
    except WeftError as error:
        return CallToolResult(content=[TextContent(type="text", text=str(error))], isError=True)


def gated(config: ToolsConfig | None) -> dict[str, bool]:
    """The tools that wait for a human. Keys are `<url>::<tool>` with any further parts, or just a tool's name; the
    longer form is preferred."""
    if config is None:
        return {}
    named = {key: value for key, value in config.interrupt_config.items() if "::" not in key}
    exact = {spec.name: value for spec in config.tools for value in _told_of(spec, config.interrupt_config)}
    return {name: True for name, value in {**named, **exact}.items() if value}


def _told_of(spec: ToolSpec, interrupt_config: Mapping[str, bool]) -> Iterator[bool]:
    url = _same(spec.mcp_server_url)
    for key, value in interrupt_config.items():
        for prefix in (f"{url}::", f"{url}/::"):
            rest = key.strip()[len(prefix) :]
            if key.strip().lower().startswith(prefix) and spec.name in rest.split("::"):
                yield value


def _same(url: str) -> str:
    """Equal for spellings of one server."""
    return url.strip().rstrip("/").lower()
