"""Threads: made by traces, searched, scored, closed."""

from datetime import UTC, datetime, timedelta

import pytest
from opik import Opik
from opik.rest_api.types.trace_thread import TraceThread

START = datetime(2026, 1, 1, tzinfo=UTC)


def converse(client: Opik, *thread_ids: str) -> None:
    """One trace for each, a minute apart."""
    for minute, thread_id in enumerate(thread_ids):
        start = START + timedelta(minutes=minute)
        client.trace(
            name="turn",
            thread_id=thread_id,
            start_time=start,
            end_time=start + timedelta(seconds=1),
            input={"question": minute},
            output={"answer": minute},
            environment="test",
        )
    assert client.flush()


def search(client: Opik, project: str, filter_string: str | None = None) -> dict[str, TraceThread]:
    found = client.get_threads_client().search_threads(project, filter_string)
    return {thread.id or "": thread for thread in found}


def test_found_right_after_the_flush(client: Opik, project: str) -> None:
    converse(client, "chat-1", "chat-2", "chat-1")

    found = search(client, project)
    assert found.keys() == {"chat-1", "chat-2"}
    thread = found["chat-1"]
    assert (thread.first_message, thread.last_message) == ({"question": 0}, {"answer": 2})
    assert (thread.number_of_messages, thread.duration, thread.status) == (4, 121_000, "active")
    assert (thread.start_time, thread.environment) == (START, "test")


@pytest.mark.parametrize(
    ("filter_string", "ids"),
    [
        ('id = "chat-1"', ["chat-1"]),
        ('status = "active"', ["chat-1", "chat-2"]),
        ('status = "inactive"', []),
        ("number_of_messages > 2", ["chat-1"]),
        ('first_message contains "question"', ["chat-1", "chat-2"]),
        ('last_message not_contains "2"', ["chat-2"]),
        ("duration = 1000", ["chat-2"]),
        ('start_time > "2026-01-01T00:00:30Z"', ["chat-2"]),
        ('end_time <= "2026-01-01T00:01:01Z"', ["chat-2"]),
        ('last_updated_at > "2026-01-01T00:00:00Z"', ["chat-1", "chat-2"]),
        ("feedback_scores.quality is_not_empty", ["chat-2"]),
        ("feedback_scores.quality is_empty", ["chat-1"]),
        ("feedback_scores.quality = 0.85", ["chat-2"]),
        ("tags is_empty", ["chat-1", "chat-2"]),
        ('environment = "test"', ["chat-1", "chat-2"]),
        ("annotation_queue_ids is_not_empty", []),
    ],
)
def test_filters(batching_client: Opik, project: str, filter_string: str, ids: list[str]) -> None:
    converse(batching_client, "chat-1", "chat-2", "chat-1")
    threads = batching_client.get_threads_client()
    threads.log_threads_feedback_scores([{"id": "chat-2", "name": "quality", "value": 0.85}], project)
    assert batching_client.flush()

    assert sorted(search(batching_client, project, filter_string)) == ids


def test_scores(client: Opik, project: str) -> None:
    converse(client, "chat-1")
    client.get_threads_client().log_threads_feedback_scores(
        [
            {"id": "chat-1", "name": "quality", "value": 0.75, "reason": "mostly right"},
            {"id": "chat-1", "name": "speed", "value": 1.0},
        ],
        project,
    )
    assert client.flush()

    scores = search(client, project)["chat-1"].feedback_scores or []
    shown = [(score.name, score.value, score.reason) for score in scores]
    assert shown == [("quality", 0.75, "mostly right"), ("speed", 1.0, None)]


def test_closed_and_open_again(client: Opik, project: str) -> None:
    converse(client, "chat-1", "chat-2")
    client.get_threads_client().close_thread("chat-1", project)
    assert search(client, project, 'status = "inactive"').keys() == {"chat-1"}

    client.rest_client.traces.open_trace_thread(project_name=project, thread_id="chat-1")
    assert search(client, project, 'status = "inactive"') == {}


def test_tags(batching_client: Opik, project: str) -> None:
    converse(batching_client, "chat-1")
    model_id = search(batching_client, project)["chat-1"].thread_model_id
    batching_client.rest_client.traces.update_thread(model_id or "", tags=["urgent"])

    assert search(batching_client, project, 'tags contains "URG"').keys() == {"chat-1"}


def test_pages_add_up(batching_client: Opik, project: str) -> None:
    """The SDK goes on from the `id` of the last thread, where the API asks for its model id."""
    converse(batching_client, "a", "b", "c")
    traces = batching_client.rest_client.traces
    first = b"".join(traces.search_trace_threads(project_name=project, limit=2))
    assert first.count(b"\r\n") == 2
    rest = b"".join(traces.search_trace_threads(project_name=project, limit=2, last_retrieved_thread_model_id="b"))
    assert rest.count(b'"id":"a"') == 1
    assert rest.count(b"\r\n") == 1
