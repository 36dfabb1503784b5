"""Stats over HTTP; what they are of is told in `contract/test_stats.py`."""

import json
from typing import Any

import httpx
import pytest

from tests.api.records import Records, listed, message
from weft.model.ids import id_time_ms, new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

START, AFTER_A_SECOND = "2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z"
ERROR = {"exception_type": "ValueError", "traceback": "line 1"}
PROJECTS = "/v1/private/projects"
DAY_MS = 24 * 3_600_000


async def stats(client: httpx.AsyncClient, of: str, **query: Any) -> list[dict[str, Any]]:
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
    reply = await client.get(f"/v1/private/{of}/stats", params=texts)
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["stats"]
    return found


async def record(traces: Records, spans: Records, **fields: object) -> str:
    """A trace with two spans and scores of all three."""
    trace = await traces.create(end_time=AFTER_A_SECOND, input={"a": 1}, tags=["a", "b"], **fields)
    llm = {"type": "llm", "usage": {"total_tokens": 10}, "total_estimated_cost": 0.5, "end_time": AFTER_A_SECOND}
    for more in (llm, {}):
        span = await spans.create(**{"trace_id": trace, **more})
        await score(spans, span, "tone", 0.5)
    await score(traces, trace, "quality", 0.25)
    return trace


async def score(records: Records, id: str, name: str, value: float) -> None:
    body = {"name": name, "value": value, "source": "sdk"}
    assert (await records.client.put(f"{records.path}/{id}/feedback-scores", json=body)).status_code == 204


class TestTraces:
    async def test_every_item_in_order(self, traces: Records, spans: Records) -> None:
        await record(traces, spans, error_info=ERROR)
        await traces.create()
        assert await stats(traces.client, "traces", project_name=traces.project) == [
            {"type": "COUNT", "name": "trace_count", "value": 2},
            {"type": "PERCENTAGE", "name": "duration", "value": {"p50": 1000.0, "p90": 1000.0, "p99": 1000.0}},
            {"type": "COUNT", "name": "input", "value": 1},
            {"type": "COUNT", "name": "output", "value": 0},
            {"type": "COUNT", "name": "metadata", "value": 0},
            {"type": "AVG", "name": "tags", "value": 1.0},
            {"type": "AVG", "name": "llm_span_count", "value": 0.5},
            {"type": "AVG", "name": "span_count", "value": 1.0},
            {"type": "AVG", "name": "total_estimated_cost", "value": 0.5},
            {"type": "AVG", "name": "total_estimated_cost_sum", "value": 0.5},
            {"type": "AVG", "name": "usage.total_tokens", "value": 10.0},
            {"type": "AVG", "name": "feedback_scores.quality", "value": 0.25},
            {"type": "AVG", "name": "span_feedback_scores.tone", "value": 0.5},
            {"type": "COUNT", "name": "guardrails_failed_count", "value": 0},
            {"type": "COUNT", "name": "error_count", "value": 1},
        ]

    async def test_filter_search_and_window_as_in_lists(self, traces: Records) -> None:
        await traces.create(name="wanted", id=new_id(1_000 * DAY_MS))
        await traces.create(name="other")
        named = [{"field": "name", "operator": "=", "value": "wanted"}]
        for query in ({"filters": named}, {"search": "wanted"}, {"to_time": START}):
            found = await stats(traces.client, "traces", project_name=traces.project, **query)
            assert found[0]["value"] == 1, query

    async def test_what_never_ended_has_durations_of_zero(self, traces: Records) -> None:
        await traces.create()
        found = await stats(traces.client, "traces", project_name=traces.project)
        assert found[1]["value"] == {"p50": 0, "p90": 0, "p99": 0}


class TestSpans:
    async def test_every_item_in_order(self, traces: Records, spans: Records) -> None:
        await record(traces, spans)
        assert await stats(spans.client, "spans", project_name=spans.project) == [
            {"type": "COUNT", "name": "span_count", "value": 2},
            {"type": "PERCENTAGE", "name": "duration", "value": {"p50": 1000.0, "p90": 1000.0, "p99": 1000.0}},
            {"type": "COUNT", "name": "input", "value": 0},
            {"type": "COUNT", "name": "output", "value": 0},
            {"type": "COUNT", "name": "metadata", "value": 0},
            {"type": "AVG", "name": "tags", "value": 0.0},
            {"type": "AVG", "name": "total_estimated_cost", "value": 0.5},
            {"type": "AVG", "name": "total_estimated_cost_sum", "value": 0.5},
            {"type": "AVG", "name": "usage.total_tokens", "value": 10.0},
            {"type": "AVG", "name": "feedback_scores.tone", "value": 0.5},
            {"type": "COUNT", "name": "error_count", "value": 0},
        ]

    async def test_of_one_trace_and_type(self, traces: Records, spans: Records) -> None:
        trace, _ = await record(traces, spans), await record(traces, spans)
        for query, count in (({"trace_id": trace}, 2), ({"trace_id": trace, "type": "llm"}, 1)):
            found = await stats(spans.client, "spans", project_name=spans.project, **query)
            assert found[0]["value"] == count


class TestThreads:
    async def test_every_item_in_order(self, traces: Records, spans: Records) -> None:
        await record(traces, spans, thread_id="thread", error_info=ERROR)
        assert await stats(traces.client, "traces/threads", project_name=traces.project) == [
            {"type": "COUNT", "name": "thread_count", "value": 1},
            {"type": "PERCENTAGE", "name": "duration", "value": {"p50": 1000.0, "p90": 1000.0, "p99": 1000.0}},
            {"type": "AVG", "name": "total_estimated_cost", "value": 0.5},
            {"type": "AVG", "name": "total_estimated_cost_sum", "value": 0.5},
            {"type": "AVG", "name": "usage.total_tokens", "value": 10.0},
            {"type": "COUNT", "name": "error_count", "value": 1},
        ]

    async def test_of_a_status(self, traces: Records) -> None:
        await traces.create(thread_id="thread")
        for status, count in (("active", 1), ("inactive", 0)):
            filters = [{"field": "status", "operator": "=", "value": status}]
            found = await stats(traces.client, "traces/threads", project_name=traces.project, filters=filters)
            assert len(found[:1]) == count


@pytest.mark.parametrize("of", ["traces", "spans", "traces/threads"])
class TestErrors:
    async def test_nothing_has_no_stats(self, traces: Records, of: str) -> None:
        await traces.create()
        nothing = [{"field": "id", "operator": "=", "value": "none"}]
        assert await stats(traces.client, of, project_name=traces.project, filters=nothing) == []

    async def test_bad_filters_window_and_project(self, client: httpx.AsyncClient, traces: Records, of: str) -> None:
        await traces.create()
        path, known = f"/v1/private/{of}/stats", {"project_name": traces.project}
        window = {"from_time": START, "to_time": START}
        assert message(await client.get(path, params=known | {"filters": "x"})) == (
            400,
            "Invalid filters query parameter 'x'",
        )
        assert message(await client.get(path, params=known | window)) == (
            400,
            "Parameter 'from_time' must be before 'to_time'",
        )
        assert (await client.get(path)).status_code == 400
        assert (await client.get(path, params={"project_name": f"no {traces.project}"})).status_code == 404


@pytest.mark.parametrize("of", ["traces", "spans"])
async def test_bad_json_path_has_no_stats(traces: Records, spans: Records, of: str) -> None:
    await record(traces, spans)
    bad = [{"field": "metadata", "operator": "=", "key": "a..b", "value": "1"}]
    assert await stats(traces.client, of, project_name=traces.project, filters=bad) == []


class TestProjects:
    async def test_a_page_of_them(self, traces: Records, spans: Records) -> None:
        await record(traces, spans, error_info=ERROR, thread_id="thread")
        reply = await traces.client.get(f"{PROJECTS}/stats", params={"name": traces.project})
        page = reply.json()
        assert (page["page"], page["size"], page["total"]) == (1, 1, 1)
        assert page["content"] == [{"project_id": await traces.project_id()} | figures()]

    async def test_of_some_traces(self, traces: Records) -> None:
        await traces.create(name="wanted")
        await traces.create(name="other")
        filters = json.dumps([{"field": "name", "operator": "=", "value": "wanted"}])
        reply = await traces.client.get(f"{PROJECTS}/stats", params={"name": traces.project, "filters": filters})
        assert reply.json()["content"][0]["trace_count"] == 1

    async def test_errors_of_this_week_and_of_the_week_before(self, traces: Records, now_ms: int) -> None:
        ages = (1, 2, 8, 9, 10, 20)
        for days in ages:
            await traces.create(id=new_id(now_ms - days * DAY_MS), error_info=ERROR)
        reply = await traces.client.get(f"{PROJECTS}/stats", params={"name": traces.project})
        errors = {"count": len(ages), "deviation": -1, "deviation_percentage": -33}
        assert reply.json()["content"][0]["error_count"] == errors

    async def test_retrieve_with_stats(self, traces: Records, spans: Records) -> None:
        await record(traces, spans, error_info=ERROR, thread_id="thread")
        body = {"name": traces.project, "include_stats": True}
        detailed = (await traces.client.post(f"{PROJECTS}/retrieve", json=body)).json()
        assert detailed["name"] == traces.project
        assert {name: detailed[name] for name in figures()} == figures()

    async def test_retrieve_an_empty_project_with_stats(self, client: httpx.AsyncClient, project: str) -> None:
        await client.post(PROJECTS, json={"name": project})
        reply = await client.post(f"{PROJECTS}/retrieve", json={"name": project, "include_stats": True})
        empty = reply.json()
        assert (empty["trace_count"], empty["usage"], empty["feedback_scores"]) == (0, {}, [])
        assert "duration" not in empty

    async def test_bad_sorting_and_page(self, client: httpx.AsyncClient) -> None:
        assert message(await client.get(f"{PROJECTS}/stats", params={"sorting": "x"})) == (
            400,
            "Invalid sorting query parameter 'x'",
        )
        assert listed(await client.get(f"{PROJECTS}/stats", params={"page": "0"}))[0] == 400


def figures() -> dict[str, Any]:
    """Of a project with one record."""
    return {
        "feedback_scores": [{"name": "quality", "value": 0.25}],
        "duration": {"p50": 1000.0, "p90": 1000.0, "p99": 1000.0},
        "total_estimated_cost": 0.5,
        "total_estimated_cost_sum": 0.5,
        "usage": {"total_tokens": 10.0},
        "trace_count": 1,
        "thread_count": 1,
        "guardrails_failed_count": 0,
        "error_count": {"count": 1, "deviation": 1},
    }


@pytest.fixture
def now_ms() -> int:
    return id_time_ms(new_id())
