"""HTTP to MCP servers and to the authorization servers they name, which are as little trusted as they are."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import httpx
import msgspec
from mcp.shared._httpx_utils import McpHttpClientFactory

from weft.agents.addresses import PORTS, AddressRule, public_address
from weft.errors import McpAddressRefused, McpServerFailed

MAX_ANSWER = 1024 * 1024  # bytes, of metadata and tokens
ANSWERS = ("application/json", "text/event-stream")
ACCEPTED = 202
MAX_KIND = 100  # characters of what a server says that it is

_TIMEOUT = httpx.Timeout(10.0)
# Connections are kept by address, and one made for a name must not serve another name at that address.
_ONE_REQUEST_EACH = httpx.Limits(max_keepalive_connections=0)


def client_factory(rule: AddressRule) -> McpHttpClientFactory:
    """Makes clients that keep the rule for each connection, whatever a name resolved to when it was checked."""
    return partial(_client, rule, ())


def mcp_client_factory(rule: AddressRule) -> McpHttpClientFactory:
    """The same for MCP. What is no answer of an MCP server raises McpServerFailed: the protocol's own client would wait
    for another one."""
    return partial(_client, rule, (_check_answer,))


def _client(
    rule: AddressRule,
    checks: Sequence[Callable[[httpx.Response], Awaitable[None]]],
    headers: dict[str, str] | None = None,
    timeout: httpx.Timeout | None = None,
    auth: httpx.Auth | None = None,
) -> httpx.AsyncClient:
    transport = None if rule.allow_private else _PublicOnly(limits=_ONE_REQUEST_EACH)
    return httpx.AsyncClient(
        headers=headers,
        timeout=timeout or _TIMEOUT,
        auth=auth,
        transport=transport,
        event_hooks={"response": list(checks)},
    )


async def _check_answer(response: httpx.Response) -> None:
    """MCP's contract: requests, which have an id, are answered with JSON or with events."""
    if not (response.is_success and await _is_request(response.request)):
        return
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == ACCEPTED or kind not in ANSWERS:
        told = f"with {kind[:MAX_KIND]!r}" if kind else "without a content type"
        raise McpServerFailed(
            reason=f"it answered {response.status_code} {told}, and an MCP server answers with {' or '.join(ANSWERS)}"
        )


async def _is_request(request: httpx.Request) -> bool:
    if request.method != "POST":
        return False
    message = msgspec.json.decode(await request.aread())  # not read yet, if it was redirected
    return isinstance(message, dict) and "id" in message and "method" in message


class _PublicOnly(httpx.AsyncHTTPTransport):
    """Connects to the address that was looked at: a second look-up could give another one. The name still decides for
    `Host` and for the certificate."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme != "https":
            raise McpAddressRefused(reason=f"{url.host} is named with http; --mcp-allow-private would allow it")
        address = await public_address(url.host, url.port or PORTS["https"])
        connected = httpx.Request(
            request.method,
            url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return await super().handle_async_request(connected)


@asynccontextmanager
async def fetched(
    client: httpx.AsyncClient, request: httpx.Request, limit: int = MAX_ANSWER
) -> AsyncGenerator[httpx.Response, None]:
    """The response with its content. Raises httpx.DecodingError when that is longer than `limit`."""
    response = await client.send(request, stream=True)
    try:
        content = bytearray()
        async for part in response.aiter_bytes():
            content += part
            if len(content) > limit:
                raise httpx.DecodingError(f"more than {limit} bytes", request=request)
        yield httpx.Response(response.status_code, headers=_plain(response), content=bytes(content), request=request)
    finally:
        await response.aclose()


def _plain(response: httpx.Response) -> list[tuple[str, str]]:
    """The headers of what has been uncompressed."""
    return [(name, value) for name, value in response.headers.multi_items() if name != "content-encoding"]
