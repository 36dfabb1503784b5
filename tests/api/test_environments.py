"""The environments API."""

from typing import Any

import httpx
import pytest

from weft.model.ids import new_id

ENVIRONMENTS = "/v1/private/environments"


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    return registry_client


async def create(client: httpx.AsyncClient, name: str, **fields: object) -> str:
    """The id of a new environment."""
    reply = await client.post(ENVIRONMENTS, json={"name": name, **fields})
    assert (reply.status_code, reply.content) == (201, b"")
    return reply.headers["Location"].removeprefix(f"http://weft{ENVIRONMENTS}/")


async def get(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    reply = await client.get(f"{ENVIRONMENTS}/{id}")
    assert reply.status_code == 200
    return dict(reply.json())


def errors(reply: httpx.Response) -> tuple[int, list[str]]:
    return reply.status_code, reply.json()["errors"]


class TestCreate:
    async def test_with_everything(self, client: httpx.AsyncClient) -> None:
        id = new_id()
        assert await create(client, "prod", id=id, description="the real one", color="#abcdef", position=7) == id
        stored = await get(client, id)
        stamps = {stored.pop(name) for name in ("created_at", "last_updated_at")}
        assert len(stamps) == 1
        assert stored == {
            "id": id,
            "name": "prod",
            "description": "the real one",
            "color": "#abcdef",
            "position": 7,
            "created_by": "admin",
            "last_updated_by": "admin",
        }

    async def test_a_name_that_is_taken_conflicts(self, client: httpx.AsyncClient) -> None:
        await create(client, "prod")
        reply = await client.post(ENVIRONMENTS, json={"name": "prod"})
        assert errors(reply) == (409, ["Environment with name 'prod' already exists in the workspace"])

    async def test_no_more_than_a_hundred(self, client: httpx.AsyncClient) -> None:
        for number in range(100):
            await create(client, f"e{number}")
        reply = await client.post(ENVIRONMENTS, json={"name": "one-more"})
        assert errors(reply) == (409, ["Workspace already has the maximum of 100 environments"])

    async def test_an_id_of_another_version_is_refused(self, client: httpx.AsyncClient) -> None:
        reply = await client.post(ENVIRONMENTS, json={"name": "prod", "id": "f47ac10b-58cc-4372-a567-0e02b2c3d479"})
        assert reply.status_code == 400
        assert reply.json()["details"] == "environment id must be a version 7 UUID"

    @pytest.mark.parametrize(
        ("fields", "violations"),
        [
            ({"name": None}, ["name must not be blank"]),
            ({"name": " "}, ["name must not be blank", "name must match '^[A-Za-z0-9_-]+$'"]),
            ({"name": "no good"}, ["name must match '^[A-Za-z0-9_-]+$'"]),
            ({"name": "prod\n"}, ["name must match '^[A-Za-z0-9_-]+$'"]),
            ({"name": "x" * 151}, ["name cannot exceed 150 characters"]),
            ({"description": "x" * 501}, ["description cannot exceed 500 characters"]),
            ({"color": "x" * 21}, ["color cannot exceed 20 characters"]),
        ],
    )
    async def test_violations(self, client: httpx.AsyncClient, fields: dict[str, Any], violations: list[str]) -> None:
        assert errors(await client.post(ENVIRONMENTS, json={"name": "prod", **fields})) == (422, violations)

    async def test_a_position_beyond_32_bits_is_refused(self, client: httpx.AsyncClient) -> None:
        assert (await client.post(ENVIRONMENTS, json={"name": "prod", "position": 2**31})).status_code == 400


class TestFind:
    async def test_all_on_one_page_the_oldest_first(self, client: httpx.AsyncClient) -> None:
        for name in ("b", "a", "c"):
            await create(client, name)
        page = (await client.get(ENVIRONMENTS)).json()
        assert [(found["name"], found["position"]) for found in page.pop("content")] == [("b", 0), ("a", 1), ("c", 2)]
        assert page == {"page": 1, "size": 3, "total": 3, "sortable_by": ["created_at"]}

    async def test_none_yet(self, client: httpx.AsyncClient) -> None:
        assert (await client.get(ENVIRONMENTS)).json()["content"] == []


class TestGet:
    async def test_unknown(self, client: httpx.AsyncClient) -> None:
        reply = await client.get(f"{ENVIRONMENTS}/{new_id()}")
        assert errors(reply) == (404, ["Environment not found"])


class TestUpdate:
    async def test_sets_what_is_given(self, client: httpx.AsyncClient) -> None:
        id = await create(client, "prod", description="old", color="#abcdef")
        reply = await client.patch(f"{ENVIRONMENTS}/{id}", json={"description": "new", "name": "live", "color": None})
        assert (reply.status_code, reply.content) == (204, b"")
        stored = await get(client, id)
        assert (stored["name"], stored["description"], stored["color"]) == ("live", "new", "#abcdef")

    async def test_to_a_name_that_is_taken_conflicts(self, client: httpx.AsyncClient) -> None:
        await create(client, "prod")
        id = await create(client, "test")
        reply = await client.patch(f"{ENVIRONMENTS}/{id}", json={"name": "prod"})
        assert errors(reply) == (409, ["Environment with name 'prod' already exists in the workspace"])

    async def test_violations(self, client: httpx.AsyncClient) -> None:
        reply = await client.patch(f"{ENVIRONMENTS}/{new_id()}", json={"name": "", "color": "x" * 21})
        assert errors(reply) == (422, ["name must match '^[A-Za-z0-9_-]+$'", "color cannot exceed 20 characters"])

    async def test_unknown(self, client: httpx.AsyncClient) -> None:
        reply = await client.patch(f"{ENVIRONMENTS}/{new_id()}", json={"color": "red"})
        assert errors(reply) == (404, ["Environment not found"])


class TestDelete:
    async def test_unknown_ids_are_passed_over(self, client: httpx.AsyncClient) -> None:
        ids = [await create(client, name) for name in ("a", "b", "c")]
        reply = await client.post(f"{ENVIRONMENTS}/delete", json={"ids": [ids[0], ids[2], new_id()]})
        assert (reply.status_code, reply.content) == (204, b"")
        assert [found["name"] for found in (await client.get(ENVIRONMENTS)).json()["content"]] == ["b"]

    async def test_no_ids(self, client: httpx.AsyncClient) -> None:
        reply = await client.post(f"{ENVIRONMENTS}/delete", json={})
        assert errors(reply) == (422, ["ids must not be null"])
