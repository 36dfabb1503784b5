from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from msgspec import UNSET, Raw, Struct, UnsetType

from tests.api.http_client import app_of, client_of
from weft.api.http.call import Call
from weft.api.http.replies import Created, CreatedWith, Json, NoContent, Stream
from weft.api.http.route import Route
from weft.api.opik.routes import ROUTES
from weft.errors import NotFound, TraceExists


class Score(Struct):
    name: str
    value: Decimal
    input: Raw | UnsetType = UNSET
    category: str | None = None

    def violations(self) -> list[str]:
        return []


class ScoreQuery(Struct):
    name: str
    page: int = 1


async def get_score(call: Call, id: UUID, query: ScoreQuery) -> Json[Score]:
    """One score."""
    raise NotFound(entity="Score id", id=id)


async def create_score(call: Call, body: Score) -> Created:
    return Created("1")


async def delete_score(call: Call, id: UUID) -> NoContent:
    return NoContent()


async def copy_score(call: Call, id: UUID) -> CreatedWith[Score]:
    raise AssertionError("not called")


async def import_scores(call: Call, body: bytes) -> NoContent:
    return NoContent()


async def search(call: Call) -> Stream:
    raise AssertionError("not called")


SCORES = (
    Route("GET", "/v1/private/scores/{id}", get_score, other_statuses=(503,), errors=(NotFound,)),
    Route("POST", "/v1/private/scores/{id}", copy_score),
    Route("DELETE", "/v1/private/scores/{id}", delete_score),
    Route("POST", "/v1/private/scores", create_score, errors=(TraceExists,)),
    Route("POST", "/v1/private/scores/search", search),
)


async def document(routes: tuple[Route, ...]) -> dict[str, Any]:
    async with client_of(app_of(routes)) as client:
        response = await client.get("/openapi.json")
    return dict(response.json())


async def test_parameters() -> None:
    operation = (await document(SCORES))["paths"]["/v1/private/scores/{id}"]["get"]
    assert (operation["operationId"], operation["summary"], operation["tags"]) == (
        "get_score",
        "One score.",
        ["scores"],
    )
    assert operation["parameters"] == [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
        {"name": "name", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "page", "in": "query", "required": False, "schema": {"type": "integer", "default": 1}},
    ]


async def test_body_and_its_types() -> None:
    described = await document(SCORES)
    body = described["paths"]["/v1/private/scores"]["post"]["requestBody"]["content"]["application/json"]
    assert body == {"schema": {"$ref": "#/components/schemas/Score"}}
    properties = described["components"]["schemas"]["Score"]["properties"]
    assert properties["value"] == {"type": "number"}
    assert properties["category"] == {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}
    assert properties["input"] == {}


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/v1/private/scores/{id}", "get", ["200", "400", "404", "503"]),
        ("/v1/private/scores/{id}", "post", ["201", "404"]),
        ("/v1/private/scores/{id}", "delete", ["204", "404"]),
        ("/v1/private/scores", "post", ["201", "400", "409", "413", "415", "422"]),
        ("/v1/private/scores/search", "post", ["200"]),
    ],
)
async def test_replies(path: str, method: str, statuses: list[str]) -> None:
    responses = (await document(SCORES))["paths"][path][method]["responses"]
    limited = ["429"] if method != "get" and not path.endswith("/search") else []
    assert sorted(responses) == sorted([*statuses, "401", "403", *limited])


async def test_bodies_of_replies() -> None:
    item = (await document(SCORES))["paths"]["/v1/private/scores/{id}"]
    described = [item["get"]["responses"]["200"], item["get"]["responses"]["503"], item["post"]["responses"]["201"]]
    score = {"application/json": {"schema": {"$ref": "#/components/schemas/Score"}}}
    assert [reply["content"] for reply in described] == [score] * 3
    assert described[2]["headers"].keys() == {"Location"}


async def test_body_of_several_media_types() -> None:
    media_types = (("text/csv", bytes), ("application/json", Score))
    described = await document((Route("POST", "/v1/private/scores", import_scores, media_types=media_types),))
    content = described["paths"]["/v1/private/scores"]["post"]["requestBody"]["content"]
    assert content == {
        "text/csv": {"schema": {"type": "string", "format": "binary"}},
        "application/json": {"schema": {"$ref": "#/components/schemas/Score"}},
    }


async def test_errors_have_the_shapes_they_are_sent_in() -> None:
    responses = (await document(SCORES))["paths"]["/v1/private/scores"]["post"]["responses"]
    schemas = {status: responses[status]["content"]["application/json"]["schema"] for status in ("400", "409", "413")}
    listed, message = {"$ref": "#/components/schemas/ErrorList"}, {"$ref": "#/components/schemas/ErrorMessage"}
    assert schemas == {"400": {"anyOf": [message, listed]}, "409": listed, "413": message}


async def test_health_and_new_comments_have_their_replies_in_the_document() -> None:
    paths = (await document(ROUTES))["paths"]
    assert sorted(paths["/health-check"]["get"]["responses"]) == ["200", "403", "503"]
    created = paths["/v1/private/traces/{id}/comments"]["post"]["responses"]["201"]
    assert created["content"] == {"application/json": {"schema": {"$ref": "#/components/schemas/CommentCreated"}}}


async def test_every_route_is_in_the_document_and_its_references_lead_somewhere() -> None:
    described = await document(ROUTES)
    assert {(method.upper(), path) for path, item in described["paths"].items() for method in item} == {
        (route.method, route.path) for route in ROUTES
    }
    for reference in references(described):
        assert reference.removeprefix("#/components/schemas/") in described["components"]["schemas"]


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in references(item)]
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for item in node.values() for found in references(item)]
    return []


class Elsewhere:
    class Score(Struct):
        other: str


async def get_score_elsewhere(call: Call) -> Json[Elsewhere.Score]:
    raise AssertionError("not called")


async def test_types_of_one_name_are_refused() -> None:
    """One would stand in the document in the place of the other."""
    routes = (*SCORES, Route("GET", "/v1/private/elsewhere", get_score_elsewhere))
    client = client_of(app_of(routes))
    assert (await client.get("/openapi.json")).status_code == 500
