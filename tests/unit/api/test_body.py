import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive

from weft.api.http.body import LARGE_BYTES, BodyLimits, BodyReader
from weft.errors import BodyTooLarge

HUGE = b" " * (LARGE_BYTES + 1)


def request(receive: Receive) -> Request:
    return Request({"type": "http", "headers": []}, receive)


def sending(*chunks: bytes) -> Receive:
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1]["more_body"] = False

    async def receive() -> Message:
        return messages.pop(0)

    return receive


async def test_one_large_body_at_a_time_while_small_ones_pass() -> None:
    reader = BodyReader(BodyLimits(max_bytes=2 * LARGE_BYTES, timeout_s=5, max_raw_bytes=1))
    second_is_in = asyncio.Event()

    async def read_second() -> None:
        async with reader.read(request(sending(HUGE))):
            second_is_in.set()

    async with reader.read(request(sending(HUGE))):
        second = asyncio.create_task(read_second())
        async with reader.read(request(sending(b"{", b"}"))) as small:
            assert small == b"{}"
        assert not second_is_in.is_set()
    await second
    assert second_is_in.is_set()


async def test_body_that_fails_lets_the_next_large_one_in() -> None:
    reader = BodyReader(BodyLimits(max_bytes=LARGE_BYTES + 1, timeout_s=5, max_raw_bytes=1))
    for _ in range(2):
        with pytest.raises(BodyTooLarge):
            await reader.read(request(sending(HUGE, b"x"))).__aenter__()
