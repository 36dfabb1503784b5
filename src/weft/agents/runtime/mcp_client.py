"""Calls MCP servers by streamable HTTP: each call is a session of its own."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
import httpx
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import McpError

from weft.agents.addresses import AddressRule
from weft.agents.runtime.http_client import client_factory, mcp_client_factory
from weft.agents.runtime.oauth_client import OAuthHttp
from weft.errors import McpServerFailed, McpServerRefused, McpServerUnreachable, WeftError

T = TypeVar("T")

TIMEOUT_S = 10.0  # for all of one call
MAX_PAGES = 100  # of tools
MAX_REASON = 500  # characters of what a server says
NO_MCP = "its answer is not that of an MCP server"


class McpClient:
    """Calls raise McpServerUnreachable, McpServerRefused, McpServerFailed and McpAddressRefused."""

    def __init__(self, rule: AddressRule) -> None:
        self._new_client = mcp_client_factory(rule)
        self.oauth = OAuthHttp(client_factory(rule))

    async def initialize(self, url: str, headers: Mapping[str, str]) -> None:
        await self._call(url, headers, _nothing_more)

    async def list_tools(self, url: str, headers: Mapping[str, str]) -> list[dict[str, Any]]:
        """As MCP spells them."""
        return await self._call(url, headers, _all_tools)

    async def _call(self, url: str, headers: Mapping[str, str], work: Callable[[ClientSession], Awaitable[T]]) -> T:
        """What `work` returns for a session that has been initialized."""
        with named_failures(), anyio.fail_after(TIMEOUT_S) as scope:

            async def end_at_once(message: object) -> None:
                """An answer that is none would be waited for to the end."""
                if isinstance(message, Exception):
                    scope.cancel()

            async with (
                self._new_client(headers=dict(headers)) as http,
                streamable_http_client(url, http_client=http) as (reader, writer, _),
                ClientSession(reader, writer, message_handler=end_at_once) as session,
            ):
                await session.initialize()
                return await work(session)
        raise McpServerFailed(reason=NO_MCP)


async def _nothing_more(session: ClientSession) -> None:
    pass


async def _all_tools(session: ClientSession) -> list[dict[str, Any]]:
    tools: list[dict[str, Any]] = []
    cursor = None
    for _ in range(MAX_PAGES):
        page = await session.list_tools(cursor)
        tools += [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in page.tools]
        cursor = page.nextCursor
        if cursor is None:
            break
    return tools


@contextmanager
def named_failures() -> Iterator[None]:
    """One error of our family in place of the groups of errors that the protocol's tasks raise."""
    try:
        yield
    except Exception as error:
        leaves = list(_leaves(error))
        raise next((ours for ours in leaves if isinstance(ours, WeftError)), _named(leaves[0])) from error


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _named(error: BaseException) -> WeftError:
    if isinstance(error, httpx.HTTPStatusError):
        return _answered(error.response.status_code)
    if isinstance(error, httpx.TransportError | TimeoutError | OSError):
        return McpServerUnreachable(reason=str(error) or "it did not answer in time")
    if isinstance(error, McpError):
        return McpServerFailed(reason=f"it answered with an error: {str(error)[:MAX_REASON]}")
    return McpServerFailed(reason=NO_MCP)


def _answered(status: int) -> WeftError:
    reason = f"it answered {status}"
    if status in (401, 403):
        return McpServerRefused(reason=reason)
    return McpServerUnreachable(reason=reason) if status >= 500 else McpServerFailed(reason=reason)
