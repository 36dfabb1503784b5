"""The ASGI application of a route table."""

from collections.abc import Callable, Iterable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from weft.api.http.endpoint import Endpoint
from weft.api.http.router import Router

RenderError = Callable[[Exception], Response]

# Opik's contract: clients are given a base URL that ends in /api, which its proxy takes off.
PREFIX = "/api"


class Application:
    """Leaves the route's path in `scope["route"]`, for whoever measures."""

    def __init__(self, endpoints: Iterable[Endpoint], render_error: RenderError) -> None:
        self._render_error = render_error
        self._router = Router[Endpoint]()
        for endpoint in endpoints:
            self._router.add(endpoint.route.method, endpoint.route.path, endpoint)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(scope, receive, send)
            await response(scope, receive, send)
        except ClientDisconnect:
            return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> ASGIApp:
        request = Request(scope, receive, send)
        try:
            endpoint, path_values = self._router.find(scope["method"], scope["path"].removeprefix(PREFIX))
            scope["route"] = endpoint.route.path
            return await endpoint.answer(request, path_values)
        except ClientDisconnect:
            raise
        except Exception as error:
            return self._render_error(error)
