"""Feedback scores of threads (Opik's contract, B.29 to B.31)."""

import httpx
import pytest

from tests.api.records import Body, Records, listed, message
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/v1/private/traces/threads"
QUEUE = new_id()


async def put(traces: Records, *items: Body) -> httpx.Response:
    always: Body = {"thread_id": "t", "name": "quality", "value": 0.5, "source": "sdk", "project_name": traces.project}
    return await traces.client.put(f"{PATH}/feedback-scores", json={"scores": [always | item for item in items]})


async def delete(traces: Records, *names: str, **body: object) -> httpx.Response:
    always: Body = {"project_name": traces.project, "thread_id": "t", "names": names}
    return await traces.client.post(f"{PATH}/feedback-scores/delete", json=always | body)


async def scores(traces: Records, thread_id: str = "t") -> dict[str, Body]:
    """What a thread shows, by name."""
    body = {"project_name": traces.project, "thread_id": thread_id}
    thread: Body = (await traces.client.post(f"{PATH}/retrieve", json=body)).json()
    return {score["name"]: score for score in thread.get("feedback_scores", [])}


class TestPut:
    async def test_every_field_comes_back(self, traces: Records) -> None:
        await traces.create(thread_id="t")
        sent = {"value": -0.123456789, "reason": "because", "category_name": "good", "source": "ui"}
        reply = await put(traces, sent | {"author": "ann", "source_queue_id": QUEUE})
        assert (reply.status_code, reply.content) == (204, b"")
        score = (await scores(traces))["quality"]
        assert {name: score[name] for name in sent} == sent
        assert score["value_by_author"].keys() == {f"ann_{QUEUE}"}

    async def test_authors_are_folded(self, traces: Records) -> None:
        await traces.create(thread_id="t")
        await put(traces, {"value": 0.8, "author": "ann"}, {"value": 0.9, "author": "bob"})
        assert (await scores(traces))["quality"]["value"] == 0.85

    async def test_project_and_thread_are_made(self, traces: Records) -> None:
        await put(traces, {"project_name": f"  {traces.project} "})
        await traces.create(thread_id="t")
        assert (await scores(traces)).keys() == {"quality"}

    async def test_by_project_id(self, traces: Records) -> None:
        await traces.create(thread_id="t")
        await put(traces, {"project_name": None, "project_id": await traces.project_id()})
        assert (await scores(traces)).keys() == {"quality"}
        id = new_id()
        assert message(await put(traces, {"project_id": id})) == (404, f"Project id: {id} not found")

    async def test_a_closed_thread_stays_closed_and_an_opened_one_keeps_its_scores(self, traces: Records) -> None:
        await traces.create(thread_id="t")
        thread = {"project_name": traces.project, "thread_id": "t"}
        await traces.client.put(f"{PATH}/close", json=thread)
        await put(traces, {})
        assert (await traces.client.post(f"{PATH}/retrieve", json=thread)).json()["status"] == "inactive"
        await traces.client.put(f"{PATH}/open", json=thread)
        assert (await scores(traces)).keys() == {"quality"}

    @pytest.mark.parametrize(
        ("fields", "violation"),
        [
            ({"thread_id": None}, "threadId must not be blank"),
            ({"thread_id": " "}, "threadId must not be blank"),
            ({"project_name": " "}, "projectName must not be blank"),
            ({"name": ""}, "name must not be blank"),
            ({"value": None}, "value must not be null"),
            ({"source": None}, "source must not be null"),
            ({"value": 10**9}, "value must be less than or equal to 999999999.999999999"),
        ],
    )
    async def test_violations(self, traces: Records, fields: Body, violation: str) -> None:
        assert listed(await put(traces, {}, fields)) == (422, [f"scores[1].{violation}"])

    async def test_wrong_numbers_of_scores(self, traces: Records) -> None:
        size = "scores size must be between 1 and 1000"
        assert listed(await put(traces)) == (422, [size])
        assert listed(await put(traces, *[{}] * 1001)) == (422, [size])
        nothing = await traces.client.put(f"{PATH}/feedback-scores", json={})
        assert listed(nothing) == (422, ["scores must not be null"])


class TestDelete:
    async def test_takes_several_names(self, traces: Records) -> None:
        await traces.create(thread_id="t")
        await put(traces, *({"name": name} for name in "abc"))
        reply = await delete(traces, "a", "c", "unknown")
        assert (reply.status_code, reply.content) == (204, b"")
        assert (await scores(traces)).keys() == {"b"}

    async def test_of_one_author_or_queue(self, traces: Records) -> None:
        await traces.create(thread_id="t")
        by = ({"author": "ann"}, {"author": "bob"}, {"author": "cat", "source_queue_id": QUEUE})
        await put(traces, *by)
        await delete(traces, "quality", author="ann")
        await delete(traces, "quality", source_queue_id=QUEUE)
        assert (await scores(traces))["quality"]["value_by_author"].keys() == {"bob"}

    async def test_what_is_not_there_is_passed_over(self, traces: Records) -> None:
        assert (await delete(traces, "a")).status_code == 204
        assert not await traces.has_project()

    @pytest.mark.parametrize(
        ("body", "violation"),
        [
            ({"project_name": None}, "projectName must not be blank"),
            ({"thread_id": " "}, "threadId must not be blank"),
            ({"names": []}, "names size must be between 1 and 1000"),
            ({"names": ["a"] * 1001}, "names size must be between 1 and 1000"),
            ({"names": None}, "names must not be null"),
            ({"names": ["a", " "]}, "names[].<iterable element> must not be blank"),
        ],
    )
    async def test_violations(self, traces: Records, body: Body, violation: str) -> None:
        assert listed(await delete(traces, "a", **body)) == (422, [violation])


class TestNames:
    async def test_of_one_project_or_all(self, traces: Records) -> None:
        elsewhere = traces.elsewhere()
        unique = f"quality {traces.project}"
        await traces.create(thread_id="t")
        await put(traces, {"name": "b"}, {"name": "a"})
        await put(elsewhere, {"name": unique})
        names = f"{PATH}/feedback-scores/names"
        reply = await traces.client.get(names, params={"project_id": await traces.project_id()})
        assert reply.json() == {"scores": [{"name": "a"}, {"name": "b"}]}
        assert {"name": unique} in (await traces.client.get(names)).json()["scores"]
