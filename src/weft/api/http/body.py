"""Request bodies, read in bounded memory whatever the client claims, compresses or leaves unsaid."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

from weft.errors import BodyTooLarge, BodyTooSlow, MalformedJson, UnsupportedEncoding

LARGE_BYTES = 32 * 1024 * 1024
_INFLATE_STEP = 256 * 1024


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """`max_bytes` holds for what is sent and for what it inflates to; `timeout_s` between two parts of a body;
    `max_raw_bytes` for bodies that are not held in memory."""

    max_bytes: int
    timeout_s: float
    max_raw_bytes: int


class RawBody:
    """The bytes of a body in parts, as they come; for once only. Raises what `BodyReader.read` raises."""

    def __init__(self, parts: AsyncIterator[bytes]) -> None:
        self._parts = parts

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._parts


class BodyReader:
    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._one_large_body = asyncio.Lock()

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytearray]:
        """The whole body, inflated. One body above LARGE_BYTES is held at a time: others wait for this context's end.

        Raises BodyTooLarge, BodyTooSlow, UnsupportedEncoding, MalformedJson (for broken gzip) and ClientDisconnect.
        """
        body = bytearray()
        async with AsyncExitStack() as held:
            waiting = True
            async for piece in self._pieces(request, self._limits.max_bytes):
                body += piece
                if waiting and len(body) > LARGE_BYTES:
                    await held.enter_async_context(self._one_large_body)
                    waiting = False
            yield body

    def stream(self, request: Request) -> RawBody:
        """The body, inflated, without holding it."""
        return RawBody(self._pieces(request, self._limits.max_raw_bytes))

    async def _pieces(self, request: Request, limit: int) -> AsyncIterator[bytes]:
        decode = _decoder(request.headers.get("content-encoding", ""))
        length = 0
        _check(_content_length(request), limit)
        async for chunk in self._chunks(request):
            for piece in decode(chunk):
                length += len(piece)
                _check(length, limit)
                if piece:
                    yield piece

    async def _chunks(self, request: Request) -> AsyncIterator[bytes]:
        """The parts as they come, and an empty one at the end."""
        more = True
        while more:
            try:
                async with asyncio.timeout(self._limits.timeout_s):
                    message = await request.receive()
            except TimeoutError as error:
                raise BodyTooSlow(seconds=self._limits.timeout_s) from error
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            more = message.get("more_body", False)
            if chunk := message.get("body", b""):
                yield chunk
        yield b""


def _check(length: int, limit: int) -> None:
    if length > limit:
        raise BodyTooLarge(limit=limit)


def _content_length(request: Request) -> int:
    value = request.headers.get("content-length", "")
    return int(value) if value.isdecimal() else 0


Decode = Callable[[bytes], Iterator[bytes]]


def _decoder(encoding: str) -> Decode:
    match encoding.strip().lower():
        case "" | "identity":
            return _as_it_is
        case "gzip" | "x-gzip":
            return Gunzip()
    raise UnsupportedEncoding(encoding=encoding)


def _as_it_is(chunk: bytes) -> Iterator[bytes]:
    yield chunk


class Gunzip:
    """Inflates parts in steps, so that a bomb is noticed while it is still small. An empty part means the end."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False

    def __call__(self, chunk: bytes) -> Iterator[bytes]:
        try:
            yield from self._inflate(chunk) if chunk else self._finish()
        except zlib.error as error:
            raise MalformedJson(reason="The body is not valid gzip") from error

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        while data:
            if self._member.eof:
                self._member = zlib.decompressobj(wbits=31)
            yield self._member.decompress(data, _INFLATE_STEP)
            data = self._member.unconsumed_tail or self._member.unused_data

    def _finish(self) -> Iterator[bytes]:
        yield self._member.flush()
        if self._begun and not self._member.eof:
            raise MalformedJson(reason="The gzip body ends too early")
