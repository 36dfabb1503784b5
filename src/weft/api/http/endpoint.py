"""A route made ready to answer: read the request as the handler's signature says, call it, make the response."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.types import ASGIApp

from weft.api.auth import Caller
from weft.api.http.api import Api
from weft.api.http.body import BodyReader, RawBody
from weft.api.http.call import Call
from weft.api.http.decode import BodyDecoder
from weft.api.http.query import QueryDecoder
from weft.api.http.route import Route
from weft.api.http.signature import read_signature
from weft.api.limits import buckets_of
from weft.api.services import Services
from weft.errors import Invalid, InvalidQuery, RouteNotFound


class Endpoint:
    def __init__(self, route: Route, api: Api, services: Services, bodies: BodyReader) -> None:
        self.route = route
        self.api = api
        self.signature = read_signature(route)
        self._services = services
        self._bodies = bodies
        self._buckets = services.limits.counted(buckets_of(route))
        self._path = tuple(self.signature.path.items())
        self._decode_body = _body_decoder(self.signature.body)
        self._decode_query = QueryDecoder[Any](self.signature.query) if self.signature.query else None

    async def answer(self, request: Request, path_values: tuple[str, ...]) -> ASGIApp:
        call = Call(self._services, await self._admit(request), request)
        arguments = self._read_path(path_values)
        if self._decode_query:
            arguments["query"] = self._decode_query(request.scope["query_string"])
            _check(arguments["query"], InvalidQuery)
        if not self._decode_body:
            self._take(call)
        if self.signature.body is RawBody:
            return await self._reply(call, arguments | {"body": self._bodies.stream(request)})
        if not self._decode_body:
            return await self._reply(call, arguments)
        async with self._bodies.read(request) as body:
            arguments["body"] = self._decode_body(body)
            _check(arguments["body"], Invalid)
            self._take(call, arguments["body"])
            return await self._reply(call, arguments)

    async def _admit(self, request: Request) -> Caller:
        door = self._services.door
        return await (door.admit_anyone(request) if self.route.public else door.admit(request, self.api.entrance))

    def _take(self, call: Call, body: object = None) -> None:
        """Raises RateLimited. A batch counts as many times as it has items."""
        if self._buckets:
            count_items = getattr(body, "item_count", None)
            self._services.limits.take(self._buckets, call.caller, count_items() if count_items else 1)

    def _read_path(self, values: tuple[str, ...]) -> dict[str, Any]:
        return {name: _read(value, type) for (name, type), value in zip(self._path, values, strict=True)}

    async def _reply(self, call: Call, arguments: dict[str, Any]) -> ASGIApp:
        reply = await self.route.handler(call, **arguments)
        return await reply.response(call.request)


def _body_decoder(type: Any) -> Callable[[bytearray], Any] | None:
    if type in (None, RawBody):
        return None
    return bytes if type is bytes else BodyDecoder[Any](type)


def _read(value: str, type: type) -> UUID | str:
    """Opik's contract: a path UUID that cannot be read is a path that does not exist."""
    if type is str:
        return value
    try:
        return UUID(value)
    except ValueError as error:
        raise RouteNotFound from error


def _check(struct: object, error: type[Invalid]) -> None:
    rules = getattr(struct, "violations", None)
    if rules and (violations := rules()):
        raise error(violations)
