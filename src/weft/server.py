"""Runs the application on a socket, with uvicorn."""

import gc
import signal
import socket
import sys
from asyncio import AbstractEventLoop, Transport
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

YOUNG_OBJECTS = 100_000  # so many new ones, as ten large batches are, before the garbage collector looks at them
SWITCH_S = 0.001  # after which a thread that waits for the interpreter gets it
SHUTDOWN_S = 5  # for requests in flight, once asked to stop


class CannotServe(Exception):
    """The text says why, in one line."""


def listen(host: str, port: int) -> socket.socket:
    """Raises CannotServe."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise CannotServe(f"Cannot listen on {host}, port {port}: {error.strerror or error}") from error


async def _nothing() -> None:
    pass


async def serve_app(app: ASGIApp, listener: socket.socket, stop: Callable[[], Awaitable[None]] = _nothing) -> None:
    """Returns after SIGINT or SIGTERM, when the requests in flight have been answered or SHUTDOWN_S have passed. `stop`
    is called before, to end what would keep requests in flight."""
    config = uvicorn.Config(
        cast(Any, app),
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    with _collecting_seldom(), _switching_soon():
        await _Server(config, stop).serve(sockets=[listener])


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """What there is when serving begins is there to stay: looking through it again and again would take a tenth of the
    time that a write takes."""
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _switching_soon() -> Iterator[None]:
    """Threads that come back from an engine wait for this thread to let them go on. Python's 5 ms are longer than most
    queries take: with 1 ms, writes were a fifth quicker, and the first event of 50 runs at once a third."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, stop: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._stop = stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._stop()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own raises the signal again when it is done, which would end the process with the store open."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield


class _Protocol(HttpToolsProtocol):
    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(cast(Transport, JoinedWrites(transport, self.loop)))


class JoinedWrites:
    """A transport that sends the head of a reply together with the body that follows.

    uvicorn writes the two apart, which is a second system call and a second packet for each small reply. A write waits
    for the next one, or for the end of this turn of the event loop. What is for a connection that was lost meanwhile is
    dropped, as uvloop's own transport would raise.
    """

    def __init__(self, transport: Transport, loop: AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def write(self, data: bytes) -> None:
        if self._held is None:
            self._held = data
            self._loop.call_soon(self._flush)
        else:
            held, self._held = self._held, None
            if not self._transport.is_closing():
                self._transport.writelines([held, data])

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            if not self._transport.is_closing():
                self._transport.write(held)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
