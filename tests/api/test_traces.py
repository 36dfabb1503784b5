"""What only traces have (Opik's contract, B.1, B.6, B.7, B.11, F.1)."""

import asyncio
from typing import Any

import pytest

from tests.api.records import Body, Records, listed, names
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def add_span(traces: Records, trace_id: str, **fields: object) -> str:
    return await Records(traces.client, "span", traces.project, {"trace_id": trace_id}).create(**fields)


async def add_score(traces: Records, noun: str, id: str) -> None:
    body = {"name": "quality", "value": 1, "source": "sdk"}
    reply = await traces.client.put(f"/v1/private/{noun}s/{id}/feedback-scores", json=body)
    assert reply.status_code == 204


class TestCreate:
    @pytest.mark.parametrize("end_time", [None, "2026-01-02T03:04:06Z"])
    async def test_a_trace_that_is_there_already_conflicts(self, traces: Records, end_time: str | None) -> None:
        id = await traces.create(name="first", end_time=end_time)
        assert listed(await traces.post(id=id, name="second", end_time=end_time)) == (409, ["Trace already exists"])
        assert (await traces.get(id))["name"] == "first"

    async def test_a_create_that_ends_a_started_trace_is_taken(self, traces: Records) -> None:
        id = await traces.create(name="first")
        assert (await traces.post(id=id, name="second", end_time="2026-01-02T03:04:06Z")).status_code == 201
        assert (await traces.get(id))["name"] == "second"

    async def test_three_patches_that_race_the_create(self, traces: Records) -> None:
        id = new_id()
        replies = await asyncio.gather(
            traces.patch(id, output={"a": 1}),
            traces.patch(id, metadata={"b": 2}),
            traces.post(id=id, name="created", input={"c": 3}),
            traces.patch(id, tags_to_add=["d"]),
        )
        assert sorted(reply.status_code for reply in replies) == [201, 204, 204, 204]
        trace = await traces.get(id)
        assert [trace[name] for name in ("output", "metadata", "name", "input", "tags")] == [
            {"a": 1}, {"b": 2}, "created", {"c": 3}, ["d"]
        ]  # fmt: skip


class TestThreadId:
    @pytest.mark.parametrize("thread_id", ["conversation 1", "0199c82c-c000-7100-8000-000000000000", "😀"])
    async def test_it_may_be_any_text(self, traces: Records, thread_id: str) -> None:
        trace = await traces.get(await traces.create(thread_id=thread_id))
        assert trace["thread_id"] == thread_id

    @pytest.mark.parametrize("thread_id", ["", "  "])
    async def test_a_blank_one_is_none(self, traces: Records, thread_id: str) -> None:
        id = await traces.create(thread_id=thread_id)
        assert "thread_id" not in await traces.get(id)
        await traces.patch(id, thread_id="kept")
        await traces.patch(id, thread_id=thread_id)
        assert (await traces.get(id))["thread_id"] == "kept"

    async def test_it_is_searched_and_filtered_by(self, traces: Records) -> None:
        await traces.post_batch(traces.body(name="a", thread_id="conversation 1"), traces.body(name="b"))
        assert names(await traces.find(search="SATION 1")) == ["a"]
        filters = [{"field": "thread_id", "operator": "=", "value": "Conversation 1"}]
        assert names(await traces.find(filters=filters)) == ["a"]


class TestWhatComesFromSpans:
    async def test_a_trace_without_spans(self, traces: Records) -> None:
        trace = await traces.get(await traces.create())
        fields = ("span_count", "llm_span_count", "has_tool_spans", "providers", "visibility_mode")
        assert [trace[name] for name in fields] == [0, 0, False, [], "default"]
        assert not {"usage", "total_estimated_cost", "metadata", "span_feedback_scores", "comments"} & trace.keys()

    async def test_counts_sums_and_providers(self, traces: Records) -> None:
        id = await traces.create()
        llm = {"type": "llm", "provider": "openai", "total_estimated_cost": 0.000000000001}
        await add_span(traces, id, **llm, usage={"prompt_tokens": 1, "x": 5})
        await add_span(traces, id, **llm, usage={"prompt_tokens": 2})
        await add_span(traces, id, type="tool", provider="anthropic", total_estimated_cost=2)
        trace = await traces.get(id)
        assert (trace["span_count"], trace["llm_span_count"], trace["has_tool_spans"]) == (3, 2, True)
        assert (trace["providers"], trace["usage"]) == (["anthropic", "openai"], {"prompt_tokens": 3, "x": 5})
        assert trace["total_estimated_cost"] == 2.000000000002
        assert await traces.find() == await traces.stream() == [trace]

    async def test_a_usage_counter_without_a_name_counts_no_span_twice(self, traces: Records) -> None:
        id = await traces.create()
        await add_span(traces, id, usage={"": 5, "x": 1}, total_estimated_cost=1)
        trace = await traces.get(id)
        assert (trace["span_count"], trace["total_estimated_cost"]) == (1, 1)

    async def test_filters_on_spans_match_only_traces_that_have_some(self, traces: Records) -> None:
        await traces.create(name="without")
        await add_span(traces, await traces.create(name="with"), usage={"total_tokens": 7}, total_estimated_cost=0.5)
        for field, operator, value in (
            ("llm_span_count", "=", "0"),
            ("usage.total_tokens", ">", "6"),
            ("total_estimated_cost", "<", "1"),
        ):
            filters = [{"field": field, "operator": operator, "value": value}]
            assert names(await traces.find(filters=filters)) == ["with"]

    @pytest.mark.parametrize("field", ["span_count", "usage.total_tokens", "total_estimated_cost"])
    async def test_sorting_by_what_spans_add_up_to(self, traces: Records, field: str) -> None:
        ids = {name: await traces.create(name=name) for name in ("one", "two", "none")}
        for name in ("one", "two", "two"):
            await add_span(traces, ids[name], usage={"total_tokens": 1}, total_estimated_cost=1)
        sorting = [{"field": field, "direction": "DESC"}]
        assert names(await traces.find(sorting=sorting)) == ["two", "one", "none"]

    @pytest.mark.parametrize(
        ("metadata", "shown"),
        [
            (None, {"providers": ["openai"]}),
            ({}, {"providers": ["openai"]}),
            ({"a": {"providers": 1}}, {"providers": ["openai"], "a": {"providers": 1}}),
            ({"a": 1, "providers": "mine"}, {"a": 1, "providers": "mine"}),
            ([1, "a"], [1, "a"]),
            ("text", "text"),
        ],
        ids=["none", "empty", "nested key", "own key", "list", "text"],
    )
    async def test_metadata_names_the_providers_first(self, traces: Records, metadata: Any, shown: Any) -> None:
        id = await traces.create(metadata=metadata)
        await add_span(traces, id, provider="openai")
        trace = await traces.get(id)
        assert trace["metadata"] == shown
        assert list(trace["metadata"]) == list(shown)


class TestDelete:
    async def test_one_with_all_that_belongs_to_it(self, traces: Records) -> None:
        gone, kept = await traces.create(), await traces.create()
        span, other_span = await add_span(traces, gone), await add_span(traces, kept)
        await add_score(traces, "trace", gone)
        await add_score(traces, "span", span)
        for _ in range(2):
            reply = await traces.client.delete(f"{traces.path}/{gone}")
            assert (reply.status_code, reply.content) == (204, b"")
        assert [await traces.is_there(id) for id in (gone, kept)] == [False, True]
        paths = [f"/v1/private/spans/{id}" for id in (span, other_span)]
        assert [(await traces.client.get(path)).status_code for path in paths] == [404, 200]
        await traces.create(id=gone)
        assert "feedback_scores" not in await traces.get(gone)

    async def test_several_unknown_ones_passed_over(self, traces: Records) -> None:
        ids = [await traces.create(name=name) for name in ("a", "b", "c")]
        reply = await traces.client.post(f"{traces.path}/delete", json={"ids": [*ids[:2], new_id()]})
        assert (reply.status_code, reply.content) == (204, b"")
        assert names(await traces.find()) == ["c"]

    async def test_only_those_of_a_project(self, traces: Records) -> None:
        id, elsewhere = new_id(), traces.elsewhere()
        await traces.post_batch(traces.body(id=id), elsewhere.body(id=id))
        body = {"ids": [id], "project_id": await traces.project_id()}
        assert (await traces.client.post(f"{traces.path}/delete", json=body)).status_code == 204
        assert [len(await where.find()) for where in (traces, elsewhere)] == [0, 1]

    async def test_a_project_that_nobody_knows_is_no_error(self, traces: Records) -> None:
        body = {"ids": [id := await traces.create()], "project_id": new_id()}
        assert (await traces.client.post(f"{traces.path}/delete", json=body)).status_code == 204
        assert await traces.is_there(id)

    @pytest.mark.parametrize(
        ("body", "violation"),
        [
            ({}, "ids must not be null"),
            ({"ids": []}, "ids size must be between 1 and 1000"),
            ({"ids": [new_id()] * 1001}, "ids size must be between 1 and 1000"),
        ],
        ids=["null", "none", "too many"],
    )
    async def test_violations(self, traces: Records, body: Body, violation: str) -> None:
        assert listed(await traces.client.post(f"{traces.path}/delete", json=body)) == (422, [violation])


class TestExists:
    async def test_of_a_thread(self, traces: Records) -> None:
        async def exists() -> bool:
            params = {"project_name": traces.project, "thread_only": "true"}
            reply = await traces.client.get(f"{traces.path}/exists", params=params)
            found: bool = reply.json()["exists"]
            return found

        await traces.create()
        assert not await exists()
        await traces.create(thread_id="a")
        assert await exists()
