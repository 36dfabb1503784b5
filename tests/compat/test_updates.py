"""The low-level client: `end` and `update` reach the server before the create that they belong to."""

from datetime import UTC, datetime

from opik import Opik
from opik.id_helpers import generate_id

START = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def test_ended_at_once(client: Opik) -> None:
    trace = client.trace(name="request", start_time=START, input={"a": 1}, tags=["x"], metadata={"m": 1})
    span = trace.span(name="step", start_time=START, type="llm", input={"b": 2})
    span.end(output={"c": 3}, usage={"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3})
    trace.end(output={"d": 4})
    assert client.flush()

    stored = client.get_trace_content(trace.id)
    assert (stored.name, stored.start_time, stored.input, stored.output) == ("request", START, {"a": 1}, {"d": 4})
    assert (stored.tags, stored.metadata) == (["x"], {"m": 1})
    assert stored.end_time is not None
    part = client.get_span_content(span.id)
    assert (part.name, part.start_time, part.type) == ("step", START, "llm")
    assert (part.input, part.output, part.trace_id) == ({"b": 2}, {"c": 3}, trace.id)
    assert part.usage is not None
    assert part.usage["total_tokens"] == 3


def test_update_wins_over_the_create_it_overtook(client: Opik) -> None:
    trace = client.trace(name="request", start_time=START, input={"old": 1}, output={"old": 1}, tags=["old"])
    trace.update(output={"new": 2}, tags=["new"], thread_id="conversation 2")
    assert client.flush()

    stored = client.get_trace_content(trace.id)
    assert (stored.name, stored.start_time, stored.input) == ("request", START, {"old": 1})
    assert (stored.output, stored.tags, stored.thread_id) == ({"new": 2}, ["new"], "conversation 2")


def test_update_of_what_is_created_later(client: Opik, project: str) -> None:
    id = generate_id()
    client.update_trace(id, project_name=project, output={"early": True}, tags=["early"])
    assert client.flush()
    client.trace(id=id, name="late", start_time=START, input={"q": 1})
    assert client.flush()

    stored = client.get_trace_content(id)
    assert (stored.name, stored.start_time, stored.input) == ("late", START, {"q": 1})
    assert (stored.output, stored.tags) == ({"early": True}, ["early"])


def test_span_update_of_what_is_created_later(client: Opik, project: str) -> None:
    trace = client.trace(name="request", start_time=START)
    id = generate_id()
    client.update_span(id, trace.id, None, project, metadata={"early": True}, model="gpt-4o", provider="openai")
    assert client.flush()
    trace.span(id=id, name="late", start_time=START, type="llm", input={"q": 1})
    assert client.flush()

    stored = client.get_span_content(id)
    assert (stored.name, stored.start_time, stored.type, stored.input) == ("late", START, "llm", {"q": 1})
    assert (stored.metadata, stored.model, stored.provider) == ({"early": True}, "gpt-4o", "openai")


def test_nested_spans_and_odd_payloads(client: Opik) -> None:
    odd: dict[str, object] = {
        "text": 'Grüße "quoted" \\ \n 𝄞',
        "empty": {},
        "none": None,
        "deep": [[{"x": [1.5, -2, 1e300]}]],
    }
    trace = client.trace(name="request", start_time=START, input=odd)
    outer = trace.span(name="outer", start_time=START, metadata=odd)
    inner = outer.span(name="inner", start_time=START, total_cost=0.0012, output=odd)
    inner.end()
    outer.end()
    trace.end()
    assert client.flush()

    assert client.get_trace_content(trace.id).input == odd
    assert client.get_span_content(outer.id).metadata == odd
    stored = client.get_span_content(inner.id)
    assert (stored.parent_span_id, stored.output, stored.total_estimated_cost) == (outer.id, odd, 0.0012)


def test_second_create_replaces_the_first(batching_client: Opik) -> None:
    trace = batching_client.trace(name="first", start_time=START, input={"a": 1}, tags=["first"])
    assert batching_client.flush()
    batching_client.trace(id=trace.id, name="second", start_time=START, output={"b": 2})
    assert batching_client.flush()

    stored = batching_client.get_trace_content(trace.id)
    assert (stored.name, stored.input, stored.output, stored.tags) == ("second", None, {"b": 2}, None)
