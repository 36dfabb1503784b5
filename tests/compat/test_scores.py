"""Feedback scores: logged in batches, shown on the trace or span, deleted by name."""

from opik import Opik
from opik.rest_api.types.feedback_score_public import FeedbackScorePublic
from opik.types import BatchFeedbackScoreDict


def by_name(scores: list[FeedbackScorePublic] | None) -> dict[str, tuple[float, str | None]]:
    return {score.name: (score.value, score.reason) for score in scores or []}


def test_trace_scores(client: Opik, project: str) -> None:
    first, second = client.trace(name="first"), client.trace(name="second")
    scores: list[BatchFeedbackScoreDict] = [
        {"id": first.id, "name": "quality", "value": 0.75, "reason": "mostly right", "project_name": project},
        {"id": first.id, "name": "speed", "value": 1, "project_name": project},
        {"id": second.id, "name": "quality", "value": -3.5, "category_name": "bad", "project_name": project},
    ]
    client.log_traces_feedback_scores(scores)
    assert client.flush()

    assert by_name(client.get_trace_content(first.id).feedback_scores) == {
        "quality": (0.75, "mostly right"),
        "speed": (1, None),
    }
    (score,) = client.get_trace_content(second.id).feedback_scores or []
    assert (score.value, score.category_name, score.source, score.created_by) == (-3.5, "bad", "sdk", "admin")


def test_newer_score_replaces_and_deletion_removes(client: Opik) -> None:
    trace = client.trace(name="request")
    trace.log_feedback_score("quality", 0.1, reason="first look")
    trace.log_feedback_score("speed", 0.2)
    assert client.flush()
    trace.log_feedback_score("quality", 0.9)
    assert client.flush()
    assert by_name(client.get_trace_content(trace.id).feedback_scores) == {"quality": (0.9, None), "speed": (0.2, None)}

    client.delete_trace_feedback_score(trace.id, "quality")
    assert by_name(client.get_trace_content(trace.id).feedback_scores) == {"speed": (0.2, None)}


def test_span_scores_also_show_on_their_trace(client: Opik, project: str) -> None:
    trace = client.trace(name="request")
    first, second = trace.span(name="first"), trace.span(name="second")
    scores: list[BatchFeedbackScoreDict] = [
        {"id": first.id, "name": "quality", "value": 0.8, "project_name": project},
        {"id": second.id, "name": "quality", "value": 0.9, "project_name": project},
    ]
    client.log_spans_feedback_scores(scores)
    assert client.flush()

    assert by_name(client.get_span_content(first.id).feedback_scores) == {"quality": (0.8, None)}
    stored = client.get_trace_content(trace.id)
    assert stored.feedback_scores is None
    (folded,) = stored.span_feedback_scores or []
    assert (folded.name, folded.value) == ("quality", 0.85)

    client.delete_span_feedback_score(first.id, "quality")
    assert client.get_span_content(first.id).feedback_scores is None
    assert client.get_span_content(second.id).feedback_scores is not None


def test_scores_before_their_trace(client: Opik, project: str, batching_client: Opik) -> None:
    trace = batching_client.trace(name="request")
    client.log_traces_feedback_scores([{"id": trace.id, "name": "early", "value": 1.0, "project_name": project}])
    assert client.flush()
    assert batching_client.flush()

    assert by_name(client.get_trace_content(trace.id).feedback_scores) == {"early": (1, None)}
