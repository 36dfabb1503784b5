"""Runs with the stock `managed-deepagents` client, on a model that answers by rules."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from managed_deepagents import Client, ManagedDeepAgentsAPIError

from examples.local_model import LocalModel
from tests.compat.server import Server, free_port, serving, serving_until_killed
from tests.model_server import environment, serving_model

MODES = ["values", "updates", "messages-tuple"]
KEY = {"X-Api-Key": "k"}
SUBAGENT = {"name": "auditor", "description": "Audits", "instructions": "Audit it."}


@pytest.fixture(scope="module")
def model() -> Iterator[LocalModel]:
    with serving_model() as model:
        yield model


@pytest.fixture(scope="module")
def runs_server(model: LocalModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("weft"), free_port(), environment(model)) as server:
        yield server


@pytest.fixture(scope="module")
def client(runs_server: Server) -> Iterator[Client]:
    with client_of(runs_server) as client:
        yield client


@pytest.fixture(scope="module")
def agent_id(client: Client) -> str:
    return str(client.agents.create(name="helper", model="openai:local", subagents=[SUBAGENT])["id"])


@pytest.fixture
def thread_id(client: Client, agent_id: str) -> str:
    return str(client.threads.create(agent_id=agent_id)["id"])


def stream(client: Client, agent_id: str, thread_id: str, text: str, **options: Any) -> list[Any]:
    messages: list[Mapping[str, Any]] = [{"role": "user", "content": text}]
    return list(client.threads.stream(thread_id, agent_id=agent_id, messages=messages, **options))


def last_values(events: list[Any]) -> Mapping[str, Any]:
    return [event.data for event in events if event.event == "values"][-1]  # type: ignore[no-any-return]


def resume(client: Client, agent_id: str, thread_id: str, *decisions: Mapping[str, Any]) -> list[Any]:
    command = {"resume": {"decisions": list(decisions)}}
    filler: list[Mapping[str, Any]] = [{"role": "system", "content": ""}]
    return list(client.threads.stream(thread_id, agent_id=agent_id, messages=filler, command=command))


class TestStream:
    def test_all_modes(self, client: Client, agent_id: str, thread_id: str) -> None:
        events = stream(client, agent_id, thread_id, "say a b c", stream_mode=MODES)
        assert events[0].event == "metadata"
        assert {event.event for event in events} == {"metadata", "values", "updates", "messages"}
        chunks = [event.data[0]["content"] for event in events if event.event == "messages"]
        assert "".join(chunks) == "a b c"
        assert [message["type"] for message in last_values(events)["messages"]] == ["human", "ai"]
        assert [int(event.id) for event in events] == list(range(1, len(events) + 1))
        assert client.threads.get(thread_id)["status"] == "idle"

    def test_subgraphs(self, client: Client, agent_id: str, thread_id: str) -> None:
        events = stream(
            client, agent_id, thread_id, "delegate say done to auditor", stream_mode=MODES, stream_subgraphs=True
        )
        inner = {event.event for event in events if "|" in event.event}
        assert {name.partition("|tools:")[0] for name in inner} == {"values", "updates", "messages"}
        assert last_values(events)["messages"][-1]["content"] == "The tool says: done"

    def test_failure(self, client: Client, agent_id: str, thread_id: str) -> None:
        last = stream(client, agent_id, thread_id, "fail")[-1]
        assert (last.event, set(last.data)) == ("error", {"error", "message"})
        assert client.threads.get(thread_id)["status"] == "error"
        assert last_values(stream(client, agent_id, thread_id, "say better"))["messages"][-1]["content"] == "better"

    def test_first_generation_of_clients(self, runs_server: Server, agent_id: str, thread_id: str) -> None:
        body = {"agent_id": agent_id, "messages": [{"role": "user", "content": "say hi"}]}
        url = f"{runs_server.url}/v1/deepagents/threads/{thread_id}/runs/stream"
        reply = httpx.post(url, json=body, headers=KEY, timeout=30)
        assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert '"content":"hi"' in reply.text

    def test_agent_that_was_deleted(self, client: Client) -> None:
        agent_id = client.agents.create(name="short-lived", model="openai:local")["id"]
        thread_id = client.threads.create(agent_id=agent_id)["id"]
        client.agents.delete(agent_id)
        with pytest.raises(ManagedDeepAgentsAPIError) as refused:
            stream(client, agent_id, thread_id, "hello")
        assert (refused.value.status_code, refused.value.code) == (502, "upstream_auth_failed")


class TestBackground:
    def test_invoke(self, client: Client, runs_server: Server, agent_id: str) -> None:
        run = client.threads.invoke(agent_id=agent_id, messages=[{"role": "user", "content": "say hi"}])
        assert run["status"] in {"pending", "running"}
        url = f"{runs_server.url}/v1/deepagents/threads/{run['thread_id']}/runs/{run['run_id']}"
        values = got(f"{url}/join").json()
        assert values["messages"][-1]["content"] == "hi"
        assert got(url).json()["status"] == "success"

    def test_create_and_run(self, client: Client, agent_id: str) -> None:
        asked = {"messages": [{"role": "user", "content": "say hi"}]}
        run = client.threads.create_and_run(agent_id=agent_id, input=asked, thread={"options": {"test_run": True}})
        thread = client.threads.get(run["thread_id"])
        assert (thread["agent_id"], thread["metadata"]["is_test_run"]) == (agent_id, True)


class TestInterrupt:
    @pytest.fixture(autouse=True)
    def asked(self, client: Client, agent_id: str, thread_id: str) -> None:
        values = last_values(stream(client, agent_id, thread_id, "remember tea"))
        assert [request["name"] for request in values["__interrupt__"][0]["value"]["action_requests"]] == ["write_file"]
        thread = client.threads.get(thread_id)
        assert (thread["status"], thread["has_interrupts"]) == ("interrupted", True)

    @pytest.mark.parametrize(
        ("decision", "status", "text"),
        [
            ({"type": "approve"}, "success", "Updated file /memories/tea.md"),
            (
                {
                    "type": "edit",
                    "edited_action": {"name": "write_file", "args": {"file_path": "/memories/mate.md", "content": "m"}},
                },
                "success",
                "Updated file /memories/mate.md",
            ),
            ({"type": "reject", "message": "not now"}, "error", "not now"),
            ({"type": "respond", "message": "I know"}, "success", "I know"),
        ],
        ids=["approve", "edit", "reject", "respond"],
    )
    def test_decision(
        self, client: Client, agent_id: str, thread_id: str, decision: dict[str, Any], status: str, text: str
    ) -> None:
        messages = last_values(resume(client, agent_id, thread_id, decision))["messages"]
        tool = next(message for message in messages if message["type"] == "tool")
        assert (tool["status"], text in tool["content"]) == (status, True), tool["content"]
        assert messages[-1]["type"] == "ai"
        assert client.threads.get(thread_id)["status"] == "idle"

    def test_wrong_number_of_decisions(self, client: Client, agent_id: str, thread_id: str) -> None:
        events = resume(client, agent_id, thread_id, {"type": "approve"}, {"type": "approve"})
        assert (events[-1].event, events[-1].data["error"]) == ("error", "ValueError")

    def test_resolve(self, client: Client, agent_id: str, thread_id: str) -> None:
        client.threads.resolve_interrupt(thread_id)
        assert client.threads.get(thread_id)["status"] == "idle"
        with pytest.raises(ManagedDeepAgentsAPIError) as refused:
            client.threads.resolve_interrupt(thread_id)
        assert (refused.value.status_code, refused.value.code) == (409, "thread_not_interrupted")
        assert [event.event for event in resume(client, agent_id, thread_id, {"type": "approve"})] == ["metadata"]
        assert last_values(stream(client, agent_id, thread_id, "say on"))["messages"][-1]["content"] == "on"


class TestAway:
    """The client, or the server, goes in the middle of a run."""

    @pytest.fixture(autouse=True)
    def holding(self, model: LocalModel) -> Iterator[None]:
        model.released.clear()
        yield
        model.released.set()

    def test_client_that_comes_back(
        self, model: LocalModel, runs_server: Server, client: Client, agent_id: str, thread_id: str
    ) -> None:
        location, seen = begun(runs_server, agent_id, thread_id)
        model.released.set()
        rest = told(location, ids_in(seen)[-1])
        ids = ids_in(seen) + ids_in(rest)
        assert ids == list(range(1, len(ids) + 1))
        assert ids_in(told(location, -1)) == ids
        values = last_values(stream(client, agent_id, thread_id, "say on"))
        assert values["messages"][1]["content"] == "one two three"

    def test_killed_server(self, model: LocalModel, tmp_path: Path) -> None:
        with serving_until_killed(tmp_path, free_port(), environment(model)) as server, client_of(server) as client:
            agent_id, thread_id = a_thread(client)
            stream(client, agent_id, thread_id, "say before")
            location, _ = begun(server, agent_id, thread_id)
        with serving(tmp_path, free_port(), environment(model)) as server, client_of(server) as client:
            assert client.threads.get(thread_id)["status"] == "error"
            path = location.partition("/v1/")[2]
            run = got(f"{server.url}/v1/{path.removesuffix('/stream')}").json()
            assert (run["status"], run["error"]["error"]) == ("error", "ServerRestarted")
            assert "event: error" in told(f"{server.url}/v1/{path}", -1)
            state = got(f"{server.url}/v1/deepagents/threads/{thread_id}/state").json()
            assert [message["content"] for message in state["values"]["messages"]] == ["say before", "before", "hold"]
            values = last_values(stream(client, agent_id, thread_id, "say after"))
            assert values["messages"][-1]["content"] == "after"

    def test_stopped_server(self, model: LocalModel, tmp_path: Path) -> None:
        with serving(tmp_path, free_port(), environment(model)) as server, client_of(server) as client:
            agent_id, thread_id = a_thread(client)
            asked = {"messages": [{"role": "user", "content": "hold"}]}
            run_id = client.threads.create_run(thread_id, agent_id=agent_id, input=asked)["run_id"]
        with serving(tmp_path, free_port(), environment(model)) as server, client_of(server) as client:
            run = got(f"{server.url}/v1/deepagents/threads/{thread_id}/runs/{run_id}").json()
            assert (run["status"], run["error"]["error"]) == ("interrupted", "ServerStopped")


def client_of(server: Server) -> Client:
    return Client(api_url=server.url, api_key="k")


def a_thread(client: Client) -> tuple[str, str]:
    """The ids of a new agent and of a new thread of it."""
    agent_id = client.agents.create(name="helper", model="openai:local")["id"]
    return agent_id, client.threads.create(agent_id=agent_id)["id"]


def begun(server: Server, agent_id: str, thread_id: str) -> tuple[str, str]:
    """Where a run that holds can be followed, and what it told until then. Its client has left."""
    base = f"{server.url}/v1/deepagents"
    asked = {"messages": [{"role": "user", "content": "hold"}]}
    body = {"agent_id": agent_id, "input": asked, "stream_mode": MODES}
    url = f"{base}/threads/{thread_id}/runs/stream"
    with httpx.stream("POST", url, json=body, headers=KEY, timeout=30) as reply:
        return base + reply.headers["location"], "\n".join(until(reply.iter_lines(), "event: messages"))


def got(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers={**KEY, **headers}, timeout=30)


def told(location: str, last_id: int) -> str:
    return got(location, **{"Last-Event-ID": str(last_id)}).text


def ids_in(text: str) -> list[int]:
    return [int(line.removeprefix("id: ")) for line in text.splitlines() if line.startswith("id: ")]


def until(lines: Iterator[str], event: str) -> Iterator[str]:
    """The lines up to the end of the first event of that name."""
    found = False
    for line in lines:
        yield line
        found = found or line == event
        if found and not line:
            return
