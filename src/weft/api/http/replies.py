"""What handlers return. Properties that are None are left out if the Struct says `omit_defaults=True`."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from weft.api.http.line_stream import open_line_stream

T_co = TypeVar("T_co", covariant=True)

ENCODER = msgspec.json.Encoder(decimal_format="number")


class Reply(Protocol):
    async def response(self, request: Request) -> ASGIApp: ...


@dataclass(frozen=True, slots=True)
class Json(Generic[T_co]):
    value: T_co
    status: int = 200
    headers: dict[str, str] | None = None

    async def response(self, request: Request) -> ASGIApp:
        return json_response(self.value, self.status, self.headers)


@dataclass(frozen=True, slots=True)
class NoContent:
    async def response(self, request: Request) -> ASGIApp:
        return Response(status_code=204)


@dataclass(frozen=True, slots=True)
class Created:
    """201. Opik's contract: `Location` is the URL of the request, as the client wrote it, with the new id."""

    id: str

    async def response(self, request: Request) -> ASGIApp:
        return Response(status_code=201, headers=_location_of(request, self.id))


@dataclass(frozen=True, slots=True)
class CreatedWith(Generic[T_co]):
    """As Created, with a value."""

    id: str
    value: T_co

    async def response(self, request: Request) -> ASGIApp:
        return json_response(self.value, 201, _location_of(request, self.id))


@dataclass(frozen=True, slots=True)
class Redirect:
    """302. `location` may be relative to the URL of the request."""

    location: str

    async def response(self, request: Request) -> ASGIApp:
        return Response(status_code=302, headers={"Location": self.location})


@dataclass(frozen=True, slots=True)
class Stream:
    """One JSON document per item. The first is awaited before the response starts, so that its errors are ordinary
    replies; a later failure breaks the connection."""

    lines: AsyncIterator[bytes]

    async def response(self, request: Request) -> ASGIApp:
        return await open_line_stream(self.lines)


@dataclass(frozen=True, slots=True)
class Content:
    body: bytes
    media_type: str

    async def response(self, request: Request) -> ASGIApp:
        return Response(self.body, media_type=self.media_type)


def json_response(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(ENCODER.encode(value), status, headers, media_type="application/json")


def _location_of(request: Request, id: str) -> dict[str, str]:
    return {"Location": f"{_url_as_written(request)}/{id}"}


def _url_as_written(request: Request) -> str:
    host = request.headers.get("host", "localhost")
    path: bytes = request.scope["raw_path"]
    return f"{request.scope['scheme']}://{host}{path.decode('ascii').rstrip('/')}"
