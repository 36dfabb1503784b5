"""Web pages elsewhere cannot read or write a server without keys, by whatever name they reach it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest

from tests.api.keyed import AGENTS, PROJECTS, Keyed
from weft.registry import open_registry
from weft.settings import Settings

LOCAL = ["localhost", "localhost:5173", "LOCALHOST", "127.0.0.1:8080", "127.1.2.3", "[::1]:5173", "[::1]"]
FOREIGN = [
    "evil.example",
    "evil.example:5173",
    "localhost.evil.example",
    "192.168.1.2",
    "[::2]",
    "[",
    "127.0.0.1.nip.io",
]


@pytest.fixture
async def keyed(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Keyed]:
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield Keyed.of(registry, Settings())
    await registry.close()


@pytest.mark.parametrize("host", LOCAL)
async def test_own_names(keyed: Keyed, host: str) -> None:
    assert (await keyed.get("/is-alive/ping", host=host)).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
async def test_foreign_names_are_refused(keyed: Keyed, host: str) -> None:
    reply = await keyed.get("/is-alive/ping", host=host)
    assert (reply.status_code, reply.json()["code"]) == (403, 403)
    assert "--allowed-hosts" in reply.json()["message"]


@pytest.mark.parametrize(
    "origin", ["http://localhost:5173", "http://localhost", "http://127.0.0.1:3000", "http://[::1]:1"]
)
async def test_own_origins(keyed: Keyed, origin: str) -> None:
    assert (await keyed.post(PROJECTS, {"name": "demo"}, origin=origin)).status_code == 201


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "file://", "http://[", "http://localhost.evil.example"]
)
async def test_foreign_origins_are_refused_in_the_shape_of_each_api(keyed: Keyed, origin: str) -> None:
    reply = await keyed.post(PROJECTS, {"name": "demo"}, origin=origin)
    assert (reply.status_code, reply.json()["code"]) == (403, 403)
    flat = await keyed.post(AGENTS, {"name": "demo"}, origin=origin, x_api_key="any")
    assert (flat.status_code, list(flat.json())) == (403, ["error"])


async def test_no_reply_lets_other_pages_read_it(keyed: Keyed) -> None:
    reply = await keyed.get("/is-alive/ping", origin="http://localhost:3000")
    assert not [name for name in reply.headers if name.startswith("access-control-")]


async def test_allowed_hosts(keyed: Keyed) -> None:
    proxied = Keyed.of(keyed.registry, Settings(allowed_hosts="weft.example.org, Weft.Local"))
    for host in ("weft.example.org", "weft.local:80", "localhost"):
        assert (await proxied.get("/is-alive/ping", host=host)).status_code == 200
    assert (await proxied.get("/is-alive/ping", host="evil.example")).status_code == 403
    sent = {"host": "127.0.0.1", "origin": "https://weft.example.org"}
    assert (await proxied.post(PROJECTS, {"name": "demo"}, **sent)).status_code == 201


async def test_beyond_this_machine_any_name_but_no_other_origin(keyed: Keyed) -> None:
    trusting = Keyed.of(keyed.registry, Settings(host="0.0.0.0", allow_unauthenticated=True))
    assert (await trusting.get("/is-alive/ping", host="weft.lan")).status_code == 200
    same = await trusting.post(PROJECTS, {"name": "demo"}, host="weft.lan:80", origin="http://weft.lan:80")
    other = await trusting.post(PROJECTS, {"name": "demo"}, host="weft.lan", origin="http://evil.example")
    assert (same.status_code, other.status_code) == (201, 403)


async def test_a_key_is_enough_under_any_name(keyed: Keyed) -> None:
    key = await keyed.key()
    there = replace(keyed, base_url="http://weft.example.org")
    reply = await there.post(PROJECTS, {"name": "demo"}, authorization=key, origin="https://elsewhere.example")
    assert reply.status_code == 201
