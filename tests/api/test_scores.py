"""Feedback scores of traces and of spans (Opik's contract, B.12 to B.15, B.36, F.4)."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.api.records import NOT_VERSION_7, Body, Records, listed, message, names
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCORE: Body = {"name": "quality", "value": 0.5, "source": "sdk"}
QUEUE = new_id()
LIMIT = "999999999.999999999"
BROKEN_RULES: list[tuple[Body, str]] = [
    ({"name": None}, "name must not be blank"),
    ({"name": " "}, "name must not be blank"),
    ({"value": None}, "value must not be null"),
    ({"source": None}, "source must not be null"),
    ({"value": 10**9}, f"value must be less than or equal to {LIMIT}"),
    ({"value": -(10**9)}, f"value must be greater than or equal to -{LIMIT}"),
]


async def put(records: Records, id: str, **fields: object) -> httpx.Response:
    return await records.client.put(f"{records.path}/{id}/feedback-scores", json=SCORE | fields)


async def put_batch(records: Records, *items: Body) -> httpx.Response:
    scores = [SCORE | {"project_name": records.project} | item for item in items]
    return await records.client.put(f"{records.path}/feedback-scores", json={"scores": scores})


async def delete(records: Records, id: str, **body: object) -> httpx.Response:
    return await records.client.post(f"{records.path}/{id}/feedback-scores/delete", json=body)


async def scores(records: Records, id: str) -> dict[str, Body]:
    """What a record shows, by name."""
    return {score["name"]: score for score in (await records.get(id)).get("feedback_scores", [])}


class TestPut:
    async def test_every_field_comes_back(self, records: Records) -> None:
        id, queue = await records.create(), new_id()
        sent = {"category_name": "good", "reason": "because", "source": "ui", "value": -0.123456789}
        reply = await put(records, id, **sent, source_queue_id=queue)
        assert (reply.status_code, reply.content) == (204, b"")
        score = (await scores(records, id))["quality"]
        assert {name: score[name] for name in sent} == sent
        assert (score["created_by"], score["last_updated_by"]) == ("admin", "admin")
        by_author = score["value_by_author"][f"admin_{queue}"]
        assert by_author.pop("last_updated_at") == score["last_updated_at"]
        assert by_author == sent | {"author": "admin", "source_queue_id": queue}

    async def test_the_newest_wins_whole(self, records: Records) -> None:
        id = await records.create()
        await put(records, id, value=1, reason="because", category_name="good")
        before = (await scores(records, id))["quality"]
        await put(records, id, value=0)
        after = (await scores(records, id))["quality"]
        assert (after["value"], after["created_at"]) == (0, before["created_at"])
        assert not {"reason", "category_name"} & after.keys()

    async def test_what_is_not_there_cannot_be_scored(self, records: Records) -> None:
        id = new_id()
        assert message(await put(records, id)) == (404, f"{records.noun.capitalize()} id: {id} not found")

    @pytest.mark.parametrize(("fields", "violation"), BROKEN_RULES)
    async def test_violations(self, records: Records, fields: Body, violation: str) -> None:
        id = await records.create()
        assert listed(await put(records, id, **fields)) == (422, [violation])
        assert await scores(records, id) == {}

    async def test_the_greatest_value(self, records: Records) -> None:
        id = await records.create()
        content = f'{{"name":"quality","source":"sdk","value":{LIMIT}}}'
        path = f"{records.path}/{id}/feedback-scores"
        assert (await records.client.put(path, content=content)).status_code == 204
        assert LIMIT in (await records.client.get(f"{records.path}/{id}")).text

    async def test_an_unknown_source_is_a_bad_request(self, records: Records) -> None:
        assert listed(await put(records, await records.create(), source="nobody"))[0] == 400


class TestPutBatch:
    async def test_scores_may_come_before_what_they_score(self, records: Records) -> None:
        id = new_id()
        reply = await put_batch(records, {"id": id, "reason": None, "category_name": None}, {"id": id, "name": "other"})
        assert (reply.status_code, reply.content) == (204, b"")
        await records.create(id=id)
        assert (await scores(records, id)).keys() == {"quality", "other"}

    async def test_by_project_id(self, records: Records) -> None:
        id = await records.create()
        item = {"id": id, "project_name": None, "project_id": await records.project_id()}
        assert (await put_batch(records, item)).status_code == 204
        assert (await scores(records, id)).keys() == {"quality"}

    async def test_an_unknown_project_id_is_not_found(self, records: Records) -> None:
        item = {"id": new_id(), "project_id": (project_id := new_id())}
        assert message(await put_batch(records, item)) == (404, f"Project id: {project_id} not found")

    async def test_in_another_project_they_do_not_show(self, records: Records) -> None:
        id = await records.create()
        assert (await put_batch(records.elsewhere(), {"id": id})).status_code == 204
        assert await scores(records, id) == {}

    async def test_twice_in_one_batch_the_last_wins(self, records: Records) -> None:
        id = await records.create()
        await put_batch(records, {"id": id, "value": 1}, {"id": id, "value": 2})
        assert (await scores(records, id))["quality"]["value"] == 2

    @pytest.mark.parametrize(
        ("fields", "violation"),
        [*BROKEN_RULES, ({"id": None}, "id must not be null"), ({"project_name": ""}, "projectName must not be blank")],
    )
    async def test_one_invalid_item_fails_the_whole_batch(self, records: Records, fields: Body, violation: str) -> None:
        id = await records.create()
        reply = await put_batch(records, {"id": id}, {"id": id, "name": "other"} | fields)
        assert listed(reply) == (422, [f"scores[1].{violation}"])
        assert await scores(records, id) == {}

    async def test_one_id_of_another_version_fails_the_whole_batch(self, records: Records) -> None:
        id = await records.create()
        reply = await put_batch(records, {"id": id}, {"id": NOT_VERSION_7})
        assert reply.json() == {
            "code": 400,
            "message": "Invalid UUID for id",
            "details": f"{records.noun} id must be a version 7 UUID",
        }
        assert await scores(records, id) == {}

    @pytest.mark.parametrize(
        ("body", "violation"),
        [
            ({}, "scores must not be null"),
            ({"scores": []}, "scores size must be between 1 and 1000"),
            ({"scores": [SCORE | {"id": new_id()}] * 1001}, "scores size must be between 1 and 1000"),
        ],
        ids=["null", "none", "too many"],
    )
    async def test_sizes(self, records: Records, body: Body, violation: str) -> None:
        reply = await records.client.put(f"{records.path}/feedback-scores", json=body)
        assert listed(reply) == (422, [violation])


class TestFolding:
    """Opik's contract, B.36."""

    async def test_several_authors(self, records: Records) -> None:
        id = await records.create()
        await put_batch(
            records,
            {"id": id, "value": 0, "reason": "bad", "category_name": "low", "author": "ann"},
            {"id": id, "value": 1, "author": "bob", "source": "ui"},
            {"id": id, "value": 1, "reason": "good", "author": "cid"},
        )
        score = (await scores(records, id))["quality"]
        assert (score["value"], score["reason"]) == (0.666666667, "bad, <no reason>, good")
        assert (score["category_name"], score["source"]) == ("low", "sdk")
        by_author = score["value_by_author"]
        assert {author: view["value"] for author, view in by_author.items()} == {"ann": 0, "bob": 1, "cid": 1}
        assert (by_author["bob"]["source"], "reason" in by_author["bob"]) == ("ui", False)

    async def test_filters_look_at_the_mean(self, records: Records) -> None:
        id = await records.create(name="a")
        await records.create(name="b")
        await put_batch(records, {"id": id, "value": 0.8, "author": "ann"}, {"id": id, "value": 0.9, "author": "bob"})
        for operator, value, found in (
            ("=", "0.85", ["a"]),
            (">", "0.85", []),
            ("is_empty", "", ["b"]),
            ("is_not_empty", "", ["a"]),
        ):
            filters = [{"field": "feedback_scores", "key": "QUALITY", "operator": operator, "value": value}]
            assert names(await records.find(filters=filters)) == found

    async def test_sorting_by_a_score_puts_those_without_it_last(self, records: Records) -> None:
        ids = [await records.create(name=name) for name in ("low", "high", "none")]
        await put_batch(records, {"id": ids[0], "value": 1}, {"id": ids[1], "value": 2})
        for direction, found in (("ASC", ["low", "high", "none"]), ("DESC", ["high", "low", "none"])):
            sorting = [{"field": "feedback_scores.quality", "direction": direction}]
            assert names(await records.find(sorting=sorting)) == found

    async def test_scores_of_spans_show_on_their_trace(self, traces: Records) -> None:
        trace_id = await traces.create(name="a")
        spans = Records(traces.client, "span", traces.project, {"trace_id": trace_id})
        ids = [await spans.create(type="llm"), await spans.create()]
        await put_batch(spans, {"id": ids[0], "value": 0.8}, {"id": ids[1], "value": 0.9})
        [trace] = await traces.find()
        assert "feedback_scores" not in trace
        [score] = trace["span_feedback_scores"]
        assert (score["name"], score["value"]) == ("quality", 0.85)
        assert score["value_by_author"].keys() == {f"admin_{id}" for id in ids}
        by_author = score["value_by_author"][f"admin_{ids[0]}"]
        assert (by_author["span_id"], by_author["span_type"]) == (ids[0], "llm")
        filters = [{"field": "span_feedback_scores", "key": "quality", "operator": "=", "value": "0.85"}]
        assert names(await traces.find(filters=filters)) == ["a"]


class TestDelete:
    @pytest_asyncio.fixture(loop_scope="session")
    async def scored(self, records: Records) -> str:
        """Scored by two authors, one of them in two queues, and under another name."""
        id = await records.create()
        await put_batch(
            records,
            {"id": id, "author": "ann"},
            {"id": id, "author": "bob"},
            {"id": id, "author": "bob", "source_queue_id": QUEUE},
            {"id": id, "name": "other"},
        )
        return id

    @pytest.mark.parametrize(
        ("body", "left"),
        [
            ({}, None),
            ({"author": None}, None),
            ({"author": " "}, None),
            ({"author": "bob"}, {"ann"}),
            ({"author": "bob", "source_queue_id": QUEUE}, {"ann", "bob"}),
            ({"author": "nobody"}, {"ann", "bob", f"bob_{QUEUE}"}),
        ],
    )
    async def test_by_name_and_author(self, records: Records, scored: str, body: Body, left: set[str] | None) -> None:
        reply = await delete(records, scored, name="quality", **body)
        assert (reply.status_code, reply.content) == (204, b"")
        found = await scores(records, scored)
        assert "other" in found
        assert (found["quality"]["value_by_author"].keys() if "quality" in found else None) == left

    async def test_what_is_not_there_is_no_error(self, records: Records) -> None:
        assert (await delete(records, new_id(), name="quality")).status_code == 204

    @pytest.mark.parametrize("name", [None, " "])
    async def test_a_name_must_be_given(self, records: Records, name: str | None) -> None:
        assert listed(await delete(records, new_id(), name=name)) == (422, ["name must not be blank"])


class TestNames:
    async def test_of_a_project(self, records: Records) -> None:
        id = await records.create()
        await put_batch(
            records, {"id": id, "name": "b"}, {"id": id, "name": "a"}, {"id": id, "name": "a", "author": "x"}
        )
        assert await self.names(records, project_id=await records.project_id()) == ["a", "b"]
        assert await self.names(records, project_id=new_id()) == []

    async def test_of_the_workspace(self, records: Records) -> None:
        ours = [f"ours {new_id()}" for _ in range(2)]
        for name, where in zip(ours, (records, records.elsewhere()), strict=True):
            await put_batch(where, {"id": new_id(), "name": name})
        assert set(ours) <= set(await self.names(records))

    async def test_of_spans_of_a_type(self, spans: Records) -> None:
        llm, tool = await spans.create(type="llm"), await spans.create(type="tool")
        await put_batch(spans, {"id": llm, "name": "a"}, {"id": tool, "name": "b"})
        assert await self.names(spans, project_id=await spans.project_id(), type="llm") == ["a"]

    async def test_a_project_that_is_no_uuid(self, records: Records) -> None:
        reply = await records.client.get(f"{records.path}/feedback-scores/names", params={"project_id": "x"})
        assert message(reply)[0] == 400

    async def names(self, records: Records, **params: Any) -> list[str]:
        reply = await records.client.get(f"{records.path}/feedback-scores/names", params=params)
        assert reply.status_code == 200
        return [score["name"] for score in reply.json()["scores"]]
