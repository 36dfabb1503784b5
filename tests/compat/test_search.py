"""Every field type with every operator that the SDK's query language lets through."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from opik import Opik
from opik.rest_api.core.api_error import ApiError

from tests.compat.data import Data, record
from tests.compat.server import Server

ALL = "Alpha beta Gamma ray"

TRACE_FILTERS = [
    ("", ALL),
    # string
    ('name = "ALPHA"', "Alpha"),
    ('name != "alpha"', "beta Gamma ray"),
    ('name contains "MM"', "Gamma ray"),
    ('name not_contains "mm"', "Alpha beta"),
    ('name starts_with "b"', "beta"),
    ('name ends_with " RAY"', "Gamma ray"),
    ('name > "b"', "beta Gamma ray"),
    ('name < "b"', "Alpha"),
    ('id = "{alpha}"', "Alpha"),
    ('id != "{alpha}"', "beta Gamma ray"),
    ('thread_id = "thread-2"', "beta"),
    ('thread_id != "thread-2"', "Alpha Gamma ray"),
    ('input contains "SKY"', "Alpha"),
    ('input contains "größer"', "beta"),
    ('output not_contains "rayleigh"', "beta Gamma ray"),
    ('guardrails = "failed"', ""),
    ('experiment_id = "{alpha}"', ""),
    # date_time
    ('start_time = "2026-02-01T00:00:00Z"', "beta"),
    ('start_time != "2026-02-01T00:00:00Z"', "Alpha Gamma ray"),
    ('start_time > "2026-02-01T00:00:00Z"', "Gamma ray"),
    ('start_time >= "2026-02-01T01:00:00+01:00"', "beta Gamma ray"),
    ('start_time < "2026-02-01T00:00:00Z"', "Alpha"),
    ('start_time <= "2026-02-01T00:00:00Z"', "Alpha beta"),
    ('end_time > "2000-01-01T00:00:00Z"', "Alpha beta"),
    ('created_at > "2000-01-01T00:00:00Z"', ALL),
    ('last_updated_at < "2000-01-01T00:00:00Z"', ""),
    # number
    ("duration = 1000", "Alpha"),
    ("duration != 1000", "beta"),
    ("duration > 1000", "beta"),
    ("duration >= 1000", "Alpha beta"),
    ("duration < 2000", "Alpha"),
    ("duration <= 2000", "Alpha beta"),
    ("total_estimated_cost > 0.005", "beta"),
    ("total_estimated_cost = 0.001", "Alpha"),
    ("llm_span_count = 1", "Alpha beta"),
    ("llm_span_count = 0", ""),
    ("usage.total_tokens >= 300", "beta"),
    ("usage.prompt_tokens < 100", "Alpha"),
    ("usage.completion_tokens = 20", "Alpha"),
    # feedback_scores_number
    ("feedback_scores.quality = 0.9", "Alpha"),
    ("feedback_scores.quality != 0.9", "beta"),
    ("feedback_scores.QUALITY > 0.5", "Alpha"),
    ("feedback_scores.quality >= 0.5", "Alpha beta"),
    ("feedback_scores.quality < 0.9", "beta"),
    ("feedback_scores.quality <= 0.9", "Alpha beta"),
    ("feedback_scores.quality is_empty", "Gamma ray"),
    ("feedback_scores.quality is_not_empty", "Alpha beta"),
    ("span_feedback_scores.tone >= 0.75", "beta"),
    # dictionary
    ('metadata.model = "gpt-4"', "Alpha"),
    ('metadata.model != "gpt-4"', "beta Gamma ray"),
    ('metadata.model contains "LAU"', "beta"),
    ('metadata.model not_contains "lau"', "Alpha Gamma ray"),
    ('metadata.model starts_with "gpt"', "Alpha"),
    ('metadata.model ends_with "-4"', "Alpha"),
    ("metadata.temperature > 1", "beta"),
    ("metadata.temperature < 1", "Alpha"),
    ('input_json.question contains "sky"', "Alpha"),
    ('input_json."parts[0].size" = "3"', "Alpha"),
    ('output_json.answer = "rayleigh"', "Alpha"),
    # list
    ('tags contains "euro"', "Alpha"),
    ('tags not_contains "euro"', "beta Gamma ray"),
    ('tags = "prod"', "Alpha"),
    ('tags != "prod"', "beta Gamma ray"),
    ("tags is_empty", "Gamma ray"),
    ("tags is_not_empty", "Alpha beta"),
    ("annotation_queue_ids is_empty", ALL),
    # enum
    ('environment = "production"', "Alpha"),
    ('environment != "production"', "beta Gamma ray"),
    ('environment in ("production", "staging")', "Alpha beta"),
    ('environment not_in ("production", "other")', "beta Gamma ray"),
    # error_container
    ("error_info is_empty", "Alpha Gamma ray"),
    ("error_info is_not_empty", "beta"),
    # several
    ('name contains "a" AND duration >= 1000 AND tags = "staging"', "beta"),
]

SPAN_FILTERS = [
    ("", "generate ask Retrieve"),
    ('name = "retrieve"', "Retrieve"),
    ('name starts_with "G"', "generate"),
    ('trace_id = "{alpha}"', "generate"),
    ('trace_id != "{alpha}"', "ask Retrieve"),
    ('id = "{ask}"', "ask"),
    ('model contains "GPT"', "generate"),
    ('model != "gpt-4o"', "ask Retrieve"),
    ('provider = "Anthropic"', "ask"),
    ('input contains "sky"', "generate"),
    ('start_time >= "2026-02-01T00:00:00Z"', "ask Retrieve"),
    ('end_time < "2026-02-01T00:00:00Z"', "generate"),
    ("duration = 500", "generate"),
    ("total_estimated_cost >= 0.001", "generate ask"),
    ("usage.total_tokens != 30", "ask"),
    ("usage.prompt_tokens = 10", "generate"),
    ("usage.completion_tokens <= 200", "generate ask"),
    ("feedback_scores.tone < 0.5", "generate"),
    ("feedback_scores.tone is_empty", "Retrieve"),
    ("metadata.temperature > 1", "ask"),
    ('output_json.text = "blue"', "generate"),
    ('tags = "prod"', "generate"),
    ("tags is_empty", "ask Retrieve"),
    ('type = "tool"', "Retrieve"),
    ('type != "tool"', "generate ask"),
    ('type in ("tool", "general")', "Retrieve"),
    ('type not_in ("tool")', "generate ask"),
    ('environment = "production"', "generate"),
    ("error_info is_not_empty", "ask"),
]


@pytest.fixture(scope="module")
def data(server: Server) -> Iterator[Data]:
    project = f"search {uuid4()}"
    client = Opik(project_name=project, host=server.api)
    yield record(client, project)
    client.end()


@pytest.mark.parametrize(("filter_string", "names"), TRACE_FILTERS, ids=[text for text, _ in TRACE_FILTERS])
def test_search_traces(data: Data, filter_string: str, names: str) -> None:
    found = data.client.search_traces(data.project, filter_string.format(**data.ids))

    assert " ".join(trace.name or "" for trace in reversed(found)) == names


@pytest.mark.parametrize(("filter_string", "names"), SPAN_FILTERS, ids=[text for text, _ in SPAN_FILTERS])
def test_search_spans(data: Data, filter_string: str, names: str) -> None:
    found = data.client.search_spans(data.project, filter_string=filter_string.format(**data.ids))

    assert " ".join(span.name or "" for span in reversed(found)) == names


@pytest.mark.parametrize(
    ("plural", "text"),
    [(plural, text) for plural, table in (("traces", TRACE_FILTERS), ("spans", SPAN_FILTERS)) for text, _ in table],
)
def test_query_finds_what_the_filter_string_finds(data: Data, server: Server, plural: str, text: str) -> None:
    text = text.format(**data.ids)
    search = data.client.search_traces if plural == "traces" else data.client.search_spans
    params = {"project_name": data.project, "query": text}
    reply = httpx.get(f"{server.api}/v1/private/{plural}", params=params)

    assert [row["id"] for row in reply.json()["content"]] == [
        row.id for row in search(data.project, filter_string=text)
    ]


@pytest.mark.parametrize("operator", [">=", "<="])
def test_operator_that_only_the_client_knows_for_json(data: Data, operator: str) -> None:
    with pytest.raises(ApiError) as refused:
        data.client.search_traces(data.project, f"metadata.temperature {operator} 1")

    assert refused.value.status_code == 400
    assert refused.value.body["message"] == (f"Invalid operator '{operator}' for field 'metadata' of type 'dictionary'")


def test_pages_add_up(data: Data) -> None:
    found = data.client.search_traces(data.project, max_batch_size=1)

    assert [trace.name for trace in found] == ["Gamma ray", "beta", "Alpha"]


def test_at_most_so_many(data: Data) -> None:
    assert [trace.name for trace in data.client.search_traces(data.project, max_results=2)] == ["Gamma ray", "beta"]


def test_excluded_fields_are_left_out(data: Data) -> None:
    (trace,) = data.client.search_traces(data.project, 'name = "Alpha"', exclude=["input", "feedback_scores"])

    assert (trace.input, trace.feedback_scores, trace.output) == (None, None, {"answer": "Rayleigh"})


def test_unknown_project(data: Data) -> None:
    with pytest.raises(ApiError) as refused:
        data.client.search_traces(f"{data.project} not")

    assert refused.value.status_code == 404
