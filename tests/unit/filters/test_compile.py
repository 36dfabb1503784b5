"""The language by example: a filter, its SQL and its parameters."""

import pytest

from weft.errors import InvalidCustomKey, InvalidFilterOperator, InvalidFilterValue
from weft.filters.compile import EVERYTHING, NOTHING, Fragment, both, compile_filters, compile_search, split_query
from weft.filters.fields import SPANS, THREADS, TRACES, Noun
from weft.filters.query import And
from weft.filters.syntax import Filter, Operator

ID = "018bcfe5-6800-7abc-8000-000000000001"


def make(field: str, operator: str, value: str = "", key: str = "") -> Filter:
    return Filter(field, Operator(operator), key, value)


@pytest.mark.parametrize(
    ("filter", "sql", "params"),
    [
        pytest.param(
            make("name", "contains", "Ab"),
            "weft_contains(weft_lower(coalesce(t.name, '')), weft_lower($f0))",
            {"f0": "Ab"},
            id="text, whatever its case",
        ),
        pytest.param(make("id", "=", ID.upper()), "t.id = weft_id($f0)", {"f0": ID}, id="a whole id"),
        pytest.param(
            make("id", "=", "018b"),
            "weft_lower(CAST(t.id AS VARCHAR)) = weft_lower($f0)",
            {"f0": "018b"},
            id="part of an id",
        ),
        pytest.param(
            make("start_time", ">=", "1970-01-01T00:00:01Z"),
            "nullif(t.start_time, 0) >= $f0",
            {"f0": 1_000_000_000},
            id="instant",
        ),
        pytest.param(
            make("created_at", "<", "1970-01-01T00:00:01Z"),
            "t.created_at * 1000 < $f0",
            {"f0": 1_000_000_000},
            id="instant of ours",
        ),
        pytest.param(make("ttft", "!=", "0.5"), "CAST(t.ttft AS DOUBLE) != $f0", {"f0": 0.5}, id="number"),
        pytest.param(
            make("metadata", "=", "X", "a.b[0]"),
            "weft_lower(weft_json_text(t.metadata, $k0)) = weft_lower($f0)",
            {"f0": "X", "k0": '$."a"."b"[0]'},
            id="node",
        ),
        pytest.param(
            make("input_json", ">", "3", "a"),
            "weft_number(weft_json_text(t.input, $k0)) > $f0",
            {"f0": 3.0, "k0": '$."a"'},
            id="number in a node",
        ),
        pytest.param(
            make("metadata", "is_empty", "", "a"),
            "weft_json_text(t.metadata, $k0) = ''",
            {"k0": '$."a"'},
            id="no node",
        ),
        pytest.param(make("metadata", "=", "x", "a..b"), "false", {}, id="no path matches nothing"),
        pytest.param(
            make("custom", "is_not_empty", "", "output[0].y"),
            "weft_json_text(t.output, $k0) != ''",
            {"k0": '$[0]."y"'},
            id="custom",
        ),
        pytest.param(make("tags", "=", "x"), "weft_has(t.tags, $f0)", {"f0": "x"}, id="list"),
        pytest.param(make("tags", "is_empty"), "length(t.tags) = 0", {}, id="empty list"),
        pytest.param(
            make("environment", "in", "a, b"),
            "weft_has($f0, coalesce(t.environment, ''))",
            {"f0": ["a", "b"]},
            id="one of several",
        ),
        pytest.param(make("error_info", "is_empty"), "t.error_info IS NULL", {}, id="no error"),
        pytest.param(
            make("feedback_scores", ">=", "0.5", "quality"),
            "t.id IN (SELECT c.entity_id FROM feedback_scores AS c WHERE c.workspace_id = $workspace_id"
            " AND c.project_id = weft_id($project_id) AND c.entity_type = 'trace'"
            " AND weft_lower(c.name) = weft_lower($k0) GROUP BY c.entity_id, c.name"
            " HAVING round(avg(c.value), 9) >= $f0)",
            {"f0": 0.5, "k0": "quality"},
            id="score",
        ),
        pytest.param(
            make("annotation_queue_ids", "=", "x"),
            "weft_has(weft_empty_list(), $f0)",
            {"f0": "x"},
            id="what Weft does not have",
        ),
    ],
)
def test_filters(filter: Filter, sql: str, params: dict[str, object]) -> None:
    fragment = compile_filters([filter], TRACES)
    assert (fragment.sql, fragment.params) == (sql, params)


def test_no_filters_match_everything() -> None:
    assert compile_filters([], TRACES).sql == "true"


def test_filters_are_joined_and_numbered() -> None:
    fragment = compile_filters([make("ttft", ">", "1"), make("tags", "is_empty"), make("ttft", "<", "2")], TRACES)
    assert fragment.sql == "CAST(t.ttft AS DOUBLE) > $f0 AND length(t.tags) = 0 AND CAST(t.ttft AS DOUBLE) < $f2"
    assert fragment.params == {"f0": 1.0, "f2": 2.0}


@pytest.mark.parametrize(
    ("noun", "filter", "needs"),
    [
        (TRACES, make("ttft", ">", "1"), set()),
        (TRACES, make("llm_span_count", ">", "1"), {"span_totals"}),
        (TRACES, make("usage.total_tokens", ">", "1"), {"span_totals"}),
        (SPANS, make("usage.total_tokens", ">", "1"), set()),
    ],
)
def test_what_a_filter_needs_joined(noun: Noun, filter: Filter, needs: set[str]) -> None:
    assert compile_filters([make("tags", "is_empty"), filter], noun).needs == needs


def test_filters_on_the_traces_of_threads_are_apart() -> None:
    filters = [make("environment", "=", "test"), make("id", "=", "Chat"), make("number_of_messages", ">", "2")]
    of_threads, of_traces = split_query(And(tuple(filters)), THREADS)
    assert of_threads.sql == "t.thread_id = $f0 AND CAST(2 * r.trace_count AS DOUBLE) > $f1"
    assert of_threads.params == {"f0": "Chat", "f1": 2.0}
    assert (of_traces.sql, of_traces.params) == ("coalesce(q.environment, '') = $f2", {"f2": "test"})


def test_values_never_become_sql() -> None:
    text = "'; DROP TABLE traces; -- {field} $f1"
    for filter in (make("name", "=", text), make("metadata", "=", text, "a"), make("feedback_scores", "=", "1", text)):
        fragment = compile_filters([filter], TRACES)
        assert "DROP" not in fragment.sql
        assert text in fragment.params.values()


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        (make("metadata", ">=", "1", "a"), "Invalid operator '>=' for field 'metadata' of type 'dictionary'"),
        (make("custom", "in", "1", "input.a"), "Invalid operator 'in' for field 'custom' of type 'custom'"),
        (make("name", "is_empty"), "Invalid operator 'is_empty' for field 'name' of type 'string'"),
        (make("source", "is_empty"), "Invalid operator 'is_empty' for field 'source' of type 'enum_legacy'"),
    ],
)
def test_operator_of_another_type(filter: Filter, message: str) -> None:
    with pytest.raises(InvalidFilterOperator) as caught:
        compile_filters([filter], TRACES)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        (make("ttft", "=", "x"), "Invalid value 'x' or key '' for field 'ttft' of type 'number'"),
        (make("end_time", "=", "x"), "Invalid value 'x' or key '' for field 'end_time' of type 'date_time'"),
        (make("name", "=", " "), "Invalid value ' ' or key '' for field 'name' of type 'string'"),
        (make("tags", "=", ""), "Invalid value '' or key '' for field 'tags' of type 'list'"),
        (make("environment", "in", ","), "Invalid value ',' or key '' for field 'environment' of type 'enum'"),
        (make("metadata", "=", "x"), "Invalid value 'x' or key '' for field 'metadata' of type 'dictionary'"),
        (make("metadata", "is_empty"), "Invalid value '' or key '' for field 'metadata' of type 'dictionary'"),
        (
            make("feedback_scores", "=", "high", "quality"),
            "Invalid value 'high' or key 'quality' for field 'feedback_scores' of type 'feedback_scores_number'",
        ),
        (
            make("feedback_scores", "is_empty", "", " "),
            "Invalid value '' or key ' ' for field 'feedback_scores' of type 'feedback_scores_number'",
        ),
    ],
)
def test_value_or_key_that_cannot_be_used(filter: Filter, message: str) -> None:
    with pytest.raises(InvalidFilterValue) as caught:
        compile_filters([filter], TRACES)
    assert str(caught.value) == message


@pytest.mark.parametrize("key", ["", "tags.a", "inputs.a", "[0]", "Input.a"])
def test_custom_key_of_another_column(key: str) -> None:
    with pytest.raises(InvalidCustomKey) as caught:
        compile_filters([make("custom", "=", "x", key)], TRACES)
    assert str(caught.value) == f"Invalid key '{key}' for custom filter"


@pytest.mark.parametrize("text", [None, "", "  "])
def test_blank_search_is_ignored(text: str | None) -> None:
    assert compile_search(text, TRACES).sql == "true"


def test_search_looks_everywhere() -> None:
    fragment = compile_search("Ab", SPANS)
    assert fragment.params == {"search": "Ab"}
    assert fragment.sql.startswith("(weft_contains(weft_lower(CAST(t.id AS VARCHAR)), weft_lower($search)) OR ")
    assert fragment.sql.endswith(" OR weft_contains(weft_lower(coalesce(t.provider, '')), weft_lower($search)))")
    assert " OR weft_any_contains(t.tags, $search) OR " in fragment.sql


@pytest.mark.parametrize("other", [EVERYTHING, NOTHING, Fragment("t.name = $name", {"name": "a"})])
def test_everything_adds_nothing_to_a_condition(other: Fragment) -> None:
    """Whether a list has a condition at all is told by this, and one without is found in another way."""
    assert both(EVERYTHING, other) == both(other, EVERYTHING) == other
