"""Signing in with a browser: a key for a cookie, which changes something only together with the CSRF token."""

from collections.abc import AsyncIterator
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path
from shutil import copy

import httpx
import pytest

from tests.api.keyed import AGENTS, PROJECTS, Keyed
from weft.registry import open_registry
from weft.settings import Settings

SESSION = "/v1/session"
SIGNED_OUT = {
    "keys_in_force": True,
    "signed_in": False,
    "user_name": None,
    "workspace_name": None,
    "csrf_token": None,
}


@pytest.fixture
async def keyed(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Keyed]:
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield Keyed.of(registry, Settings())
    await registry.close()


@pytest.fixture
async def browser(keyed: Keyed) -> AsyncIterator[httpx.AsyncClient]:
    """Signed in to the workspace `team` as ada."""
    async with keyed.client() as browser:
        reply = await browser.post(SESSION, json={"key": await keyed.key("team")})
        assert reply.status_code == 200
        yield browser


async def csrf_token(browser: httpx.AsyncClient) -> str:
    return str((await browser.get(SESSION)).json()["csrf_token"])


async def test_without_keys_nobody_has_to_sign_in(keyed: Keyed) -> None:
    everyone = {"signed_in": True, "user_name": "admin", "workspace_name": "default", "csrf_token": None}
    for reply in (await keyed.get(SESSION), await keyed.post(SESSION, {"key": "any"})):
        assert (reply.status_code, reply.json()) == (200, {"keys_in_force": False, **everyone})
        assert "set-cookie" not in reply.headers


async def test_signed_out(keyed: Keyed) -> None:
    await keyed.key()
    assert (await keyed.get(SESSION)).json() == SIGNED_OUT


@pytest.mark.parametrize("body", [{"key": "weft_wrong"}, {"key": " "}, {}])
async def test_a_wrong_key_opens_no_session(keyed: Keyed, body: dict[str, str]) -> None:
    await keyed.key()
    reply = await keyed.post(SESSION, body)
    assert reply.status_code == 401
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(("base_url", "secure"), [("http://localhost", ""), ("https://weft.example.org", True)])
async def test_scripts_and_other_sites_do_not_get_the_cookie(keyed: Keyed, base_url: str, secure: object) -> None:
    reply = await replace(keyed, base_url=base_url).post(SESSION, {"key": await keyed.key()})
    (cookie,) = SimpleCookie(reply.headers["Set-Cookie"]).values()
    kept = {name: cookie[name] for name in ("httponly", "samesite", "path", "max-age", "secure")}
    assert kept == {"httponly": True, "samesite": "Strict", "path": "/", "max-age": "1209600", "secure": secure}
    assert reply.headers["Cache-Control"] == "no-store"
    assert cookie.value not in reply.text


async def test_the_cookie_reads_what_its_key_would(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/v1/private/auth/workspace")).json() == {"workspace_name": "team"}
    assert (await browser.get(AGENTS)).status_code == 200
    assert (await browser.get(PROJECTS + "/retrieve", headers={"Comet-Workspace": "default"})).status_code == 403
    about = (await browser.get(SESSION)).json()
    assert (about["signed_in"], about["user_name"], about["workspace_name"]) == (True, "ada", "team")


@pytest.mark.parametrize("path", [PROJECTS, AGENTS])
async def test_changes_need_the_csrf_token(browser: httpx.AsyncClient, path: str) -> None:
    for wrong in (b"", "é".encode(), b"0" * 64):
        reply = await browser.post(path, json={"name": "demo"}, headers={b"X-CSRF-Token": wrong})
        assert reply.status_code == 403
        assert "X-CSRF-Token" in reply.text
    token = {"X-CSRF-Token": await csrf_token(browser)}
    assert (await browser.post(path, json={"name": "demo"}, headers=token)).status_code == 201


async def test_each_session_has_a_token_of_its_own(browser: httpx.AsyncClient, keyed: Keyed) -> None:
    async with keyed.client() as second:
        await second.post(SESSION, json={"key": await keyed.key("team")})
        headers = {"X-CSRF-Token": await csrf_token(second)}
    assert (await browser.post(PROJECTS, json={"name": "demo"}, headers=headers)).status_code == 403


async def test_signing_out_ends_the_session_wherever_it_is(browser: httpx.AsyncClient, keyed: Keyed) -> None:
    stolen = {"cookie": f"weft_session={browser.cookies['weft_session']}"}
    assert (await browser.delete(SESSION)).status_code == 403
    reply = await browser.delete(SESSION, headers={"X-CSRF-Token": await csrf_token(browser)})
    assert (reply.status_code, reply.json()) == (200, SIGNED_OUT)
    assert not browser.cookies
    assert (await keyed.get(PROJECTS + "/retrieve", **stolen)).status_code == 401


async def test_other_sites_cannot_sign_a_browser_in(keyed: Keyed) -> None:
    reply = await keyed.post(SESSION, {"key": await keyed.key()}, origin="https://evil.example")
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers
