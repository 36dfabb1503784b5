"""An application on a registry of its own, with keys, and clients that have one."""

from dataclasses import dataclass
from typing import cast

import httpx
from starlette.types import ASGIApp

from tests.api.http_client import Pinged
from weft.app import create_app, services_of
from weft.registry import Registry
from weft.settings import Settings
from weft.store.contract import Store

PROJECTS = "/v1/private/projects"
AGENTS = "/v1/deepagents/agents"


@dataclass
class Keyed:
    registry: Registry
    app: ASGIApp
    base_url: str = "http://localhost"

    @staticmethod
    def of(registry: Registry, settings: Settings) -> "Keyed":
        return Keyed(registry, create_app(settings, services_of(settings, cast(Store, Pinged()), registry)))

    async def key(self, workspace: str = "default", user: str = "ada") -> str:
        """Of a workspace that is made when there is none."""
        workspaces = self.registry.workspaces
        found = await workspaces.find_by_name(workspace) or await workspaces.create(workspace)
        return (await self.registry.api_keys.create(found.id, "", user))[1]

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Headers have `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=self.base_url, headers=named)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        async with self.client(**headers) as client:
            return await client.get(path)

    async def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        async with self.client(**headers) as client:
            return await client.post(path, json=body)
