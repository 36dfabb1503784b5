"""Search results on the wire. Opik's contract: each JSON document is followed by CRLF, with nothing else between,
and completeness is told by the end of the response: a stream that fails is cut, without an error line."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

CHUNK_BYTES = 64 * 1024
STALLED_S = 60.0  # a client that takes nothing for so long is cut, since it holds a reader of the store

MEDIA_TYPE = b"application/octet-stream"


class LineStream:
    def __init__(self, first: bytes | None, rest: AsyncIterator[bytes]) -> None:
        self._first = first
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.create_task(self._send_all(send))
        leaving = asyncio.create_task(_wait_for_disconnect(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.wait((sending, leaving))
            if isinstance(self._rest, AsyncGenerator):
                await self._rest.aclose()
        if not sending.cancelled():
            sending.result()

    async def _send_all(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", MEDIA_TYPE)]})
        async for chunk in self._chunks():
            await _send_body(send, chunk, more=True)
            await asyncio.sleep(0)  # what is read ahead comes on, and other requests have their turn
        await _send_body(send, b"", more=False)

    async def _chunks(self) -> AsyncIterator[bytes]:
        if self._first is None:
            return
        chunk = bytearray(self._first + b"\r\n")
        async for line in self._rest:
            if len(chunk) >= CHUNK_BYTES:
                yield bytes(chunk)
                chunk.clear()
            chunk += line
            chunk += b"\r\n"
        yield bytes(chunk)


async def open_line_stream(lines: AsyncIterator[bytes]) -> LineStream:
    """Awaits the first line, and raises what it raises."""
    return LineStream(await anext(lines, None), lines)


async def _send_body(send: Send, body: bytes, more: bool) -> None:
    try:
        async with asyncio.timeout(STALLED_S):
            await send({"type": "http.response.body", "body": body, "more_body": more})
    except TimeoutError as error:
        raise ClientDisconnect from error


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
