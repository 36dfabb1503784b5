"""Threads (Opik's contract, B.20 to B.28, C, D, F.3)."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest

from tests.api.records import FIFTY_TAGS, JANUARY_MS, Body, Records, listed, message
from weft.filters.fields import THREADS
from weft.model.ids import is_version_7, new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/v1/private/traces/threads"
NO_PROJECT = "Either 'project_name' or 'project_id' query params must be provided"


@dataclass(frozen=True)
class Threads:
    """The threads of one project, and the traces that make them."""

    traces: Records

    @property
    def project(self) -> str:
        return self.traces.project

    @property
    def client(self) -> httpx.AsyncClient:
        return self.traces.client

    async def make(self, *thread_ids: str, **fields: object) -> None:
        """One trace for each, one second apart."""
        bodies = [
            self.traces.body(id=new_id(JANUARY_MS + 1000 * place), thread_id=thread_id, **fields)
            for place, thread_id in enumerate(thread_ids)
        ]
        assert (await self.traces.post_batch(*bodies)).status_code == 204

    async def send(self, method: str, name: str, **body: object) -> httpx.Response:
        body = {"project_name": self.project, **body}
        return await self.client.request(method, f"{PATH}/{name}", json=body)

    async def get(self, thread_id: str, **body: object) -> Body:
        reply = await self.send("POST", "retrieve", thread_id=thread_id, **body)
        assert reply.status_code == 200, reply.text
        thread: Body = reply.json()
        return thread

    async def list_reply(self, **query: Any) -> httpx.Response:
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
        return await self.client.get(PATH, params={"project_name": self.project, **texts})

    async def page(self, **query: Any) -> Body:
        reply = await self.list_reply(**query)
        assert reply.status_code == 200, reply.text
        page: Body = reply.json()
        return page

    async def found(self, **query: Any) -> list[str]:
        return [thread["id"] for thread in (await self.page(**query))["content"]]

    async def filtered(self, field: str, operator: str, value: str = "", key: str = "") -> list[str]:
        """By a list and by a stream, which must agree."""
        filters = [{"field": field, "operator": operator, "value": value, "key": key}]
        encoded = [{**filters[0], "value": quote(value)}] if THREADS.fields[field].type == "date_time" else filters
        listed = sorted(await self.found(filters=encoded))
        assert sorted(thread["id"] for thread in await self.stream(filters=filters)) == listed
        return listed

    async def stream(self, **body: object) -> list[Body]:
        reply = await self.send("POST", "search", **body)
        assert reply.status_code == 200, reply.text
        return [json.loads(line) for line in reply.content.split(b"\r\n")[:-1]]


@pytest.fixture
def threads(traces: Records) -> Threads:
    return Threads(traces)


class TestRetrieve:
    async def test_everything_that_a_thread_shows(self, threads: Threads, spans: Records) -> None:
        first = threads.traces.body(
            thread_id="chat / 1",
            start_time="2026-01-02T03:04:05Z",
            end_time="2026-01-02T03:04:06.5Z",
            input={"text": "hello"},
            output={"text": "hi"},
        )
        second = threads.traces.body(
            thread_id="chat / 1",
            start_time="2026-01-02T03:04:07Z",
            end_time="2026-01-02T03:04:08Z",
            output={"text": "bye"},
            environment="production",
            source="sdk",
        )
        await threads.traces.post_batch(second, first)
        await spans.create(trace_id=first["id"], usage={"total_tokens": 5}, total_estimated_cost=0.25)
        thread = await threads.get("chat / 1")
        assert is_version_7(UUID(thread.pop("thread_model_id")))
        stamps = {thread.pop(name) for name in ("created_at", "last_updated_at")}
        assert all(stamp.endswith("Z") for stamp in stamps)
        assert thread == {
            "id": "chat / 1",
            "project_id": await threads.traces.project_id(),
            "start_time": "2026-01-02T03:04:05Z",
            "end_time": "2026-01-02T03:04:08Z",
            "duration": 3000.0,
            "first_message": {"text": "hello"},
            "last_message": {"text": "bye"},
            "number_of_messages": 4,
            "total_estimated_cost": 0.25,
            "usage": {"total_tokens": 5},
            "status": "active",
            "environment": "production",
            "source": "sdk",
            "created_by": "admin",
            "last_updated_by": "admin",
        }

    async def test_the_bare_minimum(self, threads: Threads) -> None:
        await threads.make("t")
        thread = await threads.get("t")
        missing = {
            "end_time",
            "duration",
            "first_message",
            "last_message",
            "usage",
            "tags",
            "feedback_scores",
            "comments",
        }
        assert not missing & thread.keys()
        assert thread["number_of_messages"] == 2

    @pytest.mark.parametrize("truncate", [True, False])
    async def test_long_messages(self, threads: Threads, truncate: bool) -> None:
        await threads.make("t", input="x" * 20_000, output={"a": "y" * 20_000}, end_time="2026-01-02T03:04:06Z")
        thread = await threads.get("t", truncate=truncate)
        assert thread["first_message"] == ('"' + "x" * 10_000 if truncate else "x" * 20_000)
        assert len(thread["last_message"]) == (10_001 if truncate else 1)

    async def test_unknown_thread(self, threads: Threads) -> None:
        await threads.make("t")
        reply = await threads.send("POST", "retrieve", thread_id="other")
        assert message(reply) == (404, "Trace Thread id: other not found")

    async def test_unknown_project(self, threads: Threads) -> None:
        reply = await threads.send("POST", "retrieve", thread_id="t")
        assert message(reply) == (404, f"Project name: {threads.project} not found")

    async def test_no_project(self, threads: Threads) -> None:
        reply = await threads.send("POST", "retrieve", thread_id="t", project_name=None)
        assert message(reply) == (400, NO_PROJECT)

    @pytest.mark.parametrize("thread_id", [None, "", " "])
    async def test_no_thread(self, threads: Threads, thread_id: str | None) -> None:
        reply = await threads.send("POST", "retrieve", thread_id=thread_id)
        assert listed(reply) == (422, ["threadId must not be blank"])


class TestPage:
    async def test_the_envelope(self, threads: Threads) -> None:
        await threads.make("a", "b", "c")
        page = await threads.page(size=2)
        assert {name: page[name] for name in ("page", "size", "total")} == {"page": 1, "size": 2, "total": 3}
        assert page["sortable_by"] == THREADS.sortable_by
        assert (await threads.page(page=9))["content"] == []

    async def test_the_last_updated_comes_first(self, threads: Threads) -> None:
        for thread_id in ("a", "b", "c", "b"):
            await threads.make(thread_id)
        assert await threads.found() == ["b", "c", "a"]

    async def test_traces_without_a_thread_are_in_none(self, threads: Threads) -> None:
        await threads.traces.create()
        await threads.traces.create(thread_id=" ")
        assert await threads.found() == []

    @pytest.mark.parametrize("field", [name for name in THREADS.sortable if not name.endswith("*")])
    async def test_every_sort(self, threads: Threads, field: str) -> None:
        await threads.make("a", "b")
        sorted_by = [await threads.found(sorting=[{"field": field, "direction": way}]) for way in ("ASC", "DESC")]
        assert [sorted(found) for found in sorted_by] == [["a", "b"], ["a", "b"]]

    async def test_by_usage_cost_and_score(self, threads: Threads, spans: Records) -> None:
        for thread_id, tokens in (("a", 5), ("b", 7), ("c", 6)):
            trace = await threads.traces.create(thread_id=thread_id)
            await spans.create(trace_id=trace, usage={"total_tokens": tokens}, total_estimated_cost=tokens)
            score = {"thread_id": thread_id, "name": "quality", "value": tokens, "source": "sdk"}
            await threads.send("PUT", "feedback-scores", scores=[score | {"project_name": threads.project}])
        for field in ("usage.total_tokens", "total_estimated_cost", "feedback_scores.quality"):
            assert await threads.found(sorting=[{"field": field, "direction": "DESC"}]) == ["b", "c", "a"], field

    async def test_unknown_sort_is_ignored(self, threads: Threads) -> None:
        await threads.make("a")
        assert await threads.found(sorting=[{"field": "nothing"}]) == ["a"]

    async def test_malformed_parameters(self, threads: Threads) -> None:
        await threads.make("a")
        for name in ("filters", "sorting"):
            reply = await threads.list_reply(**{name: "["})
            assert message(reply) == (400, f"Invalid {name} query parameter '['")
        reply = await threads.list_reply(from_time="2026-01-02T00:00:00Z", to_time="2026-01-01T00:00:00Z")
        assert message(reply) == (400, "Parameter 'from_time' must be before 'to_time'")
        assert message(await threads.client.get(PATH)) == (400, NO_PROJECT)

    async def test_the_window_selects_traces(self, threads: Threads) -> None:
        await threads.make("a", "b", "a")
        page = await threads.page(from_time="2026-01-01T00:00:01Z", sorting=[{"field": "id"}])
        shown = [(thread["id"], thread["number_of_messages"]) for thread in page["content"]]
        assert shown == [("a", 2), ("b", 2)]
        assert await threads.found(to_time="2026-01-01T00:00:00Z") == ["a"]

    @pytest.mark.parametrize("text", ["GREEN", "t-2", "zebra", "{id}"])
    async def test_search(self, threads: Threads, text: str) -> None:
        id = new_id(JANUARY_MS)
        await threads.make("t-1", input="grass")
        await threads.make("T-2", input="grass")
        await threads.traces.post(id=id, thread_id="T-2", input="Green", output="Zebra")
        assert await threads.found(search=text.format(id=id)) == ["T-2"]
        assert len(await threads.found(search=" ")) == 2

    async def test_search_within_the_selected_traces(self, threads: Threads) -> None:
        await threads.traces.post(thread_id="a", input="green", environment="test")
        await threads.traces.post(thread_id="a", input="red", environment="production")
        filters = [{"field": "environment", "operator": "=", "value": "production"}]
        assert await threads.found(search="green", filters=filters) == []
        assert await threads.found(search="red", filters=filters) == ["a"]

    async def test_exclude(self, threads: Threads) -> None:
        await threads.make("a", input="x")
        (thread,) = (await threads.page(exclude=sorted(THREADS.excludable)))["content"]
        assert thread.keys() == {"id", "project_id", "thread_model_id", "last_updated_at"}
        reply = await threads.list_reply(exclude=["id"])
        assert message(reply) == (400, "Invalid exclude query parameter '[\"id\"]'")


class TestFilters:
    async def test_id_is_exact(self, threads: Threads) -> None:
        await threads.make("chat", "Chat")
        assert await threads.filtered("id", "=", "chat") == ["chat"]
        assert await threads.filtered("id", "starts_with", "Ch") == ["Chat"]

    async def test_status(self, threads: Threads) -> None:
        await threads.make("a", "b")
        await threads.send("PUT", "close", thread_id="b")
        assert await threads.filtered("status", "=", "active") == ["a"]
        assert await threads.filtered("status", "!=", "active") == ["b"]
        assert await threads.filtered("status", "in", "active,inactive") == ["a", "b"]

    async def test_messages_and_their_number(self, threads: Threads) -> None:
        await threads.make("a", "a", input="Hello", output="Bye", end_time="2026-01-02T03:04:06Z")
        await threads.make("b")
        assert await threads.filtered("first_message", "contains", "hello") == ["a"]
        assert await threads.filtered("last_message", "not_contains", "bye") == ["b"]
        assert await threads.filtered("number_of_messages", ">=", "4") == ["a"]
        assert await threads.filtered("duration", "=", "1000") == ["a"]

    async def test_instants(self, threads: Threads) -> None:
        await threads.make("a", end_time="2026-01-02T03:04:06Z")
        await threads.make("b")
        assert await threads.filtered("end_time", ">", "2026-01-02T03:04:05.5Z") == ["a"]
        assert await threads.filtered("start_time", "=", "2026-01-02T03:04:05Z") == ["a", "b"]
        assert await threads.filtered("created_at", "<", "2026-01-01T00:00:00Z") == []
        assert await threads.filtered("last_updated_at", ">", "2026-01-01T00:00:00Z") == ["a", "b"]

    async def test_environment_and_source_select_traces(self, threads: Threads) -> None:
        await threads.make("a", "b", environment="test", source="sdk")
        await threads.make("a", environment="production", source="playground")
        filters = [
            {"field": "environment", "operator": "=", "value": "production"},
            {"field": "source", "operator": "!=", "value": "sdk"},
            {"field": "number_of_messages", "operator": "=", "value": "2"},
        ]
        assert await threads.found(filters=filters) == ["a"]
        assert await threads.filtered("source", "=", "sdk") == ["a", "b"]

    async def test_tags_and_queues(self, threads: Threads) -> None:
        await threads.make("a", "b")
        id = (await threads.get("a"))["thread_model_id"]
        await threads.client.patch(f"{PATH}/{id}", json={"tags": ["Urgent"]})
        assert await threads.filtered("tags", "contains", "urg") == ["a"]
        assert await threads.filtered("tags", "is_empty") == ["b"]
        assert await threads.filtered("annotation_queue_ids", "is_empty") == ["a", "b"]

    async def test_scores(self, threads: Threads) -> None:
        await threads.make("a", "b")
        score = {"thread_id": "a", "name": "quality", "value": 0.85, "source": "sdk", "project_name": threads.project}
        await threads.send("PUT", "feedback-scores", scores=[score])
        assert await threads.filtered("feedback_scores", "is_not_empty", key="quality") == ["a"]
        assert await threads.filtered("feedback_scores", "is_empty", key="quality") == ["b"]
        assert await threads.filtered("feedback_scores", "=", "0.85", key="Quality") == ["a"]

    async def test_operator_of_another_type(self, threads: Threads) -> None:
        await threads.make("a")
        filters = [{"field": "status", "operator": ">", "value": "a"}]
        text = "Invalid operator '>' for field 'status' of type 'enum'"
        assert message(await threads.list_reply(filters=filters)) == (400, text)
        assert message(await threads.send("POST", "search", filters=filters)) == (400, text)


class TestStream:
    async def test_the_newest_model_id_comes_first(self, threads: Threads) -> None:
        await threads.make("a", "b", "c", "a")
        stream = await threads.stream()
        assert [thread["id"] for thread in stream] == ["c", "b", "a"]
        assert stream[2] == await threads.get("a")

    @pytest.mark.parametrize("cursor", ["id", "thread_model_id"])
    async def test_goes_on_below_an_id_or_a_model_id(self, threads: Threads, cursor: str) -> None:
        await threads.make("a", new_id(), "c")
        first = await threads.stream(limit=2)
        rest = await threads.stream(limit=2, last_retrieved_thread_model_id=first[-1][cursor])
        assert [thread["id"] for thread in rest] == ["a"]

    async def test_below_what_is_nothing(self, threads: Threads) -> None:
        await threads.make("a")
        reply = await threads.send("POST", "search", last_retrieved_thread_model_id="b")
        assert message(reply) == (404, "Trace Thread id: b not found")

    async def test_of_nothing(self, threads: Threads) -> None:
        await threads.traces.create()
        reply = await threads.send("POST", "search")
        assert (reply.status_code, reply.content) == (200, b"")

    @pytest.mark.parametrize(
        ("limit", "bound"), [(0, "greater than or equal to 1"), (2001, "less than or equal to 2000")]
    )
    async def test_limits(self, threads: Threads, limit: int, bound: str) -> None:
        assert listed(await threads.send("POST", "search", limit=limit)) == (422, [f"limit must be {bound}"])

    async def test_no_project(self, threads: Threads) -> None:
        assert message(await threads.send("POST", "search", project_name=None)) == (400, NO_PROJECT)


class TestOpenAndClose:
    async def test_closed_and_open_again(self, threads: Threads) -> None:
        await threads.make("a")
        for verb, status in (("close", "inactive"), ("open", "active")):
            reply = await threads.send("PUT", verb, thread_id="a")
            assert (reply.status_code, reply.content) == (204, b"")
            assert (await threads.get("a"))["status"] == status

    async def test_a_new_trace_opens_it(self, threads: Threads) -> None:
        await threads.make("a")
        await threads.send("PUT", "close", thread_id="a")
        await threads.make("a")
        assert (await threads.get("a"))["status"] == "active"

    async def test_several_are_closed(self, threads: Threads) -> None:
        await threads.make("a", "b", "c")
        await threads.send("PUT", "close", thread_ids=["a", "b", "a"])
        assert await threads.filtered("status", "=", "inactive") == ["a", "b"]

    async def test_opening_an_unknown_one_makes_it(self, threads: Threads) -> None:
        await threads.make("a")
        assert (await threads.send("PUT", "open", thread_id="b")).status_code == 204
        assert await threads.found() == ["a"]

    async def test_one_without_traces_stops_all(self, threads: Threads) -> None:
        await threads.make("a")
        reply = await threads.send("PUT", "close", thread_ids=["a", "x", "y"])
        assert message(reply) == (404, "Thread '[x, y]' not found:")
        assert (await threads.get("a"))["status"] == "active"

    @pytest.mark.parametrize("verb", ["open", "close"])
    async def test_project_or_thread_is_missing(self, threads: Threads, verb: str) -> None:
        unknown = await threads.send("PUT", verb, thread_id="a")
        assert message(unknown) == (404, f"Project name: {threads.project} not found")
        assert message(await threads.send("PUT", verb, thread_id="a", project_name=None)) == (400, NO_PROJECT)
        assert listed(await threads.send("PUT", verb)) == (422, ["threadId must not be blank"])

    @pytest.mark.parametrize(
        ("thread_ids", "text"),
        [
            ([], "threadIds size must be between 1 and 1000"),
            (["a"] * 1001, "threadIds size must be between 1 and 1000"),
            ([" "], "threadIds[0].<list element> must not be blank"),
        ],
    )
    async def test_wrong_lists(self, threads: Threads, thread_ids: list[str], text: str) -> None:
        assert listed(await threads.send("PUT", "close", thread_ids=thread_ids)) == (422, [text])
        assert listed(await threads.send("POST", "delete", thread_ids=thread_ids)) == (422, [text])


class TestUpdate:
    async def test_tags_are_replaced_added_and_removed(self, threads: Threads) -> None:
        await threads.make("a")
        path = f"{PATH}/{(await threads.get('a'))['thread_model_id']}"
        for body in ({"tags": ["x", "y"]}, {"tags_to_add": ["z"], "tags_to_remove": ["x"]}):
            reply = await threads.client.patch(path, json=body)
            assert (reply.status_code, reply.content) == (204, b"")
        assert (await threads.get("a"))["tags"] == ["y", "z"]
        await threads.client.patch(path, json={"tags": []})
        assert "tags" not in await threads.get("a")

    async def test_unknown_thread(self, threads: Threads) -> None:
        id = new_id()
        reply = await threads.client.patch(f"{PATH}/{id}", json={"tags": ["x"]})
        assert message(reply) == (404, f"Thread id: {id} not found")

    @pytest.mark.parametrize(
        ("tags", "text"),
        [
            (["t"] * 51, "Cannot have more than 50 tags"),
            ([" "], "Tag must not be blank"),
            (["t" * 101], "Tag cannot exceed 100 characters"),
        ],
    )
    @pytest.mark.parametrize("field", ["tags", "tags_to_add", "tags_to_remove"])
    async def test_violations(self, threads: Threads, field: str, tags: list[str], text: str) -> None:
        assert listed(await threads.client.patch(f"{PATH}/{new_id()}", json={field: tags})) == (422, [text])

    async def test_too_many_tags_in_the_end(self, threads: Threads) -> None:
        await threads.make("a")
        path = f"{PATH}/{(await threads.get('a'))['thread_model_id']}"
        await threads.client.patch(path, json={"tags": FIFTY_TAGS})
        reply = await threads.client.patch(path, json={"tags_to_add": ["x"]})
        assert listed(reply) == (422, ["Tag limit exceeded: maximum 50 tags per item"])


class TestUpdateBatch:
    async def test_several(self, threads: Threads) -> None:
        await threads.make("a", "b", "c")
        ids = [(await threads.get(thread_id))["thread_model_id"] for thread_id in ("a", "b")]
        reply = await threads.client.patch(f"{PATH}/batch", json={"ids": [*ids, new_id()], "update": {"tags": ["x"]}})
        assert (reply.status_code, reply.content) == (204, b"")
        merged = {"ids": ids[:1], "update": {"tags": ["y"]}, "merge_tags": True}
        assert (await threads.client.patch(f"{PATH}/batch", json=merged)).status_code == 204
        assert [(await threads.get(id)).get("tags") for id in ("a", "b", "c")] == [["x", "y"], ["x"], None]

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ({"ids": [], "update": {}}, "ids size must be between 1 and 1000"),
            ({"update": {}}, "ids must not be null"),
            ({"ids": [new_id()]}, "update must not be null"),
            ({"ids": [new_id()], "update": {"tags": [" "]}}, "Tag must not be blank"),
        ],
    )
    async def test_violations(self, threads: Threads, body: Body, text: str) -> None:
        assert listed(await threads.client.patch(f"{PATH}/batch", json=body)) == (422, [text])


class TestDelete:
    async def test_takes_the_traces_and_all_that_is_theirs(self, threads: Threads, spans: Records) -> None:
        trace = await threads.traces.create(thread_id="a")
        span = await spans.create(trace_id=trace)
        await threads.make("b")
        reply = await threads.send("POST", "delete", thread_ids=["a", "unknown"])
        assert (reply.status_code, reply.content) == (204, b"")
        assert await threads.found() == ["b"]
        assert not await threads.traces.is_there(trace)
        assert not await spans.is_there(span)

    async def test_unknown_project(self, threads: Threads) -> None:
        assert (await threads.send("POST", "delete", thread_ids=["a"])).status_code == 204
        assert not await threads.traces.has_project()

    async def test_no_project(self, threads: Threads) -> None:
        reply = await threads.send("POST", "delete", project_name=None, thread_ids=["a"])
        assert listed(reply) == (422, ["The request body must provide either a project_name or a project_id"])

    async def test_no_threads(self, threads: Threads) -> None:
        assert listed(await threads.send("POST", "delete")) == (422, ["threadIds must not be empty"])
