"""The API of agents' threads, one by one and page after page."""

from typing import Any

import pytest

from tests.api.agent_threads import API, FAILURE, THREADS, ThreadCalls, error
from weft.model.ids import new_id
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID


class TestWhoAsks:
    @pytest.mark.parametrize("base", [API, "/v1/fleet"])
    async def test_without_a_key(self, threads: ThreadCalls, base: str) -> None:
        del threads.client.headers["X-Api-Key"]
        reply = await threads.client.get(f"{base}/threads")
        assert (reply.status_code, reply.json()) == (401, {"error": "Unauthorized"})


class TestCreate:
    async def test_options_are_kept_in_metadata(self, threads: ThreadCalls) -> None:
        id, options = new_id(), {"test_run": True, "skip_memory_write_protection": True}
        body = {"agent_id": threads.agent_id, "thread_id": id, "metadata": {"a": {"b": 1}}, "options": options}
        reply = await threads.client.post(THREADS, json=body)
        thread = reply.json()
        owner = thread["metadata"].pop("ls_user_id")
        stamps = {thread.pop("created_at"), thread.pop("updated_at")}
        assert (reply.status_code, len(owner), len(stamps)) == (201, 36, 1)
        assert stamps.pop().endswith("+00:00")
        assert thread == {
            "id": id,
            "agent_id": threads.agent_id,
            "status": "idle",
            "metadata": {
                "a": {"b": 1},
                "is_test_run": True,
                "skip_memory_write_protection": True,
                "tenant_id": DEFAULT_WORKSPACE_ID,
            },
        }

    async def test_without_options_both_are_false(self, threads: ThreadCalls) -> None:
        metadata = (await threads.get(await threads.create()))["metadata"]
        assert (metadata["is_test_run"], metadata["skip_memory_write_protection"]) == (False, False)

    async def test_options_win_over_metadata(self, threads: ThreadCalls) -> None:
        fields = {"metadata": {"is_test_run": True, "skip_memory_write_protection": True}}
        id = await threads.create(**fields, options={"test_run": False})
        metadata = (await threads.get(id))["metadata"]
        assert (metadata["is_test_run"], metadata["skip_memory_write_protection"]) == (False, True)

    async def test_an_id_that_is_taken(self, threads: ThreadCalls) -> None:
        body = {"agent_id": threads.agent_id, "thread_id": new_id(), "metadata": {"a": 1}}
        first = await threads.client.post(THREADS, json=body)
        for strategy in ({}, {"if_exists": "raise"}):
            assert error(await threads.client.post(THREADS, json=body | strategy)) == (409, "thread_already_exists")
        again = await threads.client.post(THREADS, json=body | {"if_exists": "do_nothing", "metadata": {"a": 2}})
        assert (again.status_code, again.json()) == (201, first.json())

    async def test_an_agent_that_is_not_there(self, threads: ThreadCalls) -> None:
        reply = await threads.client.post(THREADS, json={"agent_id": new_id()})
        assert error(reply) == (404, "agent_not_found")

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({}, "missing_required_field"),
            ({"agent_id": ""}, "invalid_request_body"),
            ({"agent_id": None}, "invalid_request_body"),
            ({"agent_id": "x"}, "invalid_request_body"),
            ({"agent_id": new_id(), "thread_id": "x"}, "invalid_request_body"),
            ({"agent_id": new_id(), "if_exists": "replace"}, "invalid_request_body"),
            ({"agent_id": new_id(), "metadata": []}, "invalid_request_body"),
            ({"agent_id": new_id(), "metadata": {"is_test_run": "yes"}}, "invalid_request_body"),
            ({"agent_id": new_id(), "options": {"test_run": 1}}, "invalid_request_body"),
            ([], "invalid_request_body"),
        ],
    )
    async def test_what_is_refused(self, threads: ThreadCalls, fields: object, code: str) -> None:
        assert error(await threads.client.post(THREADS, json=fields)) == (400, code)

    async def test_what_is_no_json(self, threads: ThreadCalls) -> None:
        assert error(await threads.client.post(THREADS, content=b"{")) == (400, "invalid_request_body")

    async def test_metadata_that_is_nested_too_deeply(self, threads: ThreadCalls) -> None:
        deep: object = "x"
        for _ in range(101):
            deep = [deep]
        body = {"agent_id": threads.agent_id, "metadata": {"deep": deep}}
        assert error(await threads.client.post(THREADS, json=body)) == (400, "invalid_request_body")


class TestList:
    async def test_page_after_page_the_latest_activity_first(self, threads: ThreadCalls) -> None:
        ids = [await threads.create() for _ in range(5)]
        await threads.run(ids[0], "idle")
        found, cursor = [], ""
        while True:
            page = await threads.list(page_size="2", **({"cursor": cursor} if cursor else {}))
            found += [thread["id"] for thread in page["threads"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert found == [ids[0], ids[4], ids[3], ids[2], ids[1]]

    async def test_an_item(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        await threads.run(id, "interrupted")
        (item,) = (await threads.list())["threads"]
        whole = await threads.get(id)
        assert item.keys() == {
            *("id", "agent_id", "title", "status", "metadata", "has_interrupts"),
            *("created_at", "updated_at", "state_updated_at"),
        }
        assert item == {name: whole[name] for name in item}
        assert (item["status"], item["has_interrupts"], item["title"]) == ("interrupted", True, None)

    async def test_filters(self, threads: ThreadCalls) -> None:
        plain, test = await threads.create(), await threads.create(options={"test_run": True})
        pinned, failed = await threads.create(metadata={"is_pinned": True}), await threads.create()
        await threads.run(failed, "error")

        async def found(**params: str) -> set[str]:
            return {thread["id"] for thread in (await threads.list(**params))["threads"]}

        assert await found() == await found(test_run="false") == {plain, pinned, failed}
        assert await found(test_run="true") == {test}
        assert await found(is_pinned="true") == {pinned}
        assert await found(is_pinned="false") == {plain, failed}
        assert await found(status="error") == await found(requires_attention="true") == {failed}
        assert await found(requires_attention="false", status="idle") == {plain, pinned}

    async def test_of_an_agent_that_is_gone(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        assert (await threads.client.delete(f"{API}/agents/{threads.agent_id}")).status_code == 204
        assert [thread["id"] for thread in (await threads.list())["threads"]] == [id]
        assert (await threads.get(id))["agent_id"] == threads.agent_id

    @pytest.mark.parametrize(
        ("params", "code"),
        [
            ({"agent_id": "x"}, "invalid_request_body"),
            ({"page_size": "0"}, "invalid_request_body"),
            ({"page_size": "21"}, "invalid_request_body"),
            ({"page_size": "x"}, "invalid_request_body"),
            ({"status": "paused"}, "invalid_request_body"),
            ({"is_pinned": "maybe"}, "invalid_request_body"),
            ({"status": "idle", "requires_attention": "true"}, "invalid_request_body"),
            ({"cursor": "x"}, "invalid_cursor"),
        ],
    )
    async def test_what_is_refused(self, threads: ThreadCalls, params: dict[str, str], code: str) -> None:
        reply = await threads.client.get(THREADS, params={"agent_id": threads.agent_id, **params})
        assert error(reply) == (400, code)

    async def test_the_agent_is_required(self, threads: ThreadCalls) -> None:
        assert error(await threads.client.get(THREADS)) == (400, "invalid_request_body")


class TestGet:
    async def test_before_the_first_run(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        thread = await threads.get(id)
        assert (thread["id"], thread["thread_id"], thread["agent_id"]) == (id, id, threads.agent_id)
        assert (thread["values"], thread["interrupts"], thread["error"]) == ({}, {}, None)

    async def test_after_a_run_that_failed(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        await threads.run(id, "error", {"messages": []})
        thread = await threads.get(id)
        assert (thread["status"], thread["error"], thread["values"]) == ("error", FAILURE, {"messages": []})
        assert thread["metadata"]["graph_id"] == "deep_agent"
        assert thread["metadata"]["assistant_id"] == threads.agent_id

    @pytest.mark.parametrize("id", [pytest.param(new_id(), id="of nothing"), "not-a-thread"])
    async def test_unknown(self, threads: ThreadCalls, id: str) -> None:
        assert error(await threads.client.get(f"{THREADS}/{id}")) == (404, "thread_not_found")


class TestUpdate:
    async def test_metadata_is_merged_by_its_top_keys(self, threads: ThreadCalls) -> None:
        id = await threads.create(metadata={"keep": 1, "go": 2, "nested": {"a": 1}})
        change = {"go": None, "nested": {"b": 2}, "new": 3, "ls_user_id": "x", "tenant_id": None}
        before = await threads.get(id)
        reply = await threads.client.patch(f"{THREADS}/{id}", json={"metadata": change, "anything": "else"})
        after = reply.json()
        expected = {name: value for name, value in before["metadata"].items() if name != "go"}
        assert (reply.status_code, after["metadata"]) == (200, expected | {"nested": {"b": 2}, "new": 3})
        assert after["updated_at"] > before["updated_at"]
        assert after["state_updated_at"] == before["state_updated_at"]

    async def test_title(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        for sent, kept in (("Q3 close", "Q3 close"), ("x" * 255, "x" * 255), ("a\0b", "a\ufffdb"), (None, None)):
            reply = await threads.client.patch(f"{THREADS}/{id}", json={"title": sent})
            assert (reply.json()["title"], reply.json()["metadata"].get("title")) == (kept, None)

    async def test_half_a_surrogate_pair_is_replaced(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        body = rb'{"title": "a\ud800", "metadata": {"\ud800": "\ud800"}}'
        assert (await threads.client.patch(f"{THREADS}/{id}", content=body)).status_code == 200
        thread = await threads.get(id)
        assert (thread["title"], thread["metadata"]["\ufffd"]) == ("a\ufffd", "\ufffd")

    @pytest.mark.parametrize("body", [{}, {"metadata": None}, {"extra": 1}])
    async def test_nothing_to_change(self, threads: ThreadCalls, body: dict[str, Any]) -> None:
        id = await threads.create(metadata={"a": 1})
        before = await threads.get(id)
        assert (await threads.client.patch(f"{THREADS}/{id}", json=body)).status_code == 200
        assert await threads.get(id) == before

    @pytest.mark.parametrize(
        "body",
        [
            {"title": 1},
            {"title": "x" * 256},
            {"metadata": []},
            {"metadata": {"is_pinned": "yes"}},
            {"metadata": {"read_status": 0}},
        ],
    )
    async def test_what_is_refused(self, threads: ThreadCalls, body: dict[str, Any]) -> None:
        id = await threads.create()
        before = await threads.get(id)
        reply = await threads.client.patch(f"{THREADS}/{id}", json={"title": "new", **body})
        assert error(reply) == (400, "invalid_request_body")
        assert await threads.get(id) == before

    @pytest.mark.parametrize("id", [pytest.param(new_id(), id="of nothing"), "not-a-thread"])
    async def test_unknown(self, threads: ThreadCalls, id: str) -> None:
        assert error(await threads.client.patch(f"{THREADS}/{id}", json={"title": "x"})) == (404, "thread_not_found")


class TestDelete:
    async def test_any_number_of_times(self, threads: ThreadCalls) -> None:
        id = await threads.create()
        for _ in range(2):
            reply = await threads.client.delete(f"{THREADS}/{id}")
            assert (reply.status_code, reply.content) == (204, b"")
        assert (await threads.client.get(f"{THREADS}/{id}")).status_code == 404

    @pytest.mark.parametrize("id", [pytest.param(new_id(), id="of nothing"), "not-a-thread"])
    async def test_unknown(self, threads: ThreadCalls, id: str) -> None:
        assert (await threads.client.delete(f"{THREADS}/{id}")).status_code == 204
