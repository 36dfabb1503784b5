"""Reading back: one by one, by project, and copied to another project."""

from datetime import timedelta

import pytest
from opik import Opik
from opik.id_helpers import generate_id
from opik.rest_api.core.api_error import ApiError

from tests.compat.data import ALPHA_START, record


def test_trace_with_everything(client: Opik, project: str) -> None:
    data = record(client, project)

    trace = client.get_trace_content(data.ids["alpha"])
    assert (trace.name, trace.start_time, trace.end_time) == ("Alpha", ALPHA_START, ALPHA_START + timedelta(seconds=1))
    assert (trace.duration, trace.thread_id, trace.environment) == (1000, "thread-1", "production")
    assert (trace.metadata or {}) == {"providers": ["openai"], "model": "GPT-4", "temperature": 0.2}
    assert trace.tags is not None
    assert set(trace.tags) == {"prod", "Europe"}
    assert (trace.span_count, trace.llm_span_count, trace.has_tool_spans) == (1, 1, False)
    assert (trace.total_estimated_cost, trace.providers) == (0.001, ["openai"])
    assert trace.created_by == trace.last_updated_by == "admin"


def test_span_with_everything(client: Opik, project: str) -> None:
    data = record(client, project)

    span = client.get_span_content(data.ids["generate"])
    assert (span.name, span.type, span.trace_id) == ("generate", "llm", data.ids["alpha"])
    assert (span.model, span.provider, span.total_estimated_cost) == ("gpt-4o", "openai", 0.001)
    assert (span.duration, span.tags) == (500, ["prod"])
    assert isinstance(span.metadata, dict)
    assert span.metadata["temperature"] == 0.2  # the SDK adds the usage beside it
    assert span.usage is not None
    assert span.usage["prompt_tokens"] == 10


@pytest.mark.parametrize("noun", ["trace", "span"])
def test_what_does_not_exist_is_404(batching_client: Opik, noun: str) -> None:
    get = {"trace": batching_client.get_trace_content, "span": batching_client.get_span_content}[noun]

    with pytest.raises(ApiError) as refused:
        get(generate_id())

    assert refused.value.status_code == 404


def test_project_by_id_and_by_name(client: Opik, project: str) -> None:
    trace = client.trace(name="request")
    assert client.flush()

    project_id = client.get_trace_content(trace.id).project_id
    assert project_id is not None
    assert client.get_project(project_id).name == project
    assert client.rest_client.projects.retrieve_project(name=project.upper()).id == project_id


def test_copied_traces_keep_all_but_their_ids(batching_client: Opik, project: str) -> None:
    data = record(batching_client, project)
    batching_client.copy_traces(project, f"{project} copy")
    assert batching_client.flush()

    copies = {trace.name: trace for trace in batching_client.search_traces(f"{project} copy")}
    spans = {span.name: span for span in batching_client.search_spans(f"{project} copy")}
    assert copies.keys() == {"Alpha", "beta", "Gamma ray"}
    assert spans.keys() == {"generate", "ask", "Retrieve"}
    assert copies["Alpha"].id != data.ids["alpha"]
    assert copies["Alpha"].input == batching_client.get_trace_content(data.ids["alpha"]).input
    assert spans["Retrieve"].trace_id == copies["beta"].id
    assert (spans["generate"].model, spans["generate"].output) == ("gpt-4o", {"text": "blue"})
    assert len(batching_client.search_traces(project)) == 3
