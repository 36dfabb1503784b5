"""Stats and metrics, as the SDK's REST client reads them."""

from datetime import UTC, datetime, timedelta

from opik import Opik
from opik.rest_api.types.project_stat_item_object_public import ProjectStatItemObjectPublic

from tests.compat.data import record


def by_name(stats: list[ProjectStatItemObjectPublic] | None) -> dict[str | None, object]:
    return {stat.name: stat.value for stat in stats or []}


def test_stats_of_traces_spans_and_threads(batching_client: Opik, project: str) -> None:
    record(batching_client, project)
    api = batching_client.rest_client

    traces = by_name(api.traces.get_trace_stats(project_name=project).stats)
    assert (traces["trace_count"], traces["error_count"], traces["span_count"]) == (3, 1, 1)
    assert (traces["usage.total_tokens"], traces["feedback_scores.quality"]) == (165, 0.7)
    assert (traces["total_estimated_cost_sum"], traces["span_feedback_scores.tone"]) == (0.011, 0.5)
    spans = by_name(api.spans.get_span_stats(project_name=project, type="llm").stats)
    assert (spans["span_count"], spans["error_count"], spans["feedback_scores.tone"]) == (2, 1, 0.5)
    threads = by_name(api.traces.get_trace_thread_stats(project_name=project).stats)
    assert (threads["thread_count"], threads["error_count"]) == (2, 1)


def test_project_with_its_stats(batching_client: Opik, project: str) -> None:
    record(batching_client, project)
    api = batching_client.rest_client

    detailed = api.projects.retrieve_project(name=project, include_stats=True)
    assert (detailed.trace_count, detailed.thread_count, detailed.total_estimated_cost_sum) == (3, 2, 0.011)
    assert detailed.error_count is not None
    assert (detailed.error_count.count, detailed.error_count.deviation_percentage) == (1, None)
    (listed,) = api.projects.get_project_stats(name=project).content or []
    assert (listed.project_id, listed.trace_count, listed.usage) == (detailed.id, 3, detailed.usage)


def test_metrics_kpi_cards_and_names(batching_client: Opik, project: str) -> None:
    record(batching_client, project)
    api = batching_client.rest_client.projects
    id = api.retrieve_project(name=project).id
    assert id is not None
    hour_ago = datetime.now(UTC) - timedelta(hours=1)

    metrics = api.get_project_metrics(id, metric_type="TOKEN_USAGE", interval="TOTAL", interval_start=hour_ago)
    found = {series.name: [point.value for point in series.data or []] for series in metrics.results or []}
    counted = {"completion_tokens": [220], "prompt_tokens": [110], "total_tokens": [330]}
    assert counted.items() <= found.items()
    cards = api.get_project_kpi_cards(id, entity_type="traces", interval_start=hour_ago).stats or []
    assert {card.type: (card.current_value, card.previous_value) for card in cards}["count"] == (3, 0)
    names = api.find_feedback_score_names_by_project_ids(project_ids=f'["{id}"]')
    assert [score.name for score in names.scores or []] == ["quality", "tone"]
    assert counted.keys() <= set(api.find_token_usage_names(id).names or [])
