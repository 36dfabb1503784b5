import pytest

from weft.errors import InvalidSorting
from weft.filters.compile import Fragment, compile_sorting
from weft.filters.fields import SPANS, TRACES, Noun
from weft.filters.sorting import Sort, parse_sorting


@pytest.mark.parametrize(
    ("raw", "sort"),
    [
        pytest.param(None, None, id="absent"),
        pytest.param(" ", None, id="blank"),
        pytest.param("[]", None, id="empty"),
        pytest.param('[{"field":"name","direction":"DESC"}]', Sort("name", "DESC"), id="descending"),
        pytest.param('[{"field":"name"}]', Sort("name", "ASC"), id="ascending unless told"),
        pytest.param('[{"field":"name","direction":"desc"}]', Sort("name", "DESC"), id="in small letters"),
        pytest.param('[{"field":"a"},{"field":"b"}]', Sort("a"), id="only the first counts"),
        pytest.param('[{"field":"no such"}]', Sort("no such"), id="any field"),
    ],
)
def test_parsing(raw: str | None, sort: Sort | None) -> None:
    assert parse_sorting(raw) == sort


NOT_JSON = ["[", "name", "[" * 100_000]
NOT_A_SORT = [
    '"name"',
    "{}",
    "[1]",
    "[{}]",
    '[{"field":1}]',
    '[{"field":"a","direction":"UP"}]',
    '[{"field":"\\ud800"}]',
]


@pytest.mark.parametrize("raw", NOT_JSON + NOT_A_SORT)
def test_malformed_sorting(raw: str) -> None:
    with pytest.raises(InvalidSorting) as caught:
        parse_sorting(raw)
    assert str(caught.value) == f"Invalid sorting query parameter '{raw}'"


@pytest.mark.parametrize(
    ("noun", "sort", "sql", "params", "needs"),
    [
        pytest.param(TRACES, None, "t.id DESC", {}, set(), id="newest first"),
        pytest.param(TRACES, Sort("nonsense"), "t.id DESC", {}, set(), id="an unknown field is ignored"),
        pytest.param(TRACES, Sort("usage"), "t.id DESC", {}, set(), id="usage of what is ignored"),
        pytest.param(TRACES, Sort("id"), "t.id ASC NULLS LAST, t.id DESC", {}, set(), id="a column"),
        pytest.param(TRACES, Sort("ttft", "DESC"), "t.ttft DESC NULLS LAST, t.id DESC", {}, set(), id="descending"),
        pytest.param(
            TRACES,
            Sort("usage.total_tokens"),
            "s.sort_usage ASC NULLS LAST, t.id DESC",
            {"sort_key": "total_tokens"},
            {"span_totals"},
            id="usage of a trace",
        ),
        pytest.param(
            SPANS,
            Sort("usage.total_tokens"),
            "weft_usage(t.usage, $sort_key) ASC NULLS LAST, t.id DESC",
            {"sort_key": "total_tokens"},
            set(),
            id="usage of a span",
        ),
        pytest.param(
            SPANS,
            Sort("feedback_scores.very.good", "DESC"),
            "f.value DESC NULLS LAST, t.id DESC",
            {"sort_key": "very.good"},
            {"sort_score"},
            id="score with a dot in its name",
        ),
        pytest.param(
            TRACES, Sort("id", "; DROP"), "t.id ASC NULLS LAST, t.id DESC", {}, set(), id="no SQL from outside"
        ),
    ],
)
def test_compiling(noun: Noun, sort: Sort | None, sql: str, params: dict[str, object], needs: set[str]) -> None:
    fragment = compile_sorting(sort, noun)
    assert fragment == Fragment(sql, params, frozenset(needs))


def test_what_can_be_sorted_by_is_listed_with_stars() -> None:
    assert {"usage.*", "feedback_scores.*", "experiment_id"} <= set(TRACES.sortable_by)
    assert {"usage.*", "feedback_scores.*", "parent_span_id"} <= set(SPANS.sortable_by)
