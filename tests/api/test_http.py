import asyncio
import gzip
import json
import logging
import zlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from msgspec import UNSET, Raw, Struct, UnsetType
from starlette.types import Message

from tests.api.http_client import SMALL, app_of, client_of
from weft.api.http.call import Call
from weft.api.http.replies import Created, Json, NoContent, Stream
from weft.api.http.route import Route
from weft.errors import StoreUnavailable


class Note(Struct):
    name: str | None = None
    input: Raw | UnsetType = UNSET
    size: int | None = None

    def violations(self) -> list[str]:
        return ["name must not be blank"] if self.name == "" else []


class PageQuery(Struct):
    page: int = 1
    text: str | None = None

    def violations(self) -> list[str]:
        return ["query param page must be greater than or equal to 1"] if self.page < 1 else []


class Echo(Struct, omit_defaults=True, kw_only=True):
    name: str | None = None
    input: str | None = None
    id: UUID | None = None
    page: int | None = None
    text: str | None = None


async def echo_note(call: Call, body: Note) -> Json[Echo]:
    return Json(Echo(name=body.name, input=bytes(body.input).decode() if body.input else None))


async def echo_id(call: Call, id: UUID) -> Json[Echo]:
    return Json(Echo(id=id))


async def echo_name(call: Call, name: str) -> Json[Echo]:
    return Json(Echo(name=name))


async def echo_page(call: Call, query: PageQuery) -> Json[Echo]:
    return Json(Echo(page=query.page, text=query.text))


async def create(call: Call, body: Note) -> Created:
    return Created("0198c7d2-0000-7000-8000-000000000000")


async def forget(call: Call) -> NoContent:
    return NoContent()


async def fail(call: Call) -> NoContent:
    raise ValueError("secret")


async def unavailable(call: Call) -> NoContent:
    raise StoreUnavailable(reason="disk full")


async def lines(texts: list[bytes], failure: Exception | None = None) -> AsyncIterator[bytes]:
    for text in texts:
        yield text
    if failure:
        raise failure


async def stream(call: Call, count: str) -> Stream:
    return Stream(lines([b'{"n":%d}' % n for n in range(int(count))]))


async def stream_that_fails(call: Call, count: str) -> Stream:
    return Stream(lines([b"{}"] * int(count), StoreUnavailable(reason="gone")))


ROUTES = (
    Route("GET", "/v1/notes/{id}", echo_id),
    Route("GET", "/v1/notes/named", echo_page),
    Route("GET", "/v1/names/{name}", echo_name),
    Route("POST", "/v1/notes", create, status=201),
    Route("POST", "/v1/notes/echo", echo_note),
    Route("POST", "/v1/forget", forget),
    Route("GET", "/v1/fail", fail),
    Route("GET", "/v1/unavailable", unavailable),
    Route("POST", "/v1/stream/{count}", stream),
    Route("POST", "/v1/failing-stream/{count}", stream_that_fails),
)


async def send(method: str, path: str, **options: Any) -> httpx.Response:
    async with client_of(app_of(ROUTES)) as client:
        return await client.request(method, path, **options)


async def post(content: bytes | AsyncIterator[bytes], **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await send("POST", "/v1/notes/echo", content=content, headers=named)


async def in_parts(body: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


class TestRouting:
    @pytest.mark.parametrize("path", ["/v1/notes/named", "/api/v1/notes/named", "/v1/notes/named/"])
    async def test_literal_wins_over_parameter_under_both_prefixes(self, path: str) -> None:
        assert (await send("GET", path)).json() == {"page": 1}

    async def test_path_uuid_is_read(self) -> None:
        id = "0198c7d2-0000-7000-8000-00000000000a"
        assert (await send("GET", f"/v1/notes/{id.upper()}")).json() == {"id": id}

    async def test_path_text_is_unquoted(self) -> None:
        assert (await send("GET", "/v1/names/a%20%C3%A9")).json() == {"name": "a é"}

    @pytest.mark.parametrize("path", ["/v1/notes/42", "/v1/nowhere", "/api", "/v1/names/"])
    async def test_unknown_path(self, path: str) -> None:
        response = await send("GET", path)
        assert response.status_code == 404
        assert response.json() == {"code": 404, "message": "HTTP 404 Not Found"}

    async def test_wrong_method(self) -> None:
        response = await send("DELETE", "/v1/notes/echo")
        assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
        assert response.json() == {"code": 405, "message": "HTTP 405 Method Not Allowed"}

    async def test_created_says_where_as_the_client_wrote_it(self) -> None:
        response = await send("POST", "/api/v1/notes", content=b"{}")
        assert (response.status_code, response.content) == (201, b"")
        assert response.headers["location"] == "http://weft.test/api/v1/notes/0198c7d2-0000-7000-8000-000000000000"

    async def test_no_content(self) -> None:
        response = await send("POST", "/v1/forget")
        assert (response.status_code, response.content) == (204, b"")


class TestQuery:
    @pytest.mark.parametrize(
        ("query", "read"),
        [
            ("page=2&unknown=1", {"page": 2}),
            ("page=", {"page": 1}),
            ("text=", {"page": 1, "text": ""}),
            ("text=a%2Bb+c&text=other", {"page": 1, "text": "a+b c"}),
        ],
    )
    async def test_reading(self, query: str, read: dict[str, object]) -> None:
        assert (await send("GET", f"/v1/notes/named?{query}")).json() == read

    async def test_value_of_the_wrong_type(self) -> None:
        response = await send("GET", "/v1/notes/named?page=x")
        assert response.status_code == 400
        assert response.json() == {
            "code": 400,
            "message": "query param page is not valid: Expected `int`, got `str`",
        }

    async def test_broken_rule_is_a_list(self) -> None:
        response = await send("GET", "/v1/notes/named?page=0")
        assert response.status_code == 400
        assert response.json() == {"errors": ["query param page must be greater than or equal to 1"]}


class TestJsonBody:
    @pytest.mark.parametrize(
        ("body", "read"),
        [
            (b"", {}),
            (b'{"name":null,"unknown":{"a":[1]}}', {}),
            (b'{"input":null}', {"input": "null"}),
            (b'{"input": {"a": [1, "NaN"]}}', {"input": '{"a": [1, "NaN"]}'}),
            (b'{"input":{"a":NaN,"b":[-Infinity,"Infinity"]}}', {"input": '{"a":"NaN","b":["-Infinity","Infinity"]}'}),
            (rb'{"name":"\ud800!","input":"\\ud800 \udfff"}', {"name": "�!", "input": r'"\\ud800 \ufffd"'}),
            (rb'{"name":"\ud83d\ude00","input":["\udc00\ud800"]}', {"name": "😀", "input": r'["\ufffd\ufffd"]'}),
            (rb'{"name":"a\u0000b","input":"\u0000"}', {"name": "a\0b", "input": r'"\u0000"'}),
        ],
    )
    async def test_reading(self, body: bytes, read: dict[str, object]) -> None:
        response = await post(body)
        assert (response.status_code, response.json()) == (200, read)

    @pytest.mark.parametrize(
        "body",
        [
            b'{"name":',
            b'{"name":"a"} b',
            b'{"name":"a\x00b"}',
            b'{"name":"\xff"}',
            b'{"input":"\xff"}',
            b'{"input":"\xc3"}',
            b'{"input":nan}',
            b'{"input":"' + rb"\"" * 50_000,
            b'{"input":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            b'{"input":' + b'{"a":' * 100_000,
            b'{"unknown":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        ],
        ids=lambda body: repr(body[:24]),
    )
    async def test_not_json_is_a_message(self, body: bytes) -> None:
        response = await post(body)
        assert response.status_code == 400
        assert response.json()["code"] == 400
        assert response.json()["message"].startswith("Unable to process JSON. ")

    @pytest.mark.parametrize("body", [b'{"name":1}', b'{"size":"1"}', b"[]", b'{"size":99999999999999999999.5}'])
    async def test_wrong_type_is_a_list(self, body: bytes) -> None:
        response = await post(body)
        assert response.status_code == 400
        assert response.json()["errors"][0].startswith("Unable to process JSON. ")

    async def test_broken_rule_is_a_list(self) -> None:
        response = await post(b'{"name":""}')
        assert (response.status_code, response.json()) == (422, {"errors": ["name must not be blank"]})


class TestBodyLimits:
    async def test_gzip(self) -> None:
        response = await post(gzip.compress(b'{"name":"a"}'), Content_Encoding="GZIP")
        assert response.json() == {"name": "a"}

    async def test_gzip_in_parts_and_members(self) -> None:
        body = gzip.compress(b'{"name":"' + b"a" * 300_000) + gzip.compress(b'"}')
        response = await post(in_parts(body, 7), Content_Encoding="gzip")
        assert response.json() == {"name": "a" * 300_000}

    async def test_empty_gzip_is_an_empty_body(self) -> None:
        assert (await post(b"", Content_Encoding="gzip")).json() == {}

    @pytest.mark.parametrize(
        "body",
        [b'{"name":"a"}', gzip.compress(b"{}")[:-3], gzip.compress(b"{}") + b"more", zlib.compress(b"{}")],
        ids=["not gzip", "cut", "followed by more", "zlib"],
    )
    async def test_broken_gzip(self, body: bytes) -> None:
        response = await post(body, Content_Encoding="gzip")
        assert (response.status_code, response.json()["code"]) == (400, 400)

    async def test_bomb(self) -> None:
        response = await post(gzip.compress(b" " * (SMALL.max_body_bytes + 1)), Content_Encoding="gzip")
        assert response.status_code == 413
        assert response.json() == {"code": 413, "message": "The request body is larger than 1000000 bytes"}

    async def test_as_large_as_allowed(self) -> None:
        assert (await post(b'{"name":"a"}'.ljust(SMALL.max_body_bytes))).status_code == 200

    async def test_chunked_and_too_large(self) -> None:
        assert (await post(in_parts(b" " * (SMALL.max_body_bytes + 1)))).status_code == 413

    async def test_announced_as_too_large_is_refused_unread(self) -> None:
        assert (await post(b"{}", Content_Length="1000001")).status_code == 413

    async def test_other_encoding(self) -> None:
        response = await post(b"{}", Content_Encoding="br")
        assert (response.status_code, response.json()["code"]) == (415, 415)

    async def test_client_that_stops_sending_is_cut(self) -> None:
        async def stopping() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.sleep(30)

        response = await post(stopping())
        assert (response.status_code, response.headers["connection"]) == (408, "close")

    async def test_client_that_leaves_is_not_a_surprise(self, caplog: pytest.LogCaptureFixture) -> None:
        messages: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}]
        sent: list[Message] = []

        async def receive() -> Message:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def note(message: Message) -> None:
            sent.append(message)

        with caplog.at_level(logging.INFO, "weft"):
            await app_of(ROUTES)(post_scope("/v1/notes/echo"), receive, note)
        assert sent == []
        assert [vars(record)["fields"]["status"] for record in caplog.records] == [499]


def post_scope(path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }


class TestErrors:
    async def test_surprise_hides_its_text_and_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        response = await send("GET", "/v1/fail")
        assert response.status_code == 500
        assert "secret" not in response.text
        logged = next(record for record in caplog.records if record.name == "weft.api")
        assert f"(ID {vars(logged)['fields']['id']})." in response.json()["message"]
        assert logged.exc_info is not None
        assert str(logged.exc_info[1]) == "secret"

    async def test_unavailable_says_when_to_try_again(self) -> None:
        response = await send("GET", "/v1/unavailable")
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert response.json() == {"code": 503, "message": "The store is not available: disk full"}


class TestReplies:
    async def test_large_reply_is_compressed(self) -> None:
        response = await send("POST", "/v1/notes/echo", content=b'{"name":"%s"}' % (b"a" * 300))
        assert response.headers["content-encoding"] == "gzip"
        assert response.json() == {"name": "a" * 300}

    async def test_small_reply_is_not(self) -> None:
        assert "content-encoding" not in (await post(b'{"name":"a"}')).headers

    async def test_large_reply_to_a_client_without_gzip(self) -> None:
        response = await post(b'{"name":"%s"}' % (b"a" * 300), Accept_Encoding="identity")
        assert "content-encoding" not in response.headers


class TestStream:
    async def test_one_document_per_line(self) -> None:
        response = await send("POST", "/v1/stream/2")
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.content == b'{"n":0}\r\n{"n":1}\r\n'

    async def test_empty(self) -> None:
        response = await send("POST", "/v1/stream/0")
        assert (response.status_code, response.content) == (200, b"")

    async def test_longer_than_a_chunk(self) -> None:
        response = await send("POST", "/v1/stream/20000")
        assert [json.loads(line)["n"] for line in response.content.splitlines()] == list(range(20000))

    async def test_error_before_the_first_line_is_an_ordinary_reply(self) -> None:
        response = await send("POST", "/v1/failing-stream/0")
        assert (response.status_code, response.json()["code"]) == (503, 503)

    async def test_later_error_breaks_the_connection(self) -> None:
        with pytest.raises(StoreUnavailable):
            await send("POST", "/v1/failing-stream/2")


class TestObserving:
    async def test_one_line_in_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO, "weft.requests"):
            await send("POST", "/api/v1/notes/echo?token=secret", content=b'{"name":"secret"}')
        (record,) = caplog.records
        fields = vars(record)["fields"]
        assert fields.pop("duration_ms") >= 0
        assert fields == {
            "method": "POST",
            "path": "/api/v1/notes/echo",
            "route": "/v1/notes/echo",
            "status": 200,
            "complete": True,
            "bytes_in": 17,
            "bytes_out": 17,
        }

    async def test_metrics_are_by_route(self) -> None:
        async with client_of(app_of(ROUTES)) as client:
            await client.get("/v1/names/a")
            await client.get("/v1/names/b")
            await client.get("/v1/wp-login.php")
            text = (await client.get("/metrics")).text
        assert 'weft_requests_total{method="GET",route="/v1/names/{name}",status="200"} 2.0' in text
        assert 'weft_requests_total{method="GET",route="none",status="404"} 1.0' in text
        assert "weft_requests_in_flight 1.0" in text
