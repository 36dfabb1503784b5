"""Weft's own extensions, which `weft export`, `weft import` and `weft copy` use."""

from typing import Any

import httpx
import pytest

from tests.api.records import START, Records, listed, message
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID: dict[str, Any] = {
    "created_at": "2026-01-02T03:04:07Z",
    "created_by": "ann",
    "last_updated_at": "2026-01-02T03:04:08Z",
    "last_updated_by": "zoe",
}
BY_TWO = {
    "zoe": {"value": 1, "source": "sdk", "author": "zoe", "reason": "good", "last_updated_at": START},
    "ann": {"value": 0.5, "source": "ui", "author": "ann", "reason": "fair", "last_updated_at": START},
}
SCORE = {"name": "quality", "value": 0.75, "source": "sdk", "reason": "good, fair", **SAID, "value_by_author": BY_TWO}


async def restore(records: Records, **body: object) -> httpx.Response:
    path = "/v1/private/transfer/records"
    return await records.client.post(path, json={"project_name": records.project, **body})


class TestRestore:
    async def test_a_trace_is_as_it_was(self, traces: Records) -> None:
        comment = {"id": new_id(), "text": "see", **SAID}
        checks = [{"span_id": new_id(), "checks": [{"name": "PII", "result": "failed"}]}]
        trace = traces.body(
            tags=["b"], feedback_scores=[SCORE], comments=[comment], guardrails_validations=checks, **SAID
        )
        assert (await restore(traces, traces=[trace])).status_code == 204
        shown = await traces.get(trace["id"])
        assert shown.items() >= {**SAID, "comments": [comment], "guardrails_validations": checks}.items()
        [score] = shown["feedback_scores"]
        assert (score["reason"], score["created_by"], list(score["value_by_author"])) == (
            "good, fair",
            "ann",
            ["zoe", "ann"],
        )

    async def test_a_span_that_was_free_is_not_priced(self, spans: Records) -> None:
        usage = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}
        span = spans.body(model="gpt-4o", provider="openai", usage=usage, **SAID)
        assert (await restore(spans, spans=[span])).status_code == 204
        assert "total_estimated_cost" not in await spans.get(span["id"])

    async def test_a_closed_thread_is_closed(self, traces: Records) -> None:
        thread = {"id": "t", "thread_model_id": new_id(), "status": "inactive", "tags": ["a"], **SAID}
        trace = traces.body(thread_id="t")
        assert (await restore(traces, threads=[thread], traces=[trace])).status_code == 204
        body = {"thread_id": "t", "project_name": traces.project}
        shown = (await traces.client.post("/v1/private/traces/threads/retrieve", json=body)).json()
        assert shown.items() >= thread.items()

    async def test_records_of_nothing_are_refused(self, traces: Records) -> None:
        wrong = ["traces, spans and threads must be between 1 and 1000"]
        assert listed(await restore(traces)) == (422, wrong)
        assert listed(await restore(traces, traces=[traces.body()] * 1001)) == (422, wrong)

    async def test_broken_rules_are_told_with_their_places(self, traces: Records) -> None:
        nameless = {"name": " ", "value": 10**12, "source": "sdk"}
        body = traces.body(feedback_scores=[nameless])
        del body["id"]
        reply = await restore(traces, traces=[body], threads=[{"id": " ", "thread_model_id": new_id()}])
        assert listed(reply) == (
            422,
            [
                "traces[0].id must not be null",
                "traces[0].feedback_scores[0].name must not be blank",
                "traces[0].feedback_scores[0].value must be from -999999999.999999999 to 999999999.999999999",
                "threads[0].id must not be blank",
            ],
        )
        assert not await traces.has_project()

    async def test_a_time_that_is_none_is_refused(self, traces: Records) -> None:
        reply = await restore(traces, traces=[traces.body(created_at="yesterday")])
        assert reply.status_code == 400

    async def test_ids_must_be_of_version_7(self, traces: Records) -> None:
        reply = await restore(traces, threads=[{"id": "t", "thread_model_id": "550e8400-e29b-41d4-a716-446655440000"}])
        assert message(reply) == (400, "Invalid UUID for id")
        assert not await traces.has_project()


class TestAttachments:
    async def test_all_of_a_project_page_by_page(self, traces: Records, client: httpx.AsyncClient) -> None:
        id = await traces.create()
        for name in ("b.txt", "a.txt"):
            params = {"entity_type": "trace", "entity_id": id, "file_name": name, "project_name": traces.project}
            await client.put("/v1/private/attachment/upload", params=params, content=b"bytes")
        project = {"project_name": traces.project}
        found = (await client.get("/v1/private/transfer/attachments", params=project)).json()
        assert [file["file_name"] for file in found["content"]] == ["a.txt", "b.txt"]
        assert found["content"][0].items() >= {"entity_type": "trace", "entity_id": id, "file_size": 5}.items()
        after = {"after_type": "trace", "after_id": id, "after_name": "a.txt"}
        rest = (await client.get("/v1/private/transfer/attachments", params=project | after)).json()
        assert rest["content"] == found["content"][1:]

    async def test_an_unknown_project(self, client: httpx.AsyncClient) -> None:
        reply = await client.get("/v1/private/transfer/attachments", params={"project_name": "unknown"})
        assert message(reply) == (404, "Project name: unknown not found")
