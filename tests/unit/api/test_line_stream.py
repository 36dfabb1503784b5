import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope

from weft.api.http import line_stream
from weft.api.http.line_stream import CHUNK_BYTES, open_line_stream

SCOPE: Scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}


class Lines:
    """Endless, and knows whether it was closed."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.sent = 0
        self.closed = False

    async def __call__(self) -> AsyncIterator[bytes]:
        try:
            while True:
                await asyncio.sleep(0)
                self.sent += 1
                yield self.line
        finally:
            await asyncio.sleep(0)
            self.closed = True


class Client:
    """Leaves, or stops reading, once it has this many parts of a body."""

    def __init__(self, parts: int, stalls: bool = False) -> None:
        self.bodies: list[bytes] = []
        self._parts = parts
        self._stalls = stalls
        self._gone = asyncio.Event()
        self.full = asyncio.Event()

    async def receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self.bodies.append(message["body"])
        if len(self.bodies) >= self._parts:
            self.full.set()
            if self._stalls:
                await asyncio.Event().wait()
            self._gone.set()


async def test_client_that_leaves_ends_the_stream() -> None:
    lines, client = Lines(b"x" * CHUNK_BYTES), Client(parts=2)
    await (await open_line_stream(lines()))(SCOPE, client.receive, client.send)
    assert lines.closed
    assert lines.sent < 10


async def test_client_that_stops_reading_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_stream, "STALLED_S", 0.01)
    lines, client = Lines(b"x" * CHUNK_BYTES), Client(parts=2, stalls=True)
    stream = await open_line_stream(lines())
    with pytest.raises(ClientDisconnect):
        await stream(SCOPE, client.receive, client.send)
    assert lines.closed


async def test_server_that_stops_closes_the_lines() -> None:
    lines, client = Lines(b"x" * CHUNK_BYTES), Client(parts=2, stalls=True)
    stream = await open_line_stream(lines())
    answering = asyncio.create_task(stream(SCOPE, client.receive, client.send))
    await client.full.wait()
    answering.cancel()
    await asyncio.wait([answering])
    assert answering.cancelled()
    assert lines.closed


async def test_short_lines_travel_together() -> None:
    lines, client = Lines(b"x"), Client(parts=1)
    await (await open_line_stream(lines()))(SCOPE, client.receive, client.send)
    assert len(client.bodies[0]) >= CHUNK_BYTES


async def test_compressed_parts_can_be_read_as_they_come() -> None:
    lines, client = Lines(b"x" * CHUNK_BYTES), Client(parts=1)

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        await (await open_line_stream(lines()))(scope, receive, send)

    await GZipMiddleware(app)(SCOPE, client.receive, client.send)
    assert zlib.decompressobj(wbits=31).decompress(client.bodies[0]) == lines.line + b"\r\n"
