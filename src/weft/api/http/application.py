"""The ASGI application of some APIs."""

from collections.abc import Iterable, Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from weft.api.http.api import Api
from weft.api.http.endpoint import Endpoint
from weft.api.http.router import Router

# Opik's contract: clients are given a base URL that ends in /api, which its proxy takes off.
PREFIX = "/api"


class Application:
    """Leaves the route's path in `scope["route"]`, for whoever measures. A path belongs to the first API whose base it
    begins with."""

    def __init__(self, apis: Sequence[Api], endpoints: Iterable[Endpoint]) -> None:
        self._apis = apis
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
        api, path = self._api_of(scope["path"].removeprefix(PREFIX))
        try:
            endpoint, path_values = self._router.find(scope["method"], path)
            scope["route"] = endpoint.route.path
            return await endpoint.answer(request, path_values)
        except ClientDisconnect:
            raise
        except Exception as error:
            return api.render_error(error)

    def _api_of(self, path: str) -> tuple[Api, str]:
        owned = ((api, api.own_path(path)) for api in self._apis)
        return next(((api, own) for api, own in owned if own is not None), (self._apis[-1], path))
