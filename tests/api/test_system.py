from typing import Any

import httpx
import pytest

from tests.api.http_client import Pinged, app_of, client_of
from weft.api.opik.system import ROUTES
from weft.errors import StoreUnavailable


async def send(method: str, path: str, store: Pinged | None = None, **options: Any) -> httpx.Response:
    async with client_of(app_of(ROUTES, store)) as client:
        return await client.request(method, path, **options)


@pytest.mark.parametrize("prefix", ["", "/api"])
async def test_ping(prefix: str) -> None:
    response = await send("GET", f"{prefix}/is-alive/ping")
    assert response.json() == {"message": "Healthy Server", "healthy": True}


async def test_version_is_new_enough_for_clients() -> None:
    version = (await send("GET", "/is-alive/ver")).json()["version"]
    assert tuple(map(int, version.split("."))) >= (2, 2, 8)


async def test_healthy() -> None:
    response = await send("GET", "/health-check?name=all&type=ready")
    assert response.status_code == 200
    assert response.json() == [
        {"name": "store", "healthy": True, "critical": True, "type": "READY"},
        {"name": "registry", "healthy": True, "critical": True, "type": "READY"},
    ]


@pytest.mark.parametrize("failure", [StoreUnavailable(reason="gone"), OSError("gone")])
async def test_store_that_fails_is_not_healthy(failure: Exception) -> None:
    response = await send("GET", "/health-check", Pinged(failure))
    assert response.status_code == 503
    assert [part["healthy"] for part in response.json()] == [False, True]


async def test_auth_without_a_body() -> None:
    response = await send("POST", "/v1/private/auth", headers={"Authorization": "any", "Comet-Workspace": "other"})
    assert (response.status_code, response.content) == (204, b"")


async def test_workspace_is_the_default_whatever_the_headers_say() -> None:
    response = await send("GET", "/v1/private/auth/workspace", headers={"Comet-Workspace": "other"})
    assert response.json() == {"workspace_name": "default"}


async def test_permissions() -> None:
    response = await send("GET", "/v1/private/workspace-permissions")
    assert response.json() == {"user_name": "admin", "workspace_name": "default", "permissions": []}


@pytest.mark.parametrize("path", ["/v1/private/toggles", "/v1/private/toggles/"])
async def test_toggles_are_off(path: str) -> None:
    toggles = (await send("GET", path)).json()
    assert set(toggles.values()) == {False}
    assert all(name.endswith("_enabled") for name in toggles)
