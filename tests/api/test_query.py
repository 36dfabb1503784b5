"""Queries in words, wherever filters are taken (Weft's own: docs/filters.md)."""

import json
from typing import Any, get_args

import httpx
import pytest

from tests.api.records import Body, Records, named, names
from weft.api.opik.wire.recorded import Source
from weft.api.opik.wire.spans import SpanType
from weft.filters.fields import SOURCES, SPAN_TYPES

pytestmark = pytest.mark.asyncio(loop_scope="session")

A_OR_C = 'name = "a" or name = "c"'


async def failed_tool(traces: Records, spans: Records) -> None:
    """Traces a, b and c in the threads 1, 1 and 2. In a and c a tool failed; somebody has commented on a."""
    bodies = named(traces, {"thread_id": "1"}, {"thread_id": "1"}, {"thread_id": "2"})
    await traces.post_batch(*bodies)
    for body, fields in zip(bodies, ({"error_info": ERROR}, {}, {"error_info": ERROR}), strict=True):
        await spans.create(trace_id=body["id"], type="tool", usage={"total_tokens": 5}, **fields)
    comment = {"text": "Look at this"}
    assert (await traces.client.post(f"{traces.path}/{bodies[0]['id']}/comments", json=comment)).status_code == 201


ERROR = {"exception_type": "ValueError", "traceback": "line 1"}


class TestQueries:
    async def test_lists_and_streams(self, records: Records) -> None:
        await records.post_batch(*named(records, {}, {}, {}))
        assert names(await records.find(query=A_OR_C)) == ["c", "a"]
        assert names(await records.stream(query=A_OR_C)) == ["c", "a"]

    async def test_filters_must_match_as_well(self, records: Records) -> None:
        await records.post_batch(*named(records, {}, {}, {}))
        filters = [{"field": "name", "operator": "!=", "value": "c"}]
        assert names(await records.find(query=A_OR_C, filters=filters, search="a")) == ["a"]
        assert names(await records.stream(query=A_OR_C, filters=filters)) == ["a"]

    async def test_blank_is_everything(self, records: Records) -> None:
        await records.create()
        assert len(await records.find(query=" ")) == len(await records.stream(query="")) == 1

    async def test_conditions_on_spans_and_comments(self, traces: Records, spans: Records) -> None:
        await failed_tool(traces, spans)
        assert names(await traces.find(query='any span (type = "tool" and error is not empty)')) == ["c", "a"]
        assert names(await traces.find(query="not any span (error is not empty)")) == ["b"]
        assert names(await traces.find(query='comments contains "LOOK" and usage.total_tokens = 5')) == ["a"]
        assert names(await traces.stream(query="comments is_empty and any span (usage.total_tokens > 4)")) == ["c", "b"]

    async def test_threads(self, traces: Records, spans: Records) -> None:
        await failed_tool(traces, spans)
        for text, found in (
            ('any trace (name = "b" and any span (error is empty))', ["1"]),
            ("usage.total_tokens = 10 or any span (usage.total_tokens = 6)", ["1"]),
            ('not any trace (name = "b")', ["2"]),
            ('any trace (comments = "look at THIS")', ["1"]),
        ):
            body = {"project_name": traces.project, "query": text}
            page = await traces.client.get(f"{traces.path}/threads", params=body)
            stream = await traces.client.post(f"{traces.path}/threads/search", json=body)
            assert [thread["id"] for thread in page.json()["content"]] == found
            assert [json.loads(line)["id"] for line in stream.text.split()] == found

    @pytest.mark.parametrize(("path", "count"), [("traces", 2), ("spans", 2), ("traces/threads", 2)])
    async def test_stats(self, traces: Records, spans: Records, path: str, count: int) -> None:
        await failed_tool(traces, spans)
        condition = "error is not empty" if path == "spans" else "any span (error is not empty)"
        params = {"project_name": traces.project, "query": condition}
        reply = await traces.client.get(f"/v1/private/{path}/stats", params=params)
        assert reply.status_code == 200, reply.text
        assert next(stat["value"] for stat in reply.json()["stats"] if stat["name"].endswith("_count")) == count

    async def test_metrics_and_kpi_cards(self, traces: Records, spans: Records) -> None:
        await failed_tool(traces, spans)
        path = f"/v1/private/projects/{await traces.project_id()}"
        body: Body = {"interval_start": "2025-12-31T23:00:00Z", "interval_end": "2026-01-02T00:00:00Z"}
        body |= {"query": "any span (error is not empty)"}
        metric = await traces.client.post(
            f"{path}/metrics", json=body | {"metric_type": "TRACE_COUNT", "interval": "DAILY"}
        )
        kpis = await traces.client.post(f"{path}/kpi-cards", json=body | {"entity_type": "traces"})
        assert sum(point["value"] or 0 for point in metric.json()["results"][0]["data"]) == 2
        assert kpis.json()["stats"][0]["current_value"] == 2


class TestErrors:
    async def test_place_and_what_is_allowed(self, records: Records) -> None:
        await records.create()
        for reply in (await records.list_reply(query="ttft > x"), await records.search_reply(query="ttft > x")):
            assert (reply.status_code, reply.json()) == (
                400,
                {
                    "code": 400,
                    "message": "Invalid query at line 1, column 8: expected a number, found x",
                    "details": "ttft > x\n       ^",
                    "offset": 7,
                    "allowed": ["a number"],
                },
            )


class TestFields:
    async def test_what_each_noun_has(self, client: httpx.AsyncClient) -> None:
        reply: dict[str, Any] = (await client.get("/v1/private/filters/fields")).json()
        fields = {noun: {field["name"]: field for field in of["fields"]} for noun, of in reply.items()}
        assert fields["traces"]["ttft"] == {
            "name": "ttft",
            "type": "number",
            "operators": ["=", "!=", ">", ">=", "<", "<=", "in", "not_in"],
        }
        assert fields["spans"]["metadata"]["keyed"]
        assert fields["spans"]["error_info"]["alias"] == "error"
        assert fields["threads"]["status"]["values"] == ["active", "inactive"]
        assert reply["threads"]["parts"] == {"trace": "traces", "span": "spans"}

    async def test_the_values_are_those_that_can_be_written(self) -> None:
        assert (get_args(Source), get_args(SpanType)) == (SOURCES, SPAN_TYPES)
