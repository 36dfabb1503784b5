"""Runs started with the stock `managed-deepagents` client, and what the stock opik SDK reads of their traces."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from managed_deepagents import Client
from opik import Opik

from examples.local_model import LocalModel
from tests.compat.server import Server, free_port, serving, serving_until_killed
from tests.model_server import environment, serving_model

AGENT = "ledger-helper"
SUBAGENT = {"name": "auditor", "description": "Audits", "instructions": "Audit it."}
APPROVAL = {"resume": {"decisions": [{"type": "approve"}]}}


class Desk:
    """One agent with a client of each kind."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.agents = Client(api_url=server.url, api_key="k")
        self.opik = Opik(host=server.api, project_name=AGENT)
        self.agent_id = self.agents.agents.create(name=AGENT, model="openai:gpt-4o", subagents=[SUBAGENT])["id"]

    def thread(self) -> str:
        return str(self.agents.threads.create(agent_id=self.agent_id)["id"])

    def say(self, thread_id: str, text: str, **options: Any) -> str:
        """The id of the run, which has ended."""
        messages: list[Any] = [{"role": "user", "content": text}]
        events = list(self.agents.threads.stream(thread_id, agent_id=self.agent_id, messages=messages, **options))
        return str(events[0].data["run_id"])

    def traces(self, thread_id: str) -> list[Any]:
        """The oldest first."""
        found = self.opik.search_traces(project_name=AGENT, filter_string=f'thread_id = "{thread_id}"')
        return sorted(found, key=lambda trace: trace.id)

    def spans(self, trace: Any) -> list[Any]:
        return list(self.opik.search_spans(project_name=AGENT, trace_id=trace.id))

    def close(self) -> None:
        self.agents.close()
        self.opik.end()


@pytest.fixture(scope="module")
def model() -> Iterator[LocalModel]:
    with serving_model() as model:
        yield model


@pytest.fixture(scope="module")
def desk(model: LocalModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("weft")
    with serving(folder, free_port(), environment(model)) as server, closing(Desk(server)) as desk:
        yield desk


def test_run_is_a_trace_with_spans(desk: Desk) -> None:
    thread_id = desk.thread()
    run_id = desk.say(thread_id, "delegate say done to auditor")
    [trace] = desk.traces(thread_id)
    assert (trace.name, trace.tags, trace.error_info) == (AGENT, ["agent run"], None)
    assert trace.output["messages"][-1]["content"] == "The tool says: done"
    assert (trace.llm_span_count, trace.has_tool_spans, trace.providers) == (3, True, ["openai"])
    assert trace.usage["total_tokens"] > 0
    assert trace.total_estimated_cost
    run = httpx.get(f"{desk.server.url}/v1/deepagents/threads/{thread_id}/runs/{run_id}", headers={"X-Api-Key": "k"})
    assert run.json()["trace_id"] == trace.id
    spans = {span.id: span for span in desk.spans(trace)}
    [auditor] = [span for span in spans.values() if span.name == "auditor"]
    assert spans[auditor.parent_span_id].name == "task"


def test_question_and_answer_are_two_traces_of_a_thread(desk: Desk) -> None:
    thread_id = desk.thread()
    desk.say(thread_id, "remember tea")
    desk.say(thread_id, "", command=APPROVAL)
    asked, answered = desk.traces(thread_id)
    [question] = asked.output["__interrupt__"]
    assert question["value"]["action_requests"][0]["name"] == "write_file"
    assert (asked.error_info, asked.metadata["_langgraph_interrupt"]) == (None, True)
    assert answered.input == {"__resume__": APPROVAL["resume"]}
    assert "write_file" in {span.name for span in desk.spans(answered)}
    [thread] = desk.opik.get_threads_client().search_threads(AGENT, filter_string=f'id = "{thread_id}"')
    assert thread.number_of_messages == 4


def test_failed_run_is_a_failed_trace(desk: Desk) -> None:
    thread_id = desk.thread()
    desk.say(thread_id, "fail")
    [trace] = desk.traces(thread_id)
    assert trace.error_info.exception_type == "OpenAIAPIError"
    assert trace.end_time


def test_trace_of_a_killed_server_has_an_end(model: LocalModel, tmp_path: Path) -> None:
    with serving_until_killed(tmp_path, free_port(), environment(model)) as server, closing(Desk(server)) as desk:
        thread_id = desk.thread()
        asked = {"messages": [{"role": "user", "content": "hold"}]}
        model.released.clear()
        run = desk.agents.threads.create_run(thread_id, agent_id=desk.agent_id, input=asked)
        while httpx.get(f"{server.api}/v1/private/traces/{run['trace_id']}").status_code == 404:
            pass
    model.released.set()
    with serving(tmp_path, free_port(), environment(model)) as server:
        with closing(Desk(server)) as desk:
            [trace] = desk.traces(thread_id)
        assert trace.end_time
        assert trace.error_info.exception_type == "ServerRestarted"
