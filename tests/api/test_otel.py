"""OpenTelemetry's way in."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tests.api.http_client import HOSTS
from tests.api.otlp import (
    CHILD,
    PATH,
    PROTOBUF,
    ROOT,
    a_child,
    a_root,
    a_trace_id,
    export,
    failed,
    json_request,
    request_of,
)
from tests.api.records import NOT_VERSION_7, Body, Records, listed, message
from weft.app import create_app, services_of
from weft.model.ids import new_id
from weft.registry import open_registry
from weft.settings import Settings
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

pytestmark = pytest.mark.asyncio(loop_scope="session")

LLM = {
    "gen_ai.system": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.prompt": "why?",
    "gen_ai.completion": '{"text": "so"}',
}


async def only_trace(traces: Records) -> Body:
    [trace] = await traces.find()
    return trace


async def spans_by_name(spans: Records) -> dict[str, Body]:
    return {span["name"]: span for span in await spans.find()}


class TestReceive:
    async def test_trace_with_a_span_below(self, client: httpx.AsyncClient, traces: Records, spans: Records) -> None:
        trace_id = a_trace_id()
        root = a_root(trace_id, **{"input": "why?", "gen_ai.conversation.id": "t1", "opik.tags": ["a", "b"]})
        reply = await export(client, traces.project, root, a_child(trace_id, **LLM))
        assert (reply.status_code, reply.content, reply.headers["Content-Type"]) == (200, b"", PROTOBUF)

        trace, by_name = await only_trace(traces), await spans_by_name(spans)
        assert trace["name"] == "answer"
        assert (trace["start_time"], trace["end_time"]) == (
            "2026-01-02T03:04:05.123456789Z",
            "2026-01-02T03:04:06.123456789Z",
        )
        assert (trace["input"], trace["thread_id"], trace["tags"]) == ({"input": "why?"}, "t1", ["a", "b"])
        assert (trace["environment"], trace["source"], trace["created_by"]) == ("staging", "sdk", "admin")
        assert trace["metadata"]["opentelemetry"]["resource"]["service.name"] == "shop"
        assert trace["metadata"]["opentelemetry"]["trace_id"] == trace_id.hex()
        assert trace["usage"] == {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
        assert trace["total_estimated_cost"] > 0
        root_span, step = by_name["answer"], by_name["step"]
        assert (root_span["trace_id"], step["trace_id"]) == (trace["id"], trace["id"])
        assert (root_span.get("parent_span_id"), step["parent_span_id"]) == (None, root_span["id"])
        assert (root_span["type"], step["type"]) == ("general", "llm")
        assert (step["model"], step["provider"]) == ("gpt-4o", "openai")
        assert (step["input"], step["output"]) == (
            {"gen_ai.prompt": "why?"},
            {"gen_ai.completion": {"text": "so"}},
        )

    @pytest.mark.parametrize("prefix", ["", "/api"])
    async def test_gzip_under_both_prefixes(self, client: httpx.AsyncClient, traces: Records, prefix: str) -> None:
        headers = {"Content-Type": PROTOBUF, "Content-Encoding": "gzip", "projectName": traces.project}
        body = gzip.compress(request_of(a_root(a_trace_id())))
        assert (await client.post(prefix + PATH, content=body, headers=headers)).status_code == 200
        assert (await only_trace(traces))["name"] == "answer"

    async def test_stated_cost(self, client: httpx.AsyncClient, traces: Records) -> None:
        await export(client, traces.project, a_root(a_trace_id(), **{"gen_ai.usage.cost": 0.125}))
        assert (await only_trace(traces))["total_estimated_cost"] == 0.125

    async def test_failed_span(self, client: httpx.AsyncClient, traces: Records) -> None:
        await export(client, traces.project, failed(a_root(a_trace_id()), type="ValueError", message="no"))
        assert (await only_trace(traces))["error_info"] == {
            "exception_type": "ValueError",
            "message": "no",
            "traceback": "no",
        }

    async def test_values_of_every_kind(self, client: httpx.AsyncClient, traces: Records) -> None:
        values = {"a": True, "b": -7, "c": 1.5, "d": ["x", 1, [2]], "e": {"k": "v"}, "f": b"\0\1", "g": float("-inf")}
        await export(client, traces.project, a_root(a_trace_id(), **values))
        assert (await only_trace(traces))["input"] == values | {"f": "AAE=", "g": "-Infinity"}

    async def test_without_a_project_it_is_the_default(self, client: httpx.AsyncClient) -> None:
        trace_id = a_trace_id()
        await client.post(PATH, content=request_of(a_root(trace_id)), headers={"Content-Type": PROTOBUF})
        traces = await Records(client, "trace", "Default Project").find(size="100")
        assert any(trace_id.hex() in str(trace.get("metadata")) for trace in traces)

    async def test_project_name_in_utf8(self, client: httpx.AsyncClient, traces: Records) -> None:
        project = f"größer {new_id()}"
        headers = {b"Content-Type": PROTOBUF.encode(), b"projectName": project.encode()}
        await client.post(PATH, content=request_of(a_root(a_trace_id())), headers=headers)
        assert await Records(client, "trace", project).has_project()

    async def test_nothing_to_record_makes_no_project(self, client: httpx.AsyncClient, traces: Records) -> None:
        assert (await export(client, traces.project)).status_code == 200
        assert not await traces.has_project()


class TestOrder:
    async def test_spans_before_their_root(self, client: httpx.AsyncClient, traces: Records, spans: Records) -> None:
        trace_id = a_trace_id()
        await export(client, traces.project, a_child(trace_id))
        assert await traces.find() == []
        await export(client, traces.project, a_root(trace_id))
        trace, by_name = await only_trace(traces), await spans_by_name(spans)
        assert {span["trace_id"] for span in by_name.values()} == {trace["id"]}
        assert by_name["step"]["parent_span_id"] == by_name["answer"]["id"]
        assert trace["span_count"] == 2

    async def test_sent_again(self, client: httpx.AsyncClient, traces: Records, spans: Records) -> None:
        trace_id = a_trace_id()
        batch = (a_root(trace_id, **LLM), a_child(trace_id))
        await export(client, traces.project, *batch)
        before = [without_stamps(record) for record in [await only_trace(traces), *await spans.find()]]
        await export(client, traces.project, *batch)
        after = [without_stamps(record) for record in [await only_trace(traces), *await spans.find()]]
        assert after == before

    async def test_restart_between_batches(self, tmp_path: Path) -> None:
        trace_id, project = a_trace_id(), "restarted"
        async with running(tmp_path) as client:
            await export(client, project, a_child(trace_id))
        async with running(tmp_path) as client:
            await export(client, project, a_root(trace_id))
            trace = await only_trace(Records(client, "trace", project))
            by_name = await spans_by_name(Records(client, "span", project))
        assert by_name["step"]["trace_id"] == trace["id"]
        assert by_name["step"]["parent_span_id"] == by_name["answer"]["id"]


class TestAttaching:
    async def test_to_a_trace_and_a_span(self, client: httpx.AsyncClient, traces: Records, spans: Records) -> None:
        trace_id = await traces.create(name="from the SDK")
        parent_id = await spans.create(name="from the SDK", trace_id=trace_id)
        otel_id = a_trace_id()
        stated = {"opik.trace_id": trace_id, "opik.parent_span_id": parent_id}
        await export(client, traces.project, a_root(otel_id, **stated), a_child(otel_id))
        assert (await only_trace(traces))["name"] == "from the SDK"
        by_name = await spans_by_name(spans)
        assert by_name["answer"]["parent_span_id"] == parent_id
        assert by_name["step"]["parent_span_id"] == by_name["answer"]["id"]
        assert {span["trace_id"] for span in by_name.values()} == {trace_id}

    async def test_stated_id_of_the_span(self, client: httpx.AsyncClient, traces: Records, spans: Records) -> None:
        id = new_id()
        await export(client, traces.project, a_root(a_trace_id(), **{"opik.span_id": id}))
        assert (await spans_by_name(spans))["answer"]["id"] == id

    @pytest.mark.parametrize("id", ["nonsense", NOT_VERSION_7])
    async def test_ids_that_are_none_are_passed_over(self, client: httpx.AsyncClient, traces: Records, id: str) -> None:
        await export(client, traces.project, a_root(a_trace_id(), **{"opik.trace_id": id}))
        assert (await only_trace(traces))["name"] == "answer"


class TestJson:
    async def test_every_kind_of_value(self, client: httpx.AsyncClient, traces: Records, spans: Records) -> None:
        trace_id = a_trace_id()
        reply = await client.post(PATH, json=json_request(trace_id), headers={"projectName": traces.project})
        assert (reply.status_code, reply.json(), reply.headers["Content-Type"]) == (200, {}, "application/json")
        trace, by_name = await only_trace(traces), await spans_by_name(spans)
        assert trace["input"] == {
            "input.flag": True,
            "input.odd": "NaN",
            "input.list": ["a", 9007199254740993],
            "input.map": {"k": "v"},
            "input.bytes": "AAE=",
            "input.none": None,
        }
        assert trace["usage"] == {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
        assert (trace["total_estimated_cost"], trace["error_info"]["message"]) == (0.25, "no")
        assert trace["start_time"] == "2026-01-02T03:04:05.123456789Z"
        context = trace["metadata"]["opentelemetry"]
        assert (context["trace_id"], context["span_id"]) == (trace_id.hex(), ROOT.hex())
        assert context["events"] == [{"name": "note", "time": "2026-01-02T03:04:05.123456789Z"}]
        assert context["links"] == [{"trace_id": trace_id.hex(), "span_id": CHILD.hex()}]
        assert by_name["step"]["parent_span_id"] == by_name["answer"]["id"]
        assert "error_info" not in by_name["step"]

    async def test_same_ids_as_in_protobuf(self, client: httpx.AsyncClient, traces: Records, spans: Records) -> None:
        trace_id = a_trace_id()
        await export(client, traces.project, a_root(trace_id), a_child(trace_id))
        before = {span["id"] for span in await spans.find()}
        await client.post(PATH, json=json_request(trace_id), headers={"projectName": traces.project})
        assert {span["id"] for span in await spans.find()} == before

    async def test_with_a_charset(self, client: httpx.AsyncClient) -> None:
        headers = {"Content-Type": "Application/JSON; charset=utf-8"}
        assert (await client.post(PATH, content=b"{}", headers=headers)).status_code == 200


class TestRefusal:
    async def test_broken_protobuf(self, client: httpx.AsyncClient) -> None:
        status, text = message(await client.post(PATH, content=b"nonsense", headers={"Content-Type": PROTOBUF}))
        assert status == 400
        assert text.startswith("Unable to process the protobuf message. ")

    async def test_broken_json(self, client: httpx.AsyncClient) -> None:
        headers = {"Content-Type": "application/json"}
        status, text = message(await client.post(PATH, content=b'{"resourceSpans":', headers=headers))
        assert status == 400
        assert text.startswith("Unable to process JSON. ")

    @pytest.mark.parametrize("depth", [*range(200, 420, 20), 5000])
    async def test_deep_json_is_recorded_or_refused(
        self, client: httpx.AsyncClient, traces: Records, depth: int
    ) -> None:
        value = '{"arrayValue":{"values":[' * depth + "]}}" * depth
        body = json.dumps(json_request(a_trace_id())).replace('{"boolValue": true}', value)
        headers = {"Content-Type": "application/json", "projectName": traces.project}
        reply = await client.post(PATH, content=body, headers=headers)
        assert reply.status_code == 200 or message(reply)[1].endswith("nested too deeply")

    @pytest.mark.parametrize(
        "body",
        [
            {"resourceSpans": 7},
            {"resourceSpans": [{"scopeSpans": [{"spans": [{"startTimeUnixNano": "soon"}]}]}]},
        ],
    )
    async def test_json_of_the_wrong_types(self, client: httpx.AsyncClient, body: Any) -> None:
        status, [text] = listed(await client.post(PATH, json=body))
        assert status == 400
        assert text.startswith("Unable to process JSON. ")

    @pytest.mark.parametrize("media_type", ["", "text/plain", "application/grpc"])
    async def test_other_media_type(self, client: httpx.AsyncClient, media_type: str) -> None:
        reply = await client.post(PATH, content=b"{}", headers={"Content-Type": media_type})
        assert message(reply) == (
            415,
            f"Content-Type '{media_type}' is not supported; use application/x-protobuf or application/json",
        )

    async def test_spans_with_flaws_are_counted_and_the_others_recorded(
        self, client: httpx.AsyncClient, traces: Records
    ) -> None:
        reply = await export(client, traces.project, a_root(b"short"), a_root(a_trace_id()), a_root(bytes(16)))
        partial = ExportTraceServiceResponse.FromString(reply.content).partial_success
        assert reply.status_code == 200
        assert (partial.rejected_spans, partial.error_message) == (2, "a trace id is 16 bytes, not all of them 0")
        assert (await only_trace(traces))["span_count"] == 1

    async def test_flaws_in_json(self, client: httpx.AsyncClient) -> None:
        body = {"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "bare"}]}]}]}
        assert (await client.post(PATH, json=body)).json() == {
            "partialSuccess": {"rejectedSpans": "1", "errorMessage": "a trace id is 16 bytes, not all of them 0"}
        }


def without_stamps(record: Body) -> Body:
    return {name: value for name, value in record.items() if name not in ("created_at", "last_updated_at")}


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    engine = await open_duckdb(folder / "traces", memory_limit="1GB", reader_threads=1, query_timeout_s=30)
    store, registry = SqlStore(engine), await open_registry(folder / "registry")
    settings = Settings(data_dir=folder, allowed_hosts=HOSTS)
    app = create_app(settings, services_of(settings, store, registry))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://weft") as client:
        yield client
    await registry.close()
    await store.close()
