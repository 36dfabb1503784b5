"""States of threads through the API, on a model that answers by rules."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from examples.local_model import LocalModel
from tests.api.agent_threads import API, THREADS, error
from tests.model_server import environment, serving_model
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = {"X-Api-Key": "k"}


@pytest.fixture(scope="module")
def model() -> Iterator[LocalModel]:
    with serving_model() as model, pytest.MonkeyPatch.context() as patch:
        for name, value in environment(model).items():
            patch.setenv(name, value)
        yield model


@dataclass
class StateCalls:
    """Of one thread."""

    client: httpx.AsyncClient
    url: str

    async def run(self, text: str) -> dict[str, Any]:
        asked = {"messages": [{"role": "user", "content": text}]}
        reply = await self.client.post(f"{self.url}/runs/wait", json={"input": asked}, headers=KEY)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def get(self, end: str = "/state", **params: Any) -> httpx.Response:
        return await self.client.get(f"{self.url}{end}", params=params, headers=KEY)

    async def post(self, end: str, body: dict[str, Any]) -> httpx.Response:
        return await self.client.post(f"{self.url}{end}", json=body, headers=KEY)


@pytest_asyncio.fixture(loop_scope="session")
async def states(client: httpx.AsyncClient, model: LocalModel) -> AsyncIterator[StateCalls]:
    agent = {"name": "helper", "runtime": {"model": {"model_id": "openai:local"}}}
    agent_id = (await client.post(f"{API}/agents", json=agent, headers=KEY)).json()["id"]
    thread_id = (await client.post(THREADS, json={"agent_id": agent_id}, headers=KEY)).json()["id"]
    yield StateCalls(client, f"{THREADS}/{thread_id}")


def texts(state: dict[str, Any]) -> list[str]:
    return [message["content"] for message in state["values"]["messages"]]


def ids(states: Sequence[dict[str, Any]]) -> list[str]:
    return [state["checkpoint_id"] for state in states]


class TestGet:
    async def test_before_the_first_run(self, states: StateCalls) -> None:
        state = (await states.get()).json()
        assert (state["next"], state["tasks"], state["interrupts"]) == ([], [], [])

    async def test_after_a_run(self, states: StateCalls) -> None:
        values = await states.run("say hi")
        state = (await states.get()).json()
        assert (state["values"], texts(state), state["next"]) == (values, ["say hi", "hi"], [])

    async def test_what_waits_for_a_human(self, states: StateCalls) -> None:
        values = await states.run("remember tea")
        state = (await states.get()).json()
        assert state["interrupts"] == values["__interrupt__"]
        assert [task["interrupts"] for task in state["tasks"] if task["interrupts"]] == [state["interrupts"]]

    async def test_at_a_checkpoint(self, states: StateCalls) -> None:
        await states.run("say one")
        before = (await states.get()).json()
        await states.run("say two")
        assert (await states.get(f"/state/{before['checkpoint_id']}")).json() == before

    async def test_unknown_checkpoint(self, states: StateCalls) -> None:
        assert error(await states.get(f"/state/{new_id()}")) == (404, "checkpoint_not_found")

    async def test_unknown_thread(self, states: StateCalls) -> None:
        states.url = f"{THREADS}/{new_id()}"
        for end in ("/state", "/history"):
            assert error(await states.get(end)) == (404, "thread_not_found")


class TestUpdate:
    async def test_values_are_there_for_the_next_run(self, states: StateCalls) -> None:
        await states.run("say one")
        said = {"messages": [{"role": "user", "content": "and two"}]}
        place = (await states.post("/state", {"values": said})).json()["checkpoint"]
        state = (await states.get()).json()
        assert (state["checkpoint_id"], texts(state)) == (place["checkpoint_id"], ["say one", "one", "and two"])
        assert (await states.get("")).json()["values"] == state["values"]

    async def test_unknown_node(self, states: StateCalls) -> None:
        await states.run("say one")
        status, _ = error(await states.post("/state", {"values": {}, "as_node": "nobody"}))
        assert 400 <= status < 500


class TestHistory:
    async def test_newest_first_in_pages(self, states: StateCalls) -> None:
        await states.run("say one")
        everything = (await states.get("/history", limit=100)).json()
        assert texts(everything[0]) == ["say one", "one"]
        first = (await states.get("/history", limit=2)).json()
        before = {"configurable": {"checkpoint_id": first[-1]["checkpoint_id"]}}
        rest = (await states.post("/history", {"limit": 100, "before": before})).json()
        assert ids(first + rest) == ids(everything)
        assert (await states.get("/history", limit=100, before=first[-1]["checkpoint_id"])).json() == rest

    async def test_limit_out_of_range(self, states: StateCalls) -> None:
        assert error(await states.get("/history", limit=0)) == (400, "invalid_request_body")


class TestCopy:
    async def test_goes_on_alone(self, states: StateCalls) -> None:
        await states.run("say one")
        copy = (await states.post("/copy", {})).json()
        copied = StateCalls(states.client, f"{THREADS}/{copy['id']}")
        assert texts({"values": copy["values"]}) == ["say one", "one"]
        assert texts({"values": await copied.run("say two")}) == ["say one", "one", "say two", "two"]
        assert texts((await states.get()).json()) == ["say one", "one"]


class TestRollback:
    async def test_the_thread_is_as_it_was(self, states: StateCalls, model: LocalModel) -> None:
        await states.run("say one")
        before = (await states.get()).json()
        model.released.clear()
        asked = {"input": {"messages": [{"role": "user", "content": "hold"}]}}
        run = (await states.post("/runs", asked)).json()
        cancel = f"/runs/{run['id']}/cancel?wait=true&action=rollback"
        assert (await states.post(cancel, {})).json() == {}
        model.released.set()
        assert (await states.get()).json() == before
        assert texts({"values": await states.run("say two")}) == ["say one", "one", "say two", "two"]
