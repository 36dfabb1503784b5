"""The API of keys: made, listed and revoked by those whom a key lets in."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from typing import Any

import httpx
import pytest

from tests.api.keyed import AGENTS, PROJECTS, Keyed
from weft.model.ids import new_id
from weft.registry import open_registry
from weft.settings import Settings

KEYS = "/v1/private/api-keys"
SESSION = "/v1/session"


@pytest.fixture
async def keyed(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Keyed]:
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield Keyed.of(registry, Settings())
    await registry.close()


@pytest.fixture
async def ada(keyed: Keyed) -> AsyncIterator[httpx.AsyncClient]:
    """With a key of the workspace `team`."""
    async with keyed.client(authorization=await keyed.key("team")) as client:
        yield client


async def create(client: httpx.AsyncClient, **fields: str) -> dict[str, Any]:
    reply = await client.post(KEYS, json={"name": "laptop", **fields})
    assert reply.status_code == 201, reply.text
    assert reply.headers["Location"] == f"http://localhost{KEYS}/{reply.json()['id']}"
    return dict(reply.json())


async def listed(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await client.get(KEYS)).json()["content"])


def errors(reply: httpx.Response) -> tuple[int, list[str]]:
    return reply.status_code, reply.json()["errors"]


class TestCreate:
    async def test_a_key_works_at_once_and_is_told_once(self, keyed: Keyed, ada: httpx.AsyncClient) -> None:
        made = await create(ada, name=" ci ")
        key = made.pop("key")
        assert (await keyed.get("/v1/private/auth/workspace", authorization=key)).json() == {"workspace_name": "team"}
        assert key not in (await ada.get(KEYS)).text
        assert made == (await listed(ada))[0]
        assert key.startswith(made["begins_with"])
        assert (made["name"], made["user_name"], made["revoked_at"], made["current"]) == ("ci", "ada", None, False)

    async def test_for_a_user_who_is_new_here(self, ada: httpx.AsyncClient) -> None:
        assert (await create(ada, user_name="grace"))["user_name"] == "grace"
        assert (await create(ada, user_name="ada"))["user_name"] == "ada"

    @pytest.mark.parametrize("other", ["grace", "admin"])
    async def test_nobody_makes_keys_to_work_as_another(self, keyed: Keyed, ada: httpx.AsyncClient, other: str) -> None:
        await keyed.registry.api_keys.revoke(await keyed.key("team", "grace"))
        reply = await ada.post(KEYS, json={"name": "hers", "user_name": other})
        assert errors(reply) == (
            409,
            [
                f"'{other}' is another user, whose keys only `weft keys create --user` makes; "
                "take a name that is new here"
            ],
        )
        assert {key["user_name"] for key in await listed(ada)} == {"ada", "grace"}

    async def test_users_of_other_workspaces_are_others(self, keyed: Keyed, ada: httpx.AsyncClient) -> None:
        await keyed.key("other", "grace")
        assert (await create(ada, user_name="grace"))["user_name"] == "grace"

    @pytest.mark.parametrize(
        ("body", "violations"),
        [
            ({}, ["name must not be blank"]),
            ({"name": " "}, ["name must not be blank"]),
            ({"name": "x" * 151}, ["name cannot exceed 150 characters"]),
            ({"name": "ci", "user_name": ""}, ["user_name must not be blank"]),
            (
                {"name": "", "user_name": "x" * 151},
                ["name must not be blank", "user_name cannot exceed 150 characters"],
            ),
        ],
    )
    async def test_violations(self, ada: httpx.AsyncClient, body: dict[str, str], violations: list[str]) -> None:
        assert errors(await ada.post(KEYS, json=body)) == (422, violations)
        assert len(await listed(ada)) == 1

    async def test_what_is_no_text_is_refused(self, ada: httpx.AsyncClient) -> None:
        assert (await ada.post(KEYS, json={"name": 1})).status_code == 400

    async def test_a_session_makes_one_with_the_csrf_token(self, keyed: Keyed) -> None:
        async with keyed.client() as browser:
            session = await browser.post(SESSION, json={"key": await keyed.key()})
            assert (await browser.post(KEYS, json={"name": "ci"})).status_code == 403
            browser.headers["X-CSRF-Token"] = session.json()["csrf_token"]
            await create(browser)
            assert [key["current"] for key in await listed(browser)] == [False, True]


class TestTheFirst:
    async def test_from_then_on_every_request_needs_one(self, keyed: Keyed) -> None:
        assert (await keyed.get(SESSION)).json()["keys_in_force"] is False
        async with keyed.client() as anyone:
            made = await create(anyone)
        assert made["user_name"] == "admin"
        for path in (KEYS, PROJECTS, AGENTS):
            assert (await keyed.get(path)).status_code == 401
        assert (await keyed.get(SESSION)).json()["keys_in_force"] is True
        assert (await keyed.get(KEYS, authorization=made["key"])).json()["content"][0]["current"] is True

    async def test_its_maker_signs_in_with_it_and_goes_on_in_the_same_workspace(self, keyed: Keyed) -> None:
        async with keyed.client() as browser:
            made = await create(browser)
            session = (await browser.post(SESSION, json={"key": made["key"]})).json()
            assert (session["signed_in"], session["user_name"], session["workspace_name"]) == (True, "admin", "default")
            assert [key["current"] for key in await listed(browser)] == [True]

    async def test_others_cannot_make_it(self, keyed: Keyed) -> None:
        settings = Settings(host="0.0.0.0", allow_unauthenticated=True)
        reply = await Keyed.of(keyed.registry, settings).post(KEYS, {"name": "mine"})
        assert (reply.status_code, "weft keys create" in reply.json()["message"]) == (403, True)
        first = await keyed.key()
        async with Keyed.of(keyed.registry, settings).client(authorization=first) as holder:
            assert (await create(holder))["user_name"] == "ada"

    async def test_a_page_elsewhere_cannot_make_it(self, keyed: Keyed) -> None:
        reply = await keyed.post(KEYS, {"name": "ci"}, origin="http://evil.example")
        assert reply.status_code == 403
        assert (await keyed.get(SESSION)).json()["keys_in_force"] is False


class TestFind:
    async def test_the_newest_first_and_revoked_ones_too(self, ada: httpx.AsyncClient) -> None:
        ids = [(await create(ada, name=name))["id"] for name in ("one", "two")]
        await ada.post(f"{KEYS}/{ids[0]}/revoke")
        page = (await ada.get(KEYS)).json()
        assert [(key["name"], key["revoked_at"] is None) for key in page.pop("content")] == [
            ("two", True),
            ("one", False),
            ("", True),
        ]
        assert page == {"page": 1, "size": 3, "total": 3, "sortable_by": []}

    async def test_none_without_keys(self, keyed: Keyed) -> None:
        assert (await keyed.get(KEYS)).json()["content"] == []


class TestRevoke:
    async def test_it_opens_nothing_from_the_next_request_on(self, keyed: Keyed, ada: httpx.AsyncClient) -> None:
        made = await create(ada)
        async with keyed.client(authorization=made["key"]) as client:
            assert (await client.get(KEYS)).status_code == 200
            assert (await ada.post(f"{KEYS}/{made['id']}/revoke")).status_code == 204
            assert (await client.get(KEYS)).status_code == 401
        assert (await listed(ada))[0]["revoked_at"] is not None

    async def test_its_sessions_end_with_it(self, keyed: Keyed, ada: httpx.AsyncClient) -> None:
        made = await create(ada)
        async with keyed.client() as browser:
            await browser.post(SESSION, json={"key": made["key"]})
            assert (await browser.get(KEYS)).status_code == 200
            await ada.post(f"{KEYS}/{made['id']}/revoke")
            assert (await browser.get(KEYS)).status_code == 401
            assert (await browser.get(SESSION)).json()["signed_in"] is False

    async def test_the_last_one_leaves_only_the_command(self, keyed: Keyed, ada: httpx.AsyncClient) -> None:
        (own,) = await listed(ada)
        assert (await ada.post(f"{KEYS}/{own['id']}/revoke")).status_code == 204
        assert (await ada.get(KEYS)).status_code == 401
        assert (await keyed.get(PROJECTS, authorization=await keyed.key())).status_code != 401

    async def test_one_that_is_not_there_or_revoked_already(self, ada: httpx.AsyncClient) -> None:
        gone = (await create(ada))["id"]
        await ada.post(f"{KEYS}/{gone}/revoke")
        for id in (gone, new_id()):
            reply = await ada.post(f"{KEYS}/{id}/revoke")
            text = f"There is no key {id} that could be revoked; `weft keys list` shows those there are"
            assert (reply.status_code, reply.json()) == (404, {"code": 404, "message": text})

    async def test_not_by_another_workspace(self, keyed: Keyed, ada: httpx.AsyncClient) -> None:
        (own,) = await listed(ada)
        reply = await keyed.post(f"{KEYS}/{own['id']}/revoke", {}, authorization=await keyed.key("other"))
        assert reply.status_code == 404
        assert len(await listed(ada)) == 1
