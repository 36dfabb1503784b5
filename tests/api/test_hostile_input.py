"""Requests that no client should send: an error that leaves nothing behind, or stored faithfully."""

import gzip
import json
from typing import Any

import pytest

from tests.api.conftest import MAX_BODY_BYTES
from tests.api.records import Body, Records, listed, message, send, with_raw
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

DEEP = "[" * 100_000 + "]" * 100_000


class TestMalformedBodies:
    @pytest.mark.parametrize(
        "content",
        [b"{", b"[", b'{"a":}', b"[]", b"null", b"5", b"\0", b"\xff", b"\xef\xbb\xbf{}", b"{}{}", DEEP.encode()],
        ids=lambda content: repr(content[:10]),
    )
    async def test_every_endpoint_refuses_them(self, records: Records, content: bytes) -> None:
        for method, path in (
            ("POST", ""),
            ("POST", "/batch"),
            ("PATCH", f"/{new_id()}"),
            ("PATCH", "/batch"),
            ("POST", "/search"),
            ("PUT", "/feedback-scores"),
            ("PUT", f"/{new_id()}/feedback-scores"),
            ("POST", f"/{new_id()}/feedback-scores/delete"),
        ):
            reply = await records.client.request(method, records.path + path, content=content)
            assert reply.status_code == 400
            assert "Unable to process JSON. " in reply.text

    async def test_a_bomb_and_a_body_over_the_limit(self, records: Records) -> None:
        for content, headers in (
            (gzip.compress(b" " * (MAX_BODY_BYTES + 1), 1), {"Content_Encoding": "gzip"}),
            (b" " * (MAX_BODY_BYTES + 1), {}),
        ):
            assert message(await send(records, content, **headers))[0] == 413

    async def test_a_gzip_body_that_ends_too_early(self, records: Records) -> None:
        content = gzip.compress(json.dumps(records.body()).encode())[:-9]
        assert message(await send(records, content, Content_Encoding="gzip"))[0] == 400
        assert not await records.has_project()

    @pytest.mark.parametrize("depth", [100, 900, 940, 960, 965, 970, 975, 980, 985, 990, 1000, 100_000])
    @pytest.mark.parametrize("field", ["input", "metadata"])
    async def test_depth_is_refused_or_read_back(self, traces: Records, field: str, depth: int) -> None:
        document = '{"total_cost":' + "[" * depth + "]" * depth + "}"
        id, content = with_raw(traces, **{field: document})
        reply = await send(traces, content)
        assert (reply.status_code, await traces.has_project()) in [(201, True), (400, False)]
        if reply.status_code == 201:
            spans = Records(traces.client, "span", traces.project, {"trace_id": id})
            await spans.create(provider="openai")
            assert document[1:] in (await traces.client.get(f"{traces.path}/{id}")).text
            assert document[1:] in (await traces.list_reply()).text


class TestWrongTypes:
    SAMPLES: tuple[Any, ...] = (True, 5, 1.5, "text", [], {})
    ACCEPTED: tuple[tuple[str, tuple[type, ...]], ...] = (
        ("id", ()),
        ("project_name", (str,)),
        ("name", (str,)),
        ("start_time", ()),
        ("end_time", ()),
        ("last_updated_at", ()),
        ("tags", (list,)),
        ("error_info", (dict,)),
        ("ttft", (int, float)),
        ("source", ()),
        ("environment", (str,)),
    )
    OF_TRACES = (("thread_id", (str,)),)
    OF_SPANS = (
        ("trace_id", ()),
        ("parent_span_id", ()),
        ("type", ()),
        ("model", (str,)),
        ("provider", (str,)),
        ("usage", (dict,)),
        ("total_estimated_cost", (int, float)),
    )
    OF_SCORES = (
        ("id", ()),
        ("name", (str,)),
        ("value", (int, float)),
        ("source", ()),
        ("category_name", (str,)),
        ("reason", (str,)),
        ("author", (str,)),
        ("source_queue_id", ()),
        ("project_name", (str,)),
        ("project_id", ()),
    )

    @pytest.mark.parametrize(("field", "accepted"), ACCEPTED + OF_TRACES)
    async def test_in_traces(self, traces: Records, field: str, accepted: tuple[type, ...]) -> None:
        await self.refused(traces, field, accepted)

    @pytest.mark.parametrize(("field", "accepted"), ACCEPTED + OF_SPANS)
    async def test_in_spans(self, spans: Records, field: str, accepted: tuple[type, ...]) -> None:
        await self.refused(spans, field, accepted)

    async def refused(self, records: Records, field: str, accepted: tuple[type, ...]) -> None:
        for value in (sample for sample in self.SAMPLES if type(sample) not in accepted):
            replies = [
                await records.post(**{field: value}),
                await records.post_batch(records.body(), records.body(**{field: value})),
            ]
            if field not in ("id", "start_time", "last_updated_at"):
                replies.append(await records.patch(new_id(), **{field: value}))
            for reply in replies:
                status, [text] = listed(reply)
                assert (status, text.startswith("Unable to process JSON. ")) == (400, True)
        assert not await records.has_project()

    @pytest.mark.parametrize(("field", "accepted"), OF_SCORES)
    async def test_in_scores(self, records: Records, field: str, accepted: tuple[type, ...]) -> None:
        score = {"id": new_id(), "name": "a", "value": 1, "source": "sdk", "project_name": records.project}
        for value in (sample for sample in self.SAMPLES if type(sample) not in accepted):
            body = {"scores": [score, score | {field: value}]}
            assert listed(await records.client.put(f"{records.path}/feedback-scores", json=body))[0] == 400
        assert not await records.has_project()

    @pytest.mark.parametrize(
        "fields",
        [
            {"tags": [1]},
            {"tags": [None]},
            {"tags": ["a", ["b"]]},
            {"error_info": {"exception_type": 5}},
            {"error_info": {"exception_type": "A", "message": {}}},
            {"error_info": {"traceback": []}},
        ],
        ids=str,
    )
    async def test_inside_of_fields(self, records: Records, fields: Body) -> None:
        assert listed(await records.post(**fields))[0] == 400
        assert not await records.has_project()

    @pytest.mark.parametrize("items", [[None], [5], [[]], {}, "text", 5, True], ids=str)
    async def test_of_batches_and_their_items(self, records: Records, items: Any) -> None:
        for method, path, body in (
            ("POST", "/batch", {records.plural: items}),
            ("PUT", "/feedback-scores", {"scores": items}),
            ("PATCH", "/batch", {"ids": items, "update": {}}),
            ("POST", "/search", {"project_name": records.project, "filters": items}),
        ):
            if items != {} or path != "/search":
                assert listed(await records.client.request(method, records.path + path, json=body))[0] == 400


class TestNumerousThings:
    async def test_a_thousand_tags(self, records: Records) -> None:
        tags = [f"tag {number}" for number in range(1000)]
        id = await records.create(tags=tags)
        assert (await records.get(id))["tags"] == tags
        assert listed(await records.patch(id, tags_to_add=["one more"]))[0] == 422
        assert (await records.patch(id, tags_to_remove=tags[:50])).status_code == 204
        assert (await records.get(id))["tags"] == tags[50:]

    async def test_ten_thousand_usage_counters(self, traces: Records) -> None:
        id, usage = await traces.create(), {f"counter {number}": number for number in range(10_000)}
        spans = Records(traces.client, "span", traces.project, {"trace_id": id})
        assert (await spans.get(await spans.create(usage=usage)))["usage"] == usage
        assert (await traces.get(id))["usage"] == usage

    async def test_many_filters(self, records: Records) -> None:
        await records.create(name="a")
        filters = [{"field": "name", "operator": "!=", "value": f"b{number}"} for number in range(200)]
        assert len(await records.stream(filters=filters)) == 1

    async def test_more_filters_than_there_may_be(self, records: Records) -> None:
        filters = [{"field": "name", "operator": "!=", "value": f"b{number}"} for number in range(50_000)]
        reply = await records.search_reply(filters=filters)
        assert (reply.status_code, reply.json()) == (
            400,
            {"errors": ["Unable to process JSON. there may be at most 200 filters"]},
        )

    async def test_a_key_many_times_in_one_object(self, records: Records) -> None:
        id, content = with_raw(records, input='{"a":1,"a":2}', name='"first","name":"second"')
        assert (await send(records, content)).status_code == 201
        reply = await records.client.get(f"{records.path}/{id}")
        assert '"input":{"a":1,"a":2}' in reply.text
        assert reply.json()["name"] == "second"
