"""Many threads in one request: each question of the contract's section E has its test here."""

from typing import Any

import httpx
import pytest

from tests.api.agent_threads import THREADS, ThreadCalls, error
from weft.model.ids import new_id

BULK_MODIFY = f"{THREADS}/bulk-modify"
BULK_DELETE = f"{THREADS}/bulk-delete"


async def modify(threads: ThreadCalls, thread_ids: list[str], data: object) -> list[dict[str, Any]]:
    return results(await threads.client.post(BULK_MODIFY, json={"thread_ids": thread_ids, "data": data}))


def results(reply: httpx.Response) -> list[dict[str, Any]]:
    assert reply.status_code == 200, reply.text
    body = reply.json()
    assert body.keys() == {"results"}
    return list(body["results"])


def succeeded(id: str) -> dict[str, str]:
    return {"id": id, "status": "success"}


def failed(id: str, code: str, message: str) -> dict[str, str]:
    return {"id": id, "status": "failure", "error_code": code, "message": message}


def not_found(id: str) -> dict[str, str]:
    return failed(id, "thread_not_found", f"Verify the thread ID: thread {id.lower()} not found")


def malformed(id: str) -> dict[str, str]:
    return failed(id, "invalid_thread_id", "thread id must be a UUID")


class TestModify:
    async def test_results_are_in_the_order_of_the_request(self, threads: ThreadCalls) -> None:
        first, last, unknown = await threads.create(), await threads.create(), new_id()
        data = {"title": "Q3 close", "metadata": {"is_pinned": True, "read_status": True}}
        found = await modify(threads, [last, unknown, "not-a-thread", first], data)
        assert found == [succeeded(last), not_found(unknown), malformed("not-a-thread"), succeeded(first)]
        for id in (first, last):
            thread = await threads.get(id)
            assert (thread["title"], thread["metadata"]["is_pinned"]) == ("Q3 close", True)

    async def test_fifty(self, threads: ThreadCalls) -> None:
        ids = [await threads.create(), *(new_id() for _ in range(49))]
        assert await modify(threads, ids, {"title": "x"}) == [succeeded(ids[0]), *map(not_found, ids[1:])]

    async def test_more_than_fifty_change_nothing(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        reply = await threads.client.post(BULK_MODIFY, json={"thread_ids": [id] * 51, "data": {"title": "x"}})
        assert error(reply) == (400, "invalid_request_body")
        assert (await threads.get(id))["title"] is None

    async def test_none(self, threads: ThreadCalls) -> None:
        assert await modify(threads, [], {"title": "x"}) == []

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, "missing_required_field"),
            ({"thread_ids": []}, "missing_required_field"),
            ({"data": {}}, "missing_required_field"),
            ({"thread_ids": None, "data": {}}, "invalid_request_body"),
            ({"thread_ids": "x", "data": {}}, "invalid_request_body"),
            ({"thread_ids": [1], "data": {}}, "invalid_request_body"),
            ({"thread_ids": [], "data": None}, "invalid_request_body"),
            ({"thread_ids": [], "data": []}, "invalid_request_body"),
            ({"thread_ids": [], "data": {"title": 1}}, "invalid_request_body"),
            ({"thread_ids": [], "data": {"title": "x" * 256}}, "invalid_request_body"),
            ({"thread_ids": [], "data": {"metadata": {"is_pinned": "yes"}}}, "invalid_request_body"),
            ([], "invalid_request_body"),
        ],
    )
    async def test_a_body_that_does_not_fit(self, threads: ThreadCalls, body: object, code: str) -> None:
        assert error(await threads.client.post(BULK_MODIFY, json=body)) == (400, code)

    async def test_what_is_no_json(self, threads: ThreadCalls) -> None:
        assert error(await threads.client.post(BULK_MODIFY, content=b"{")) == (400, "invalid_request_body")

    async def test_empty_data_changes_nothing_and_still_tells_who_is_missing(self, threads: ThreadCalls) -> None:
        id, unknown = await threads.create(), new_id()
        before = await threads.get(id)
        assert await modify(threads, [id, unknown], {}) == [succeeded(id), not_found(unknown)]
        assert await threads.get(id) == before

    async def test_duplicates_have_a_result_each(self, threads: ThreadCalls) -> None:
        id, unknown = await threads.create(), new_id()
        listed = [id, unknown, id.upper(), "x", unknown, "x", id]
        assert await modify(threads, listed, {"title": "x"}) == [
            *(succeeded(id), not_found(unknown), succeeded(id.upper()), malformed("x")),
            *(not_found(unknown), malformed("x"), succeeded(id)),
        ]

    async def test_all_may_fail(self, threads: ThreadCalls) -> None:
        unknown = new_id()
        assert await modify(threads, [unknown, ""], {"title": "x"}) == [not_found(unknown), malformed("")]

    async def test_a_busy_thread(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        await threads.run(id, "busy")
        assert await modify(threads, [id], {"title": "x"}) == [succeeded(id)]
        thread = await threads.get(id)
        assert (thread["status"], thread["title"]) == ("busy", "x")

    async def test_metadata_is_merged_by_top_level_key(self, threads: ThreadCalls) -> None:
        one = await threads.create(metadata={"keep": 1, "go": 2, "nested": {"a": 1}})
        other = await threads.create(metadata={"own": 1})
        owner = (await threads.get(one))["metadata"]["ls_user_id"]
        await modify(threads, [one, other], {"metadata": {"go": None, "nested": {"b": 2}, "ls_user_id": "x"}})
        metadata = [(await threads.get(id))["metadata"] for id in (one, other)]
        assert [kept["nested"] for kept in metadata] == [{"b": 2}, {"b": 2}]
        assert (metadata[0]["keep"], metadata[1]["own"]) == (1, 1)
        assert not any("go" in kept for kept in metadata)
        assert [kept["ls_user_id"] for kept in metadata] == [owner, owner]

    async def test_title_is_no_metadata_and_null_clears_it(self, threads: ThreadCalls) -> None:
        id = await threads.create(metadata={"title": "in metadata"})
        await modify(threads, [id], {"title": "own"})
        thread = await threads.get(id)
        assert (thread["title"], thread["metadata"]["title"]) == ("own", "in metadata")
        await modify(threads, [id], {"title": None})
        assert (await threads.get(id))["title"] is None

    async def test_into_the_test_runs_and_out_again(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        for flag in (True, False):
            await modify(threads, [id], {"metadata": {"is_test_run": flag}})
            for asked in (True, False):
                found = (await threads.list(test_run=str(asked).lower()))["threads"]
                assert [thread["id"] for thread in found] == ([id] if asked is flag else [])

    async def test_unknown_keys_are_ignored(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        assert await modify(threads, [id], {"status": "error", "agent_id": "x", "id": "y"}) == [succeeded(id)]
        assert (await threads.get(id))["status"] == "idle"

    async def test_order_of_the_list_stays(self, threads: ThreadCalls) -> None:
        older, newer = await threads.create(), await threads.create()
        before = await threads.get(older)
        await modify(threads, [older], {"title": "x"})
        after = await threads.get(older)
        assert after["updated_at"] > before["updated_at"]
        assert after["state_updated_at"] == before["state_updated_at"]
        assert [thread["id"] for thread in (await threads.list())["threads"]] == [newer, older]


class TestDelete:
    async def test_each_has_its_result(self, threads: ThreadCalls) -> None:
        id, left, unknown = await threads.create(), await threads.create(), new_id()
        reply = await threads.client.post(BULK_DELETE, json={"thread_ids": [id, unknown, "x", id]})
        assert results(reply) == [succeeded(id), not_found(unknown), malformed("x"), succeeded(id)]
        assert [thread["id"] for thread in (await threads.list())["threads"]] == [left]

    @pytest.mark.parametrize(
        ("body", "code"),
        [({}, "missing_required_field"), ({"thread_ids": ["x"] * 51}, "invalid_request_body")],
    )
    async def test_a_body_that_does_not_fit(self, threads: ThreadCalls, body: object, code: str) -> None:
        assert error(await threads.client.post(BULK_DELETE, json=body)) == (400, code)
