"""Runs through the API, on a runtime that does what the message says (see `FakeRuntime`)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copy
from typing import Any, cast

import httpx
import pytest

from tests.agents.fake_runtime import NO_MODEL, FakeRuntime
from tests.api.agent_threads import THREADS, create_agent, error
from tests.api.http_client import HOSTS, Pinged
from weft.agents.runs import Runs
from weft.agents.thread_states import ThreadStates
from weft.agents.trace_writer import TraceSink
from weft.app import create_app, services_of
from weft.model.ids import new_id
from weft.registry import open_registry
from weft.settings import Settings
from weft.store.contract import Store

HELLO = {"messages": [{"role": "user", "content": "hello"}]}
SAID = {"messages": ["hello", "said hello"]}


@dataclass
class RunCalls:
    """Of one thread of one agent."""

    client: httpx.AsyncClient
    runtime: FakeRuntime
    agent_id: str
    thread_id: str

    @property
    def url(self) -> str:
        return f"{THREADS}/{self.thread_id}/runs"

    async def post(self, end: str = "", text: str = "hello", **fields: Any) -> httpx.Response:
        body = {"agent_id": self.agent_id, "input": {"messages": [{"role": "user", "content": text}]}, **fields}
        return await self.client.post(f"{self.url}{end}", json={key: body[key] for key in body if body[key] != ...})

    async def start(self, text: str, **fields: Any) -> str:
        """The id of the run."""
        reply = await self.post(text=text, **fields)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["run_id"])

    async def thread(self) -> dict[str, Any]:
        return dict((await self.client.get(f"{THREADS}/{self.thread_id}")).json())

    async def ended(self, run_id: str) -> dict[str, Any]:
        await self.client.get(f"{self.url}/{run_id}/join")
        return dict((await self.client.get(f"{self.url}/{run_id}")).json())


@pytest.fixture
async def runs(tmp_path: Path, empty_registry: Path) -> AsyncIterator[RunCalls]:
    runtime, settings = FakeRuntime(), Settings(allowed_hosts=HOSTS)
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    services = services_of(settings, cast(Store, Pinged()), registry)
    started = Runs(TraceSink(services.store, registry, services.vault), runtime.opened)
    services = replace(services, runs=started, thread_states=ThreadStates(registry, started))
    transport = httpx.ASGITransport(create_app(settings, services))
    async with httpx.AsyncClient(transport=transport, base_url="http://weft", headers={"X-Api-Key": "k"}) as client:
        agent_id = await create_agent(client)
        thread_id = (await client.post(THREADS, json={"agent_id": agent_id})).json()["id"]
        yield RunCalls(client, runtime, agent_id, thread_id)
    await started.close()
    await registry.close()


def event_names(reply: httpx.Response) -> list[str]:
    return [line.removeprefix("event: ") for line in reply.text.splitlines() if line.startswith("event: ")]


class TestStream:
    async def test_events_and_where_to_find_them_again(self, runs: RunCalls) -> None:
        reply = await runs.post("/stream")
        assert reply.status_code == 200
        assert event_names(reply) == ["metadata", "values", "values"]
        path = reply.headers["content-location"]
        assert reply.headers["location"] == f"{path}/stream"
        assert path.startswith(f"/threads/{runs.thread_id}/runs/")
        assert "content-encoding" not in reply.headers

    async def test_first_generation_of_clients_had_messages_at_the_top(self, runs: RunCalls) -> None:
        reply = await runs.post("/stream", input=..., messages=HELLO["messages"])
        assert event_names(reply) == ["metadata", "values", "values"]

    async def test_more_messages_than_go_in_one_run(self, runs: RunCalls) -> None:
        reply = await runs.post("/stream", input={"messages": HELLO["messages"] * 2001})
        assert error(reply) == (400, "invalid_request_body")
        assert "at most 2000" in reply.json()["detail"]

    async def test_command_makes_messages_needless(self, runs: RunCalls) -> None:
        reply = await runs.post("/stream", input=..., command={"resume": {"decisions": []}})
        assert reply.status_code == 200
        assert runs.runtime.jobs[0].input is None

    async def test_what_is_asked_reaches_the_runtime(self, runs: RunCalls) -> None:
        await runs.post(
            "/stream",
            stream_mode=["updates", "messages-tuple", "updates"],
            stream_subgraphs=True,
            user_timezone="Europe/Rome",
            metadata={"a": 1},
            config={"configurable": {"b": 2}},
        )
        job = runs.runtime.jobs[0]
        assert (job.stream_modes, job.subgraphs, job.timezone) == (["updates", "messages-tuple"], True, "Europe/Rome")
        assert job.config == {"configurable": {"b": 2}, "metadata": {"a": 1}}

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"agent_id": ...}, "missing_required_field"),
            ({"agent_id": "x"}, "invalid_request_body"),
            ({"input": ...}, "missing_required_field"),
            ({"input": {}}, "missing_required_field"),
            ({"input": {"messages": []}}, "missing_required_field"),
            ({"input": {"messages": "hello"}}, "invalid_request_body"),
            ({"input": {"messages": [{"content": "x"}]}}, "invalid_request_body"),
            ({"input": {"messages": [{"role": "king", "content": "x"}]}}, "invalid_request_body"),
            ({"input": []}, "invalid_request_body"),
            ({"assistant_id": new_id()}, "invalid_request_body"),
            ({"stream_mode": ["everything"]}, "invalid_request_body"),
            ({"multitask_strategy": "hope"}, "invalid_request_body"),
            ({"config": {"configurable": 1}}, "invalid_request_body"),
        ],
    )
    async def test_bad_body(self, runs: RunCalls, fields: dict[str, Any], code: str) -> None:
        assert error(await runs.post("/stream", **fields)) == (400, code)
        assert runs.runtime.jobs == []

    async def test_unknown_thread(self, runs: RunCalls) -> None:
        for runs.thread_id in (new_id(), "no-uuid"):
            assert error(await runs.post("/stream")) == (404, "thread_not_found")

    async def test_agent_that_was_deleted(self, runs: RunCalls) -> None:
        await runs.client.delete(f"/v1/deepagents/agents/{runs.agent_id}")
        assert error(await runs.post("/stream")) == (502, "upstream_auth_failed")


class TestCreate:
    async def test_record(self, runs: RunCalls) -> None:
        body = (await runs.post(metadata={"a": 1})).json()
        assert body["status"] == "running"
        assert body["id"] == body["run_id"]
        assert body["agent_id"] == body["assistant_id"] == runs.agent_id
        assert (body["thread_id"], body["metadata"]) == (runs.thread_id, {"a": 1})
        assert (body["kwargs"]["input"], body["multitask_strategy"]) == (HELLO, "enqueue")
        assert (await runs.ended(body["id"]))["status"] == "success"

    async def test_assistant_id_is_the_agent(self, runs: RunCalls) -> None:
        reply = await runs.post(agent_id=..., assistant_id=runs.agent_id)
        assert reply.json()["agent_id"] == runs.agent_id

    async def test_without_an_agent_it_is_that_of_the_thread(self, runs: RunCalls) -> None:
        assert (await runs.post(agent_id=...)).json()["agent_id"] == runs.agent_id

    async def test_busy_thread_rejects(self, runs: RunCalls) -> None:
        await runs.start("hold")
        assert error(await runs.post(multitask_strategy="reject")) == (409, "thread_busy")


class TestCreateThreadAndRun:
    async def test_both(self, runs: RunCalls) -> None:
        body = {"agent_id": runs.agent_id, "input": HELLO, "thread": {"metadata": {"a": 1}}}
        run = (await runs.client.post(f"{THREADS}/runs", json=body)).json()
        runs.thread_id = run["thread_id"]
        assert (await runs.thread())["metadata"]["a"] == 1
        assert (await runs.ended(run["id"]))["status"] == "success"

    async def test_run_that_cannot_start_leaves_no_thread(self, runs: RunCalls) -> None:
        await runs.client.patch(f"/v1/deepagents/agents/{runs.agent_id}", json={"runtime": NO_MODEL})
        runs.thread_id = new_id()
        body = {"agent_id": runs.agent_id, "input": HELLO, "thread": {"thread_id": runs.thread_id}}
        assert error(await runs.client.post(f"{THREADS}/runs", json=body)) == (400, "model_unavailable")
        assert error(await runs.client.get(f"{THREADS}/{runs.thread_id}")) == (404, "thread_not_found")

    async def test_thread_that_exists(self, runs: RunCalls) -> None:
        thread = {"thread_id": runs.thread_id}
        body = {"agent_id": runs.agent_id, "input": HELLO, "thread": thread}
        assert error(await runs.client.post(f"{THREADS}/runs", json=body)) == (409, "thread_already_exists")
        body["thread"] = {**thread, "if_exists": "do_nothing"}
        assert (await runs.client.post(f"{THREADS}/runs", json=body)).json()["thread_id"] == runs.thread_id

    async def test_unknown_agent(self, runs: RunCalls) -> None:
        reply = await runs.client.post(f"{THREADS}/runs", json={"agent_id": new_id(), "input": HELLO})
        assert error(reply) == (404, "agent_not_found")


class TestWait:
    async def test_values(self, runs: RunCalls) -> None:
        assert (await runs.post("/wait")).json() == SAID

    async def test_failure_is_told_with_200(self, runs: RunCalls) -> None:
        reply = await runs.post("/wait", text="fail")
        assert reply.status_code == 200
        assert reply.json() == {"__error__": {"error": "ValueError", "message": "as asked"}}


class TestFind:
    async def test_newest_first(self, runs: RunCalls) -> None:
        ids = [await runs.start(text) for text in ("hello", "fail", "hello")]
        for id in ids:
            await runs.ended(id)
        listed = (await runs.client.get(runs.url)).json()
        assert [run["id"] for run in listed] == ids[::-1]
        failed = (await runs.client.get(runs.url, params={"status": "error", "limit": 1})).json()
        assert [(run["id"], run["error"]["error"]) for run in failed] == [(ids[1], "ValueError")]

    async def test_unknown_run(self, runs: RunCalls) -> None:
        for id in (new_id(), "no-uuid"):
            assert error(await runs.client.get(f"{runs.url}/{id}")) == (404, "run_not_found")

    async def test_run_of_another_thread(self, runs: RunCalls) -> None:
        id = await runs.start("hello")
        runs.thread_id = (await runs.client.post(THREADS, json={"agent_id": runs.agent_id})).json()["id"]
        assert error(await runs.client.get(f"{runs.url}/{id}")) == (404, "run_not_found")


class TestFollow:
    async def test_from_where_one_left(self, runs: RunCalls) -> None:
        url = f"{runs.url}/{await runs.start('hello')}/stream"
        assert event_names(await runs.client.get(url)) == ["metadata", "values", "values"]
        for last, count in (("-1", 3), ("0", 3), ("2", 1), ("3", 0), ("9", 0)):
            reply = await runs.client.get(url, headers={"Last-Event-ID": last})
            assert len(event_names(reply)) == count

    @pytest.mark.parametrize(
        ("modes", "names"),
        [
            ({}, ["metadata", "values", "updates|tools:1", "messages", "updates", "error"]),
            ({"stream_mode": "values"}, ["metadata", "values", "error"]),
            ({"stream_mode": ["updates", "values"]}, ["metadata", "values", "updates|tools:1", "updates", "error"]),
            ({"stream_mode": '["messages-tuple"]'}, ["metadata", "messages", "error"]),
            ({"stream_mode": "messages"}, ["metadata", "messages", "error"]),
            ({"stream_mode": ""}, ["metadata", "values", "updates|tools:1", "messages", "updates", "error"]),
        ],
    )
    async def test_only_some_modes(self, runs: RunCalls, modes: dict[str, Any], names: list[str]) -> None:
        runs.runtime.tells = ["values", "updates|tools:1", "messages", "updates"]
        url = f"{runs.url}/{await runs.start('fail')}/stream"
        reply = await runs.client.get(url, params=modes)
        assert event_names(reply) == names

    @pytest.mark.parametrize("modes", ["all", '["all"]', "[1]", '["values"', "[" * 5000])
    async def test_no_such_mode(self, runs: RunCalls, modes: str) -> None:
        url = f"{runs.url}/{await runs.start('hello')}/stream"
        assert error(await runs.client.get(url, params={"stream_mode": modes})) == (400, "invalid_request_body")

    async def test_bad_event_id(self, runs: RunCalls) -> None:
        url = f"{runs.url}/{await runs.start('hello')}/stream"
        assert error(await runs.client.get(url, headers={"Last-Event-ID": "x"})) == (400, "invalid_event_id")


class TestCancel:
    async def test_run_and_thread_are_interrupted(self, runs: RunCalls) -> None:
        id = await runs.start("hold")
        await runs.runtime.holding.wait()
        assert (await runs.client.post(f"{runs.url}/{id}/cancel", params={"wait": "true"})).json() == {}
        assert (await runs.ended(id))["status"] == "interrupted"
        thread = await runs.thread()
        assert (thread["status"], thread["error"]["error"]) == ("interrupted", "UserInterrupt")

    async def test_rollback(self, runs: RunCalls) -> None:
        id = await runs.start("hold")
        await runs.runtime.holding.wait()
        await runs.client.post(f"{runs.url}/{id}/cancel", params={"wait": "true", "action": "rollback"})
        assert error(await runs.client.get(f"{runs.url}/{id}")) == (404, "run_not_found")


class TestDelete:
    async def test_record_goes_and_state_stays(self, runs: RunCalls) -> None:
        id = await runs.start("hello")
        await runs.ended(id)
        assert (await runs.client.delete(f"{runs.url}/{id}")).status_code == 204
        assert error(await runs.client.get(f"{runs.url}/{id}")) == (404, "run_not_found")
        assert (await runs.thread())["values"] == SAID


class TestResolveInterrupt:
    async def test_thread_is_idle_then(self, runs: RunCalls) -> None:
        await runs.post("/wait", text="ask")
        url = f"{THREADS}/{runs.thread_id}/resolve-interrupt"
        assert (await runs.client.post(url, json={})).status_code == 204
        assert (await runs.thread())["status"] == "idle"
        assert error(await runs.client.post(url, json={})) == (409, "thread_not_interrupted")
