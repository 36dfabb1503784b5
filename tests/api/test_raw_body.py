"""Bodies that a handler takes in parts."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from msgspec import Struct

from tests.api.http_client import HOSTS, app_of, client_of
from tests.api.records import message
from weft.api.http.body import RawBody
from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.settings import Settings

SETTINGS = Settings(allowed_hosts=HOSTS, max_body_bytes=10, max_attachment_bytes=1000, body_timeout_s=0.05)


class Measured(Struct):
    parts: int
    size: int


async def measure(call: Call, body: RawBody) -> Json[Measured]:
    sizes = [len(part) async for part in body]
    return Json(Measured(len(sizes), sum(sizes)))


APP = app_of((Route("PUT", "/measure", measure),), settings=SETTINGS)


async def put(content: bytes | AsyncIterator[bytes], **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client_of(APP) as client:
        return await client.put("/measure", content=content, headers=named)


async def of_parts(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_parts_are_passed_on_as_they_come() -> None:
    assert (await put(of_parts(bytes(600), bytes(400)))).json() == {"parts": 2, "size": 1000}


async def test_no_body_is_no_parts() -> None:
    assert (await put(b"")).json() == {"parts": 0, "size": 0}


async def test_gzip_is_inflated() -> None:
    assert (await put(gzip.compress(bytes(900)), content_encoding="gzip")).json()["size"] == 900


@pytest.mark.parametrize("compress", [False, True])
async def test_own_limit(compress: bool) -> None:
    content, encoding = (gzip.compress(bytes(1001)), "gzip") if compress else (bytes(1001), "identity")
    reply = await put(of_parts(content), content_encoding=encoding)
    assert message(reply) == (413, "The request body is larger than 1000 bytes")


async def test_unknown_encoding() -> None:
    assert (await put(b"content", content_encoding="br")).status_code == 415


async def test_a_body_that_stops_coming() -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(60)

    assert (await put(stalling())).status_code == 408


async def test_the_document_calls_it_binary() -> None:
    async with client_of(APP) as client:
        document: dict[str, Any] = (await client.get("/openapi.json")).json()
    operation = document["paths"]["/measure"]["put"]
    assert operation["requestBody"]["content"] == {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
    }
    assert operation["responses"].keys() == {"200", "401", "403", "413", "415", "429"}
