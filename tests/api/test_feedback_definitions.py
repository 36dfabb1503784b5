"""The feedback definitions API."""

import json
from typing import Any

import httpx
import pytest

from weft.model.ids import new_id

DEFINITIONS = "/v1/private/feedback-definitions"

NUMERICAL: dict[str, Any] = {"type": "numerical", "details": {"min": 0.0, "max": 1.5}}
CATEGORICAL: dict[str, Any] = {"type": "categorical", "details": {"categories": {"bad": 0.0, "good": 1.0}}}
BOOLEAN: dict[str, Any] = {"type": "boolean", "details": {"true_label": "Pass", "false_label": "Fail"}}


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    return registry_client


async def create(client: httpx.AsyncClient, name: str, definition: dict[str, Any], **fields: object) -> str:
    """The id of a new definition."""
    reply = await client.post(DEFINITIONS, json={"name": name, **definition, **fields})
    assert (reply.status_code, reply.content) == (201, b"")
    return reply.headers["Location"].removeprefix(f"http://weft{DEFINITIONS}/")


async def get(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    reply = await client.get(f"{DEFINITIONS}/{id}")
    assert reply.status_code == 200
    return dict(reply.json())


async def found(client: httpx.AsyncClient, **query: object) -> list[str]:
    """The names of the definitions on a page."""
    reply = await client.get(DEFINITIONS, params={name: str(value) for name, value in query.items()})
    assert reply.status_code == 200
    return [definition["name"] for definition in reply.json()["content"]]


def errors(reply: httpx.Response) -> tuple[int, list[str]]:
    return reply.status_code, reply.json()["errors"]


class TestCreate:
    @pytest.mark.parametrize("definition", [NUMERICAL, CATEGORICAL, BOOLEAN], ids=lambda value: value["type"])
    async def test_every_type(self, client: httpx.AsyncClient, definition: dict[str, Any]) -> None:
        id = await create(client, " Quality ", definition, description="of the answer")
        stored = await get(client, id)
        assert stored.pop("created_at") == stored.pop("last_updated_at")
        assert stored == definition | {
            "id": id,
            "name": "Quality",
            "description": "of the answer",
            "created_by": "admin",
            "last_updated_by": "admin",
        }

    async def test_labels_in_the_published_spelling(self, client: httpx.AsyncClient) -> None:
        details = {"trueLabel": "Pass", "falseLabel": "Fail"}
        id = await create(client, "passed", {"type": "boolean", "details": details})
        assert (await get(client, id))["details"] == BOOLEAN["details"]

    async def test_a_name_that_is_taken_conflicts(self, client: httpx.AsyncClient) -> None:
        await create(client, "Quality", NUMERICAL)
        reply = await client.post(DEFINITIONS, json={"name": "quality", **BOOLEAN})
        assert errors(reply) == (409, ["Feedback already exists"])

    @pytest.mark.parametrize(
        ("body", "violations"),
        [
            ({**NUMERICAL, "name": None}, ["name must not be blank"]),
            ({**NUMERICAL, "description": "x" * 256}, ["description cannot exceed 255 characters"]),
            ({**NUMERICAL, "details": None}, ["details must not be null"]),
            ({**NUMERICAL, "details": {"max": 1}}, ["details.min must not be null"]),
            ({**NUMERICAL, "details": {"min": 1}}, ["details.max must not be null"]),
            ({**NUMERICAL, "details": {"min": 1, "max": 1}}, ["details.min has to be smaller than details.max"]),
            ({**CATEGORICAL, "details": {}}, ["details.categories must not be null"]),
            (
                {**CATEGORICAL, "details": {"categories": {"good": 1}}},
                ["details.categories size must be between 2 and 2147483647"],
            ),
            (
                {**BOOLEAN, "name": " ", "details": {"true_label": " "}},
                [
                    "name must not be blank",
                    "details.trueLabel must not be blank",
                    "details.falseLabel must not be blank",
                ],
            ),
        ],
    )
    async def test_violations(self, client: httpx.AsyncClient, body: dict[str, Any], violations: list[str]) -> None:
        assert errors(await client.post(DEFINITIONS, json={"name": "quality", **body})) == (422, violations)

    @pytest.mark.parametrize("body", [{"name": "a"}, {"name": "a", "type": "textual"}])
    async def test_without_a_type_that_there_is(self, client: httpx.AsyncClient, body: dict[str, Any]) -> None:
        assert (await client.post(DEFINITIONS, json=body)).status_code == 400


class TestFind:
    async def test_the_envelope(self, client: httpx.AsyncClient) -> None:
        for name in ("a", "b", "c"):
            await create(client, name, NUMERICAL)
        page = (await client.get(DEFINITIONS, params={"page": 2, "size": 2})).json()
        assert [definition["name"] for definition in page.pop("content")] == ["a"]
        sortable_by = ["name", "type", "created_at", "last_updated_at"]
        assert page == {"page": 2, "size": 1, "total": 3, "sortable_by": sortable_by}

    async def test_by_part_of_a_name_and_by_type(self, client: httpx.AsyncClient) -> None:
        await create(client, "Answer quality", NUMERICAL)
        await create(client, "quality", BOOLEAN)
        await create(client, "tone", NUMERICAL)
        assert await found(client, name="QUALITY") == ["quality", "Answer quality"]
        assert await found(client, type="numerical") == ["tone", "Answer quality"]
        assert await found(client, name="quality", type="boolean") == ["quality"]

    async def test_sorted(self, client: httpx.AsyncClient) -> None:
        for name, definition in (("b", NUMERICAL), ("A", CATEGORICAL), ("c", BOOLEAN)):
            await create(client, name, definition)
        assert await found(client, sorting=json.dumps([{"field": "name"}])) == ["A", "b", "c"]
        assert await found(client, sorting=json.dumps([{"field": "type", "direction": "DESC"}])) == ["b", "A", "c"]

    async def test_refused_queries(self, client: httpx.AsyncClient) -> None:
        refused = [{"page": "0"}, {"size": "0"}, {"type": "textual"}, {"sorting": "[{"}]
        replies = [await client.get(DEFINITIONS, params=query) for query in refused]
        assert [reply.status_code for reply in replies] == [400] * len(refused)


class TestGet:
    async def test_unknown(self, client: httpx.AsyncClient) -> None:
        reply = await client.get(f"{DEFINITIONS}/{new_id()}")
        assert errors(reply) == (404, ["Feedback definition not found"])


class TestReplace:
    async def test_all_of_it_but_its_origin(self, client: httpx.AsyncClient) -> None:
        id = await create(client, "quality", NUMERICAL, description="gone afterwards")
        before = await get(client, id)
        reply = await client.put(f"{DEFINITIONS}/{id}", json={"name": "Quality", **BOOLEAN})
        assert (reply.status_code, reply.content) == (204, b"")
        after = await get(client, id)
        assert (after["name"], after["type"], after["details"]) == ("Quality", "boolean", BOOLEAN["details"])
        assert "description" not in after
        assert after["created_at"] == before["created_at"] < after["last_updated_at"]

    async def test_by_a_name_that_is_taken_conflicts(self, client: httpx.AsyncClient) -> None:
        await create(client, "quality", NUMERICAL)
        id = await create(client, "tone", NUMERICAL)
        reply = await client.put(f"{DEFINITIONS}/{id}", json={"name": "QUALITY", **NUMERICAL})
        assert errors(reply) == (409, ["Feedback already exists"])

    async def test_violations(self, client: httpx.AsyncClient) -> None:
        reply = await client.put(f"{DEFINITIONS}/{new_id()}", json={"type": "boolean"})
        assert errors(reply) == (422, ["name must not be blank", "details must not be null"])

    async def test_unknown(self, client: httpx.AsyncClient) -> None:
        reply = await client.put(f"{DEFINITIONS}/{new_id()}", json={"name": "a", **NUMERICAL})
        assert errors(reply) == (404, ["Feedback definition not found"])


class TestDelete:
    async def test_one_again_and_again(self, client: httpx.AsyncClient) -> None:
        id = await create(client, "quality", NUMERICAL)
        for _ in range(2):
            assert (await client.delete(f"{DEFINITIONS}/{id}")).status_code == 204
        assert await found(client) == []

    async def test_several_unknown_ids_passed_over(self, client: httpx.AsyncClient) -> None:
        ids = [await create(client, name, NUMERICAL) for name in ("a", "b", "c")]
        reply = await client.post(f"{DEFINITIONS}/delete", json={"ids": [*ids[:2], new_id()]})
        assert (reply.status_code, await found(client)) == (204, ["c"])

    async def test_no_ids(self, client: httpx.AsyncClient) -> None:
        reply = await client.post(f"{DEFINITIONS}/delete", json={"ids": []})
        assert errors(reply) == (422, ["ids size must be between 1 and 1000"])
