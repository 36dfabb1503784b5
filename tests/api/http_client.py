"""An application of any routes, in process, on a store and a registry that only answer pings."""

from dataclasses import dataclass, replace
from typing import cast

from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from weft.api.http.route import Route
from weft.api.opik.routes import OPIK
from weft.app import create_app, services_of
from weft.registry import Registry
from weft.registry.api_keys import Keys
from weft.settings import Settings
from weft.store.contract import Store

HOSTS = "weft,weft.test,elsewhere.test"

SMALL = Settings(allowed_hosts=HOSTS, max_body_bytes=1_000_000, body_timeout_s=0.05)


@dataclass
class Pinged:
    """Also a registry in which nobody has made a key."""

    failure: Exception | None = None

    @property
    def api_keys(self) -> "Pinged":
        return self

    async def read(self) -> Keys:
        return Keys(any_made=False, holders={}, sessions={})

    async def ping(self) -> None:
        if self.failure:
            raise self.failure


def app_of(routes: tuple[Route, ...], store: Pinged | None = None, settings: Settings = SMALL) -> ASGIApp:
    services = services_of(settings, cast(Store, store or Pinged()), cast(Registry, Pinged()))
    return create_app(settings, services, [replace(OPIK, routes=routes)])


def client_of(app: ASGIApp) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://weft.test")
