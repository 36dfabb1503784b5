"""What only spans have (Opik's contract, H.1, F.2, F.8)."""

from dataclasses import replace
from typing import Any

import pytest

from tests.api.records import NOT_VERSION_7, START, Body, Records, listed, message, named, names
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPAN_FIELDS: Body = {
    "type": "llm",
    "model": "gpt-4o",
    "provider": "openai",
    "usage": {"prompt_tokens": 3, "original_usage.prompt_tokens": 3, "negative": -1},
    "total_estimated_cost": 0.000000000001,
}
PRICED: Body = {"model": "gpt-4o-2024-08-06", "provider": "openai", "usage": {"prompt_tokens": 1_000_000}}
REFERENCES = [
    ({"trace_id": NOT_VERSION_7}, "Span trace id must be a version 7 UUID"),
    ({"parent_span_id": NOT_VERSION_7}, "Span parent id must be a version 7 UUID"),
]


class TestCreate:
    async def test_every_field_comes_back_as_it_was_sent(self, spans: Records) -> None:
        fields = SPAN_FIELDS | {"parent_span_id": new_id()}
        span = await spans.get(await spans.create(**fields))
        assert {name: span[name] for name in fields} == fields
        assert span["trace_id"] == spans.always["trace_id"]
        assert "total_estimated_cost_version" not in span

    async def test_without_a_type_it_is_general(self, spans: Records) -> None:
        assert (await spans.get(await spans.create()))["type"] == "general"

    @pytest.mark.parametrize("fields", [{"name": "second"}, {"name": "first"}])
    async def test_a_repeated_create_changes_nothing(self, spans: Records, fields: Body) -> None:
        id = await spans.create(name="first", end_time=START)
        before = await spans.get(id)
        assert (await spans.post(id=id, **fields)).status_code == 201
        assert await spans.get(id) == before

    @pytest.mark.parametrize(("fields", "details"), REFERENCES)
    async def test_references_of_another_version_are_refused(self, spans: Records, fields: Body, details: str) -> None:
        for reply in (await spans.post(**fields), await spans.post_batch(spans.body(), spans.body(**fields))):
            assert message(reply) == (400, "Invalid UUID for id")
            assert reply.json()["details"] == details
        assert not await spans.has_project()

    @pytest.mark.parametrize(
        ("fields", "violation"),
        [
            ({"trace_id": None}, "traceId must not be null"),
            ({"total_estimated_cost": -0.1}, "totalEstimatedCost must be greater than or equal to 0"),
            ({"total_estimated_cost": 1e15}, "totalEstimatedCost must be less than 1000000000000000"),
        ],
    )
    async def test_violations(self, spans: Records, fields: Body, violation: str) -> None:
        assert listed(await spans.post(**fields)) == (422, [violation])
        assert listed(await spans.post_batch(spans.body(**fields))) == (422, [f"spans[0].{violation}"])
        assert listed(await spans.patch(new_id(), **fields)) == (422, [violation])


class TestCosts:
    async def test_it_is_computed_where_the_client_gives_none(self, spans: Records) -> None:
        span = await spans.get(await spans.create(**PRICED))
        assert span["total_estimated_cost"] == 2.5
        assert span["total_estimated_cost_version"].startswith("genai-prices ")

    async def test_what_the_client_gives_wins_and_has_no_version(self, spans: Records) -> None:
        span = await spans.get(await spans.create(**PRICED, total_estimated_cost=1))
        assert (span["total_estimated_cost"], span.get("total_estimated_cost_version")) == (1, None)

    async def test_none_is_left_out(self, spans: Records) -> None:
        for fields in ({}, {"total_estimated_cost": 0}, {"model": "no such model", "provider": "openai"}):
            assert "total_estimated_cost" not in await spans.get(await spans.create(**fields))

    async def test_it_follows_a_patch_of_the_usage(self, spans: Records) -> None:
        id = await spans.create(**PRICED)
        await spans.patch(id, usage={"prompt_tokens": 2_000_000})
        assert (await spans.get(id))["total_estimated_cost"] == 5
        await spans.patch(id, total_estimated_cost=1)
        span = await spans.get(id)
        assert (span["total_estimated_cost"], span.get("total_estimated_cost_version")) == (1, None)


class TestGet:
    async def test_it_names_its_project(self, spans: Records) -> None:
        assert (await spans.get(await spans.create()))["project_name"] == spans.project


class TestUpdate:
    async def test_every_field_may_be_given(self, spans: Records) -> None:
        id = await spans.create(usage={"old": 1})
        assert (await spans.patch(id, **SPAN_FIELDS)).status_code == 204
        span = await spans.get(id)
        assert {name: span[name] for name in SPAN_FIELDS} == SPAN_FIELDS

    async def test_the_trace_must_be_named(self, spans: Records) -> None:
        assert listed(await spans.patch(new_id(), trace_id=None)) == (422, ["traceId must not be null"])
        assert listed(await spans.patch_batch([new_id()], {"trace_id": None})) == (422, ["traceId must not be null"])

    @pytest.mark.parametrize("field", ["trace_id", "parent_span_id"])
    async def test_another_place_in_the_trace_conflicts(self, spans: Records, field: str) -> None:
        id = await spans.create(name="kept", parent_span_id=new_id())
        reply = await spans.patch(id, name="new", **{field: new_id()})
        assert listed(reply) == (409, [f"{field} does not match the existing span"])
        assert (await spans.get(id))["name"] == "kept"

    @pytest.mark.parametrize(("fields", "details"), REFERENCES)
    async def test_references_of_another_version_are_refused(self, spans: Records, fields: Body, details: str) -> None:
        reply = await spans.patch(new_id(), **fields)
        assert (message(reply)[0], reply.json()["details"]) == (400, details)

    async def test_what_is_not_there_is_made_at_its_place(self, spans: Records) -> None:
        id, parent = new_id(), new_id()
        await spans.patch(id, parent_span_id=parent, usage={"x": 1})
        span = await spans.get(id)
        assert (span["trace_id"], span["parent_span_id"]) == (spans.always["trace_id"], parent)
        assert (span["start_time"], span["usage"]) == ("1970-01-01T00:00:00Z", {"x": 1})


class TestDelete:
    async def test_spans_cannot_be_deleted_alone(self, spans: Records) -> None:
        id = await spans.create()
        status, _ = message(await spans.client.delete(f"{spans.path}/{id}"))
        assert (status, await spans.is_there(id)) == (501, True)


class TestFind:
    async def test_of_a_trace_and_of_a_type(self, spans: Records) -> None:
        other = replace(spans, always={"trace_id": new_id()})
        await spans.post_batch(*named(spans, {"type": "llm"}, {}), *named(other, {"type": "llm"}))
        for narrowed, found in (
            ({"trace_id": spans.always["trace_id"]}, ["b", "a"]),
            ({"trace_id": spans.always["trace_id"], "type": "llm"}, ["a"]),
            ({"type": "general"}, ["b"]),
            ({"trace_id": new_id()}, []),
        ):
            assert names(await spans.find(**narrowed)) == found
            assert names(await spans.stream(**narrowed)) == found

    async def test_an_unknown_type_is_a_bad_request(self, spans: Records) -> None:
        await spans.create()
        assert message(await spans.list_reply(type="other"))[0] == 400
        assert listed(await spans.search_reply(type="other"))[0] == 400

    async def test_a_project_must_be_given_even_with_a_trace(self, spans: Records) -> None:
        trace_id = await spans.create()
        reply = await spans.client.get(spans.path, params={"trace_id": trace_id})
        assert message(reply) == (400, "Either 'project_name' or 'project_id' query params must be provided")

    @pytest.mark.parametrize(
        ("filter", "found"),
        [
            ({"field": "model", "operator": "starts_with", "value": "GPT"}, ["a"]),
            ({"field": "type", "operator": "in", "value": "tool,llm"}, ["b"]),
            ({"field": "usage.total_tokens", "operator": ">", "value": "5"}, ["b"]),
            ({"field": "total_estimated_cost", "operator": "<", "value": "1"}, ["a"]),
        ],
        ids=lambda value: value["field"] if isinstance(value, dict) else "",
    )
    async def test_filters(self, spans: Records, filter: Body, found: list[str]) -> None:
        a = {"model": "gpt-4o", "usage": {"total_tokens": 5}, "total_estimated_cost": 0.5}
        b = {"type": "llm", "usage": {"total_tokens": 6}, "total_estimated_cost": 1}
        await spans.post_batch(*named(spans, a, b))
        assert names(await spans.find(filters=[filter])) == found
        assert names(await spans.stream(filters=[filter])) == found

    @pytest.mark.parametrize("field", ["model", "usage.x", "total_estimated_cost", "type"])
    async def test_sorting(self, spans: Records, field: str) -> None:
        a: dict[str, Any] = {"model": "m2", "usage": {"x": 2}, "total_estimated_cost": 2, "type": "tool"}
        b: dict[str, Any] = {"model": "m1", "usage": {"x": 1}, "total_estimated_cost": 1, "type": "llm"}
        await spans.post_batch(*named(spans, a, b))
        assert names(await spans.find(sorting=[{"field": field, "direction": "ASC"}])) == ["b", "a"]
