"""Server-sent events on the wire, as LangGraph's Agent Server frames them: lines end with CRLF, comments show that the
connection lives, and the end of the response is the end of the events."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

HEARTBEAT_S = 5.0
STALLED_S = 60.0  # a client that takes nothing for so long has left
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}

_HEARTBEAT = b": heartbeat\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Event:
    """`data` is JSON text on one line."""

    id: str
    name: str
    data: str

    def encode(self) -> bytes:
        return f"event: {self.name}\r\ndata: {self.data}\r\nid: {self.id}\r\n\r\n".encode()


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class EventStream:
    """200, whatever happens later. `on_leave` is called when the client goes before the end."""

    events: AsyncGenerator[Event, None]
    headers: Mapping[str, str] = field(default_factory=dict)
    on_leave: Callable[[], Awaitable[None]] = _nothing
    heartbeat_s: float = HEARTBEAT_S

    async def response(self, request: Request) -> ASGIApp:
        return self._send

    async def _send(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A failure of the events breaks the connection, so that an incomplete stream does not look complete."""
        line = _Line(send)
        sending = asyncio.create_task(self._send_all(line))
        beside = [asyncio.create_task(work) for work in (_wait_for_disconnect(receive), line.beat(self.heartbeat_s))]
        try:
            await asyncio.wait((sending, beside[0]), return_when=asyncio.FIRST_COMPLETED)
            if not sending.done() or isinstance(sending.exception(), ClientDisconnect):
                await self.on_leave()
        finally:
            for task in (sending, *beside):
                task.cancel()
            await asyncio.wait((sending, *beside))
            await self.events.aclose()
        if not sending.cancelled():
            sending.result()

    async def _send_all(self, line: "_Line") -> None:
        await line.start({**HEADERS, **self.headers})
        async for event in self.events:
            await line.send(event.encode())
        await line.end()


class _Line:
    """To the client, who is told every few seconds that it is there."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._started = self._quiet = False

    async def start(self, headers: Mapping[str, str]) -> None:
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": 200, "headers": encoded})
        self._started = True

    async def send(self, body: bytes) -> None:
        """Raises ClientDisconnect when the client takes nothing."""
        self._quiet = False
        try:
            async with asyncio.timeout(STALLED_S):
                await self._send({"type": "http.response.body", "body": body, "more_body": True})
        except TimeoutError as error:
            raise ClientDisconnect from error

    async def end(self) -> None:
        self._started = False
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def beat(self, every_s: float) -> None:
        """Whenever nothing was sent for so long."""
        while True:
            self._quiet = True
            await asyncio.sleep(every_s)
            if self._quiet and self._started:
                await self.send(_HEARTBEAT)


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
