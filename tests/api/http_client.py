"""An application of any routes, in process, on a store and a registry that only answer pings."""

from dataclasses import dataclass
from typing import cast

from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from weft.api.http.route import Route
from weft.app import create_app
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
    return create_app(settings, cast(Store, store or Pinged()), cast(Registry, Pinged()), routes)


def client_of(app: ASGIApp) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://weft.test")
