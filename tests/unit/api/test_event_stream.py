"""Events as they go over the wire, and what happens to them when the client leaves."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.requests import Request
from starlette.types import Message

from weft.api.http.event_stream import Event, EventStream


class Client:
    """Takes messages until it leaves."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.arrived = asyncio.Condition()
        self.left = asyncio.Event()

    async def get(self, stream: EventStream) -> None:
        response = await stream.response(Request({"type": "http"}))
        await response({}, self.receive, self.send)

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        async with self.arrived:
            self.messages.append(message)
            self.arrived.notify_all()

    async def has(self, body: bytes) -> None:
        async with self.arrived:
            await self.arrived.wait_for(lambda: body in self.body)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)


class Source:
    """One event, then nothing until `go_on`."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.closed = False

    async def events(self) -> AsyncGenerator[Event, None]:
        try:
            yield Event("1", "values", '{"a":"é"}')
            await self.go_on.wait()
            yield Event("2", "values|tools:1", "null")
        finally:
            self.closed = True


async def test_frames() -> None:
    client, source = Client(), Source()
    source.go_on.set()
    await client.get(EventStream(source.events(), {"Content-Location": "/threads/t/runs/r"}))
    assert client.body.decode() == (
        'event: values\r\ndata: {"a":"é"}\r\nid: 1\r\n\r\nevent: values|tools:1\r\ndata: null\r\nid: 2\r\n\r\n'
    )
    assert dict(client.messages[0]["headers"]) == {
        b"content-type": b"text/event-stream; charset=utf-8",
        b"cache-control": b"no-store",
        b"x-accel-buffering": b"no",
        b"content-location": b"/threads/t/runs/r",
    }
    assert client.messages[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_a_quiet_stream_has_a_heartbeat() -> None:
    client, source = Client(), Source()
    getting = asyncio.create_task(client.get(EventStream(source.events(), heartbeat_s=0.01)))
    await client.has(b": heartbeat\r\n\r\n: heartbeat\r\n\r\n")
    source.go_on.set()
    await getting
    assert client.body.endswith(b"event: values|tools:1\r\ndata: null\r\nid: 2\r\n\r\n")


async def test_a_client_that_leaves_ends_the_events() -> None:
    client, source = Client(), Source()
    left: list[bool] = []

    async def leave() -> None:
        left.append(True)

    getting = asyncio.create_task(client.get(EventStream(source.events(), on_leave=leave)))
    await client.has(b"id: 1")
    client.left.set()
    await getting
    assert (source.closed, left) == (True, [True])


async def test_a_failure_cuts_the_stream() -> None:
    async def events() -> AsyncGenerator[Event, None]:
        yield Event("1", "values", "{}")
        raise OSError("disk full")

    client = Client()
    with pytest.raises(OSError, match="disk full"):
        await client.get(EventStream(events()))
    assert client.messages[-1]["more_body"]
