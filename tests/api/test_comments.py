"""Comments on traces, spans and threads (Opik's contract, B.16 to B.19, B.32 to B.35, F.5)."""

from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from tests.api.records import Body, Records, listed, message
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True)
class Commented:
    """A trace, span or thread that is there, with the path of its noun."""

    client: httpx.AsyncClient
    noun: str
    path: str
    id: str

    async def add(self, **body: object) -> httpx.Response:
        return await self.client.post(f"{self.path}/{self.id}/comments", json=body)

    async def added(self, text: str) -> str:
        """The id of a new comment."""
        reply = await self.add(text=text)
        assert reply.status_code == 201, reply.text
        id: str = reply.json()["id"]
        return id

    async def get(self, comment_id: str, id: str | None = None) -> httpx.Response:
        return await self.client.get(f"{self.path}/{id or self.id}/comments/{comment_id}")

    async def update(self, comment_id: str, **body: object) -> httpx.Response:
        return await self.client.patch(f"{self.path}/comments/{comment_id}", json=body)

    async def delete(self, **body: object) -> httpx.Response:
        return await self.client.post(f"{self.path}/comments/delete", json=body)


@pytest_asyncio.fixture(params=["trace", "span", "thread"], loop_scope="session")
async def commented(request: pytest.FixtureRequest, traces: Records, spans: Records) -> Commented:
    client = traces.client
    if request.param == "trace":
        return Commented(client, "Trace", traces.path, await traces.create())
    if request.param == "span":
        return Commented(client, "Span", spans.path, await spans.create())
    await traces.create(thread_id="conversation")
    body = {"project_name": traces.project, "thread_id": "conversation"}
    thread = (await client.post("/v1/private/traces/threads/retrieve", json=body)).json()
    return Commented(client, "Thread", "/v1/private/traces/threads", thread["thread_model_id"])


class TestAdd:
    async def test_every_field_comes_back(self, commented: Commented) -> None:
        queue = new_id()
        reply = await commented.add(text="naïve 🧶\n'text'", source_queue_id=queue)
        id = reply.json()["id"]
        assert (reply.status_code, reply.json().keys()) == (201, {"id"})
        assert reply.headers["Location"] == f"http://weft{commented.path}/{commented.id}/comments/{id}"
        comment = (await commented.get(id)).json()
        assert comment.pop("created_at") == comment.pop("last_updated_at")
        assert comment == {
            "id": id,
            "text": "naïve 🧶\n'text'",
            "source_queue_id": queue,
            "created_by": "admin",
            "last_updated_by": "admin",
        }

    async def test_on_what_is_not_there(self, commented: Commented) -> None:
        id = new_id()
        reply = await commented.client.post(f"{commented.path}/{id}/comments", json={"text": "a"})
        assert message(reply) == (404, f"{commented.noun} id: {id} not found")

    @pytest.mark.parametrize("body", [{}, {"text": None}, {"text": " \n"}])
    async def test_a_text_must_be_given(self, commented: Commented, body: Body) -> None:
        assert listed(await commented.add(**body)) == (422, ["text must not be blank"])

    async def test_a_queue_that_is_no_uuid_is_a_bad_request(self, commented: Commented) -> None:
        assert listed(await commented.add(text="a", source_queue_id="x"))[0] == 400


class TestGet:
    async def test_of_something_else(self, commented: Commented) -> None:
        id = await commented.added("a")
        assert message(await commented.get(id, new_id())) == (404, f"Comment id: {id} not found")

    async def test_what_is_not_there(self, commented: Commented) -> None:
        id = new_id()
        assert message(await commented.get(id)) == (404, f"Comment id: {id} not found")


class TestUpdate:
    async def test_the_text_changes_and_the_creation_does_not(self, commented: Commented) -> None:
        id = await commented.added("old")
        before = (await commented.get(id)).json()
        reply = await commented.update(id, text="new")
        assert (reply.status_code, reply.content) == (204, b"")
        after = (await commented.get(id)).json()
        assert after["last_updated_at"] > before["last_updated_at"]
        assert after == before | {"text": "new", "last_updated_at": after["last_updated_at"]}

    async def test_what_is_not_there(self, commented: Commented) -> None:
        id = new_id()
        assert message(await commented.update(id, text="new")) == (404, f"Comment id: {id} not found")

    async def test_of_another_noun(self, traces: Records, spans: Records) -> None:
        on_trace = Commented(traces.client, "Trace", traces.path, await traces.create())
        on_span = Commented(spans.client, "Span", spans.path, await spans.create())
        id = await on_trace.added("a")
        assert message(await on_span.update(id, text="new")) == (404, f"Comment id: {id} not found")

    @pytest.mark.parametrize("body", [{}, {"text": None}, {"text": ""}])
    async def test_a_text_must_be_given(self, commented: Commented, body: Body) -> None:
        id = await commented.added("old")
        assert listed(await commented.update(id, **body)) == (422, ["text must not be blank"])


class TestDelete:
    async def test_those_named(self, commented: Commented) -> None:
        gone, kept = await commented.added("a"), await commented.added("b")
        reply = await commented.delete(ids=[gone, new_id()])
        assert (reply.status_code, reply.content) == (204, b"")
        assert [(await commented.get(id)).status_code for id in (gone, kept)] == [404, 200]

    @pytest.mark.parametrize(
        ("body", "violation"),
        [
            ({}, "ids must not be null"),
            ({"ids": []}, "ids size must be between 1 and 1000"),
            ({"ids": [new_id()] * 1001}, "ids size must be between 1 and 1000"),
        ],
        ids=["null", "none", "too many"],
    )
    async def test_sizes(self, commented: Commented, body: Body, violation: str) -> None:
        assert listed(await commented.delete(**body)) == (422, [violation])


class TestShown:
    async def test_oldest_first_wherever_a_record_is_shown(self, records: Records) -> None:
        id = await records.create()
        commented = Commented(records.client, records.noun, records.path, id)
        comments = [(await commented.get(await commented.added(text))).json() for text in ("first", "second")]
        for record in (await records.get(id), *await records.find(), *await records.stream()):
            assert record["comments"] == comments

    async def test_nothing_when_there_are_none(self, records: Records) -> None:
        id = await records.create()
        assert "comments" not in await records.get(id)
        assert "comments" not in (await records.find())[0]

    async def test_excluded(self, records: Records) -> None:
        commented = Commented(records.client, records.noun, records.path, await records.create())
        await commented.added("a")
        for [record] in (await records.find(exclude=["comments"]), await records.stream(exclude=["comments"])):
            assert "comments" not in record

    async def test_they_go_with_their_trace(self, traces: Records) -> None:
        commented = Commented(traces.client, "Trace", traces.path, await traces.create())
        comment_id = await commented.added("a")
        await traces.client.delete(f"{traces.path}/{commented.id}")
        assert (await commented.get(comment_id)).status_code == 404
        await traces.create(id=commented.id)
        assert "comments" not in await traces.get(commented.id)
