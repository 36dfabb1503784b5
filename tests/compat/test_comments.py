"""Comments through the SDK's REST client: added, shown, found, changed, deleted."""

import pytest
from opik import Opik
from opik.rest_api.core.api_error import ApiError


def test_trace_comments(client: Opik) -> None:
    trace = client.trace(name="request")
    assert client.flush()
    traces = client.rest_client.traces
    for text in ("first", "second"):
        traces.add_trace_comment(trace.id, text=text)
    first, second = client.get_trace_content(trace.id).comments or []
    assert (first.text, second.text, first.created_by) == ("first", "second", "admin")
    assert first.id is not None

    traces.update_trace_comment(first.id, text="changed")
    found = traces.get_trace_comment(trace.id, first.id)
    assert (found.text, found.created_at) == ("changed", first.created_at)

    traces.delete_trace_comments(ids=[first.id])
    assert client.get_trace_content(trace.id).comments == [second]
    with pytest.raises(ApiError) as missing:
        traces.get_trace_comment(trace.id, first.id)
    assert missing.value.status_code == 404


def test_span_comments(client: Opik) -> None:
    span = client.trace(name="request").span(name="step")
    assert client.flush()
    spans = client.rest_client.spans
    spans.add_span_comment(span.id, text="slow")
    (comment,) = client.get_span_content(span.id).comments or []
    assert comment.id is not None

    spans.update_span_comment(comment.id, text="very slow")
    assert spans.get_span_comment(span.id, comment.id).text == "very slow"

    spans.delete_span_comments(ids=[comment.id])
    assert client.get_span_content(span.id).comments is None


def test_thread_comments(client: Opik, project: str) -> None:
    client.trace(name="request", thread_id="conversation")
    assert client.flush()
    traces = client.rest_client.traces
    thread = traces.get_trace_thread(thread_id="conversation", project_name=project)
    assert thread.thread_model_id is not None
    traces.add_thread_comment(thread.thread_model_id, text="unfriendly")
    (comment,) = traces.get_trace_thread(thread_id="conversation", project_name=project).comments or []
    assert comment.id is not None

    traces.update_thread_comment(comment.id, text="friendly")
    assert traces.get_thread_comment(thread.thread_model_id, comment.id).text == "friendly"

    traces.delete_thread_comments(ids=[comment.id])
    assert not traces.get_trace_thread(thread_id="conversation", project_name=project).comments
