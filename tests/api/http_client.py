"""An application of any routes, in process, on a store and a registry that only answer pings."""

from dataclasses import dataclass, replace
from typing import cast

from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from weft.api.http.route import Route
from weft.api.opik.routes import OPIK
from weft.app import create_app, services_of
from weft.registry import Registry
from weft.settings import Settings
from weft.store.contract import Store

SMALL = Settings(max_body_bytes=1_000_000, body_timeout_s=0.05)


@dataclass
class Pinged:
    failure: Exception | None = None

    async def ping(self) -> None:
        if self.failure:
            raise self.failure


def app_of(routes: tuple[Route, ...], store: Pinged | None = None, settings: Settings = SMALL) -> ASGIApp:
    services = services_of(settings, cast(Store, store or Pinged()), cast(Registry, Pinged()))
    return create_app(settings, services, [replace(OPIK, routes=routes)])


def client_of(app: ASGIApp) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://weft.test")
