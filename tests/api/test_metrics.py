"""Metrics of a project over time, and the names they come under."""

import json
from typing import get_args

import httpx
import pytest

from tests.api.records import Records, listed, message
from weft.core.metrics import MetricType
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROJECTS = "/v1/private/projects"
HOUR_MS = 3_600_000
NOON_MS = 1_767_268_800_000
NOON, ONE, TWO, THREE = (f"2026-01-01T{hour}:00:00Z" for hour in (12, 13, 14, 15))
ERROR = {"exception_type": "ValueError", "traceback": "line 1"}
START, AFTER_A_SECOND = "2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z"

Series = dict[str, list[float | None]]


async def metric_reply(records: Records, **body: object) -> httpx.Response:
    defaults = {"metric_type": "TRACE_COUNT", "interval": "HOURLY", "interval_start": NOON, "interval_end": THREE}
    path = f"{PROJECTS}/{await records.project_id()}/metrics"
    return await records.client.post(path, json=defaults | body)


async def metric(records: Records, metric_type: str, **body: object) -> Series:
    """The values of each series, hour by hour from noon to three unless another time is given."""
    reply = await metric_reply(records, metric_type=metric_type, **body)
    assert reply.status_code == 200, reply.text
    return {series["name"]: [point["value"] for point in series["data"]] for series in reply.json()["results"]}


async def kpis(records: Records, **body: object) -> dict[str, tuple[float | None, float | None]]:
    path = f"{PROJECTS}/{await records.project_id()}/kpi-cards"
    defaults = {"entity_type": "traces", "interval_start": ONE, "interval_end": TWO}
    reply = await records.client.post(path, json=defaults | body)
    assert reply.status_code == 200, reply.text
    return {kpi["type"]: (kpi["current_value"], kpi["previous_value"]) for kpi in reply.json()["stats"]}


@pytest.fixture
async def spent(traces: Records, spans: Records) -> Records:
    """Two traces past noon, one of which failed and has a thread and a span, and a bare one past two."""
    failed = await traces.create(
        id=new_id(NOON_MS), end_time=AFTER_A_SECOND, error_info=ERROR, thread_id="thread", name="failed"
    )
    usage = {"usage": {"total_tokens": 10}, "total_estimated_cost": 0.5, "end_time": AFTER_A_SECOND}
    span = await spans.create(id=new_id(NOON_MS), trace_id=failed, **usage)
    await traces.create(id=new_id(NOON_MS + HOUR_MS - 1))
    await traces.create(id=new_id(NOON_MS + 2 * HOUR_MS))
    score = {"name": "quality", "value": 0.25, "source": "sdk"}
    for records, id in ((traces, failed), (spans, span)):
        await records.client.put(f"{records.path}/{id}/feedback-scores", json=score)
    body = {"scores": [score | {"thread_id": "thread", "project_name": traces.project}]}
    assert (await traces.client.put(f"{traces.path}/threads/feedback-scores", json=body)).status_code == 204
    return traces


class TestMetrics:
    async def test_every_hour_has_a_point(self, spent: Records) -> None:
        reply = await metric_reply(spent)
        points = [{"time": NOON, "value": 2.0}, {"time": ONE, "value": None}, {"time": TWO, "value": 1.0}]
        assert reply.json() == {
            "project_id": await spent.project_id(),
            "metric_type": "TRACE_COUNT",
            "interval": "HOURLY",
            "results": [{"name": "traces", "data": points}],
        }

    @pytest.mark.parametrize(
        ("metric_type", "expected"),
        [
            ("FEEDBACK_SCORES", {"quality": 0.25}),
            ("TOKEN_USAGE", {"total_tokens": 10}),
            ("DURATION", {"duration.p50": 1000, "duration.p90": 1000, "duration.p99": 1000}),
            ("COST", {"cost": 0.5}),
            ("TRACE_AVERAGE_DURATION", {"avg_duration": 1000}),
            ("TRACE_ERROR_RATE", {"error_rate": 50}),
            ("SPAN_FEEDBACK_SCORES", {"quality": 0.25}),
            ("SPAN_COUNT", {"spans": 1}),
            ("SPAN_TOKEN_USAGE", {"total_tokens": 10}),
            ("SPAN_DURATION", {"duration.p50": 1000, "duration.p90": 1000, "duration.p99": 1000}),
            ("SPAN_COST", {"cost": 0.5}),
            ("SPAN_AVERAGE_DURATION", {"avg_duration": 1000}),
            ("SPAN_ERROR_RATE", {"error_rate": 0}),
            ("THREAD_FEEDBACK_SCORES", {"quality": 0.25}),
            ("THREAD_COUNT", {"threads": 1}),
            ("THREAD_DURATION", {f"thread_duration.{p}": 1000 for p in ("p50", "p90", "p99")}),
            ("THREAD_COST", {"cost": 0.5}),
            ("THREAD_AVERAGE_DURATION", {"avg_duration": 1000}),
        ],
    )
    async def test_of_one_hour(self, spent: Records, metric_type: str, expected: dict[str, float]) -> None:
        found = await metric(spent, metric_type, interval_end=ONE)
        assert found == {name: [value] for name, value in expected.items()}

    async def test_failed_guardrails(self, traces: Records) -> None:
        trace = await traces.create(id=new_id(NOON_MS + HOUR_MS))
        of_trace = {"entity_id": trace, "secondary_id": new_id(), "project_name": traces.project}
        check = of_trace | {"name": "PII", "config": {}, "details": {}}
        checks = [check | {"result": result} for result in ("failed", "passed", "failed")]
        reply = await traces.client.post("/v1/private/guardrails", json={"guardrails": checks})
        assert reply.status_code == 204, reply.text
        assert await metric(traces, "GUARDRAILS_FAILED_COUNT") == {"failed": [None, 2, None]}

    async def test_total_is_one_point_at_the_start(self, spent: Records) -> None:
        assert await metric(spent, "TRACE_COUNT", interval="TOTAL", interval_start="2026-01-01T00:00:00Z") == {
            "traces": [3]
        }

    async def test_a_day_and_a_week(self, spent: Records) -> None:
        for interval, start in (("DAILY", "2026-01-01T00:00:00Z"), ("WEEKLY", "2025-12-29T00:00:00Z")):
            (series,) = (await metric_reply(spent, interval=interval)).json()["results"]
            assert series["data"] == [{"time": start, "value": 3.0}]

    async def test_filters_of_what_the_metric_is_about(self, spent: Records) -> None:
        failed = [{"field": "name", "operator": "=", "value": "failed"}]
        assert await metric(spent, "TRACE_COUNT", trace_filters=failed, interval_end=ONE) == {"traces": [1]}
        assert await metric(spent, "TRACE_COUNT", span_filters=failed, interval_end=ONE) == {"traces": [2]}

    async def test_without_an_end_it_is_now(self, traces: Records) -> None:
        await traces.create()
        assert await metric(traces, "TRACE_COUNT", interval="TOTAL", interval_end=None) == {"traces": [1]}

    @pytest.mark.parametrize("metric_type", get_args(MetricType))
    async def test_nothing_at_all(self, traces: Records, metric_type: str) -> None:
        await traces.create()
        found = await metric(traces, metric_type)
        assert all(values == [None, None, None] for values in found.values())


class TestMetricErrors:
    async def test_start_not_before_end(self, spent: Records) -> None:
        refused = (400, "'start_time' must be before 'end_time'")
        assert message(await metric_reply(spent, interval_start=THREE)) == refused

    async def test_what_must_be_given(self, spent: Records) -> None:
        reply = await metric_reply(spent, metric_type=None, interval=None, interval_start=None)
        missing = [f"{name} must not be null" for name in ("metricType", "interval", "intervalStart")]
        assert listed(reply) == (422, missing)

    async def test_too_many_points(self, spent: Records) -> None:
        reply = await metric_reply(spent, interval_start="2000-01-01T00:00:00Z")
        assert message(reply)[0] == 400

    @pytest.mark.parametrize("wrong", [{"metric_type": "X"}, {"interval_start": "x"}, {"trace_filters": [{}]}])
    async def test_what_cannot_be_read(self, spent: Records, wrong: dict[str, object]) -> None:
        assert (await metric_reply(spent, **wrong)).status_code == 400

    @pytest.mark.parametrize("path", ["metrics", "kpi-cards", "token-usage/names"])
    async def test_unknown_project(self, client: httpx.AsyncClient, path: str) -> None:
        id, body = (
            new_id(),
            {"metric_type": "COST", "interval": "TOTAL", "interval_start": NOON, "entity_type": "spans"},
        )
        method, sent = ("GET", None) if path.endswith("names") else ("POST", body)
        reply = await client.request(method, f"{PROJECTS}/{id}/{path}", json=sent)
        assert message(reply) == (404, f"Project id: {id} not found")


class TestTrends:
    async def trends(self, records: Records, **body: object) -> httpx.Response:
        defaults = {"interval": "HOURLY", "interval_start": NOON, "interval_end": THREE}
        return await records.client.post(f"{PROJECTS}/trends", json=defaults | body)

    async def test_of_each_project_that_there_is(self, spent: Records) -> None:
        id = await spent.project_id()
        reply = await self.trends(spent, project_ids=[id, new_id()])
        assert reply.json() == {
            "interval": "HOURLY",
            "times": [NOON, ONE, TWO],
            "projects": [
                {"project_id": id, "traces": [2, None, 1], "error_rate": [50, None, 0], "cost": [0.5, None, 0]}
            ],
        }

    async def test_what_is_refused(self, spent: Records) -> None:
        missing = ["projectIds size must be between 1 and 100", "interval must not be null"]
        assert listed(await self.trends(spent, project_ids=[], interval=None)) == (422, missing)
        many = [new_id() for _ in range(101)]
        assert listed(await self.trends(spent, project_ids=many)) == (422, missing[:1])
        year = await self.trends(spent, project_ids=many[:100], interval_end="2027-01-01T12:00:00Z")
        assert message(year)[0] == 400
        turned = await self.trends(spent, project_ids=many[:1], interval_end="2025-01-01T00:00:00Z")
        assert message(turned)[0] == 400


class TestKpiCards:
    async def test_this_hour_and_the_hour_before(self, spent: Records) -> None:
        assert await kpis(spent) == {
            "count": (0, 2),
            "errors": (0, 50),
            "avg_duration": (None, 1000),
            "total_cost": (0, 0.5),
        }

    @pytest.mark.parametrize(("entity_type", "errors"), [("spans", 0), ("threads", 100)])
    async def test_spans_and_threads(self, spent: Records, entity_type: str, errors: float) -> None:
        found = await kpis(spent, entity_type=entity_type, interval_start=NOON, interval_end=ONE)
        now = {"count": 1, "errors": errors, "avg_duration": 1000, "total_cost": 0.5}
        assert {type: current for type, (current, _) in found.items()} == now

    async def test_filters_are_text(self, spent: Records) -> None:
        filters = json.dumps([{"field": "name", "operator": "=", "value": "failed"}])
        assert (await kpis(spent, filters=filters))["count"] == (0, 1)

    async def test_what_is_refused(self, spent: Records) -> None:
        path = f"{PROJECTS}/{await spent.project_id()}/kpi-cards"
        missing = ["entityType must not be null", "intervalStart must not be null"]
        assert listed(await spent.client.post(path, json={})) == (422, missing)
        body = {"entity_type": "traces", "interval_start": ONE, "interval_end": NOON}
        assert message(await spent.client.post(path, json=body))[0] == 400
        wrong = body | {"interval_end": TWO, "filters": "x"}
        assert message(await spent.client.post(path, json=wrong)) == (400, "Invalid filters query parameter 'x'")


class TestNames:
    async def test_score_names_of_projects(self, spent: Records) -> None:
        ids = json.dumps([await spent.project_id()])
        reply = await spent.client.get(f"{PROJECTS}/feedback-scores/names", params={"project_ids": ids})
        assert reply.json() == {"scores": [{"name": "quality"}]}

    async def test_score_names_of_the_workspace(self, spent: Records) -> None:
        reply = await spent.client.get(f"{PROJECTS}/feedback-scores/names")
        assert {"name": "quality"} in reply.json()["scores"]

    async def test_ids_that_are_none(self, client: httpx.AsyncClient) -> None:
        reply = await client.get(f"{PROJECTS}/feedback-scores/names", params={"project_ids": "x"})
        text = "query param project_ids is not valid: an array of UUIDs is expected"
        assert message(reply) == (400, text)

    async def test_usage_names(self, spent: Records) -> None:
        reply = await spent.client.get(f"{PROJECTS}/{await spent.project_id()}/token-usage/names")
        assert reply.json() == {"names": ["total_tokens"]}
