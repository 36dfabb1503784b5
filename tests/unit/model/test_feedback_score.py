"""Scores folded as Opik's contract, B.36, says: one row for each name that a reader sees."""

from decimal import Decimal
from typing import Any

import pytest

from tests.factories import a_score, a_trace
from weft.model.feedback_score import FoldedScore, ScoreRow, fold

TRACE = a_trace()


def folded(*values: dict[str, Any]) -> FoldedScore:
    """Scores of one name, each by an author of its own, made one after the other."""
    rows = [
        a_score(TRACE, **{"author": f"author {place}", "created_at": place, **given})
        for place, given in enumerate(values)
    ]
    (score,) = fold(ScoreRow(TRACE.id, row) for row in rows)[TRACE.id]
    return score


def test_one_row_is_shown_as_it_is() -> None:
    row = a_score(
        TRACE,
        value="0.123456789",
        reason="because",
        category_name="good",
        source="ui",
        created_at=1,
        created_by="ann",
        last_updated_at=2,
        last_updated_by="bob",
    )
    (score,) = fold([ScoreRow(TRACE.id, row)])[TRACE.id]
    assert (score.name, score.value, score.source) == ("quality", Decimal("0.123456789"), "ui")
    assert (score.reason, score.category_name) == ("because", "good")
    assert (score.created_at, score.created_by) == (1, "ann")
    assert (score.last_updated_at, score.last_updated_by) == (2, "bob")
    assert score.by_author == {"admin": ScoreRow(TRACE.id, row)}


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        (["0.8", "0.9"], "0.85"),
        (["1", "0", "0"], "0.333333333"),
        (["1", "1", "0"], "0.666666667"),
        (["-1", "1"], "0"),
        (["999999999.999999999", "999999999.999999999"], "999999999.999999999"),
        (["0.000000001", "0"], "0.000000001"),
    ],
)
def test_several_values_are_shown_as_their_mean_to_nine_digits(values: list[str], mean: str) -> None:
    assert folded(*({"value": value} for value in values)).value == Decimal(mean)


@pytest.mark.parametrize(
    ("reasons", "shown"),
    [
        ([None], None),
        ([""], None),
        (["a"], "a"),
        (["a", "b"], "a, b"),
        (["a", None], "a, <no reason>"),
        (["", "b"], "<no reason>, b"),
        ([None, ""], None),
        (["a", "a"], "a, a"),
    ],
)
def test_reasons_are_joined_with_a_word_for_the_missing(reasons: list[str | None], shown: str | None) -> None:
    assert folded(*({"reason": reason} for reason in reasons)).reason == shown


@pytest.mark.parametrize(
    ("categories", "shown"),
    [(["a"], "a"), ([None], None), (["a", "b"], "a, b"), (["a", None], "a"), ([None, None], None)],
)
def test_categories_are_joined(categories: list[str | None], shown: str | None) -> None:
    assert folded(*({"category_name": category} for category in categories)).category_name == shown


def test_source_is_that_of_the_first_and_times_are_the_outermost() -> None:
    score = folded(
        {"source": "ui", "created_at": 20, "last_updated_at": 90},
        {"source": "sdk", "created_at": 10, "last_updated_at": 30},
    )
    assert (score.source, score.created_at, score.last_updated_at) == ("sdk", 10, 90)


def test_who_made_and_who_changed_it_are_each_named_once() -> None:
    score = folded(
        {"created_by": "ann", "last_updated_by": "bob"},
        {"created_by": "cid", "last_updated_by": "bob"},
        {"created_by": "ann", "last_updated_by": "ann"},
    )
    assert (score.created_by, score.last_updated_by) == ("ann, cid", "bob, ann")


def test_each_author_is_named_with_the_queue_and_for_a_trace_with_the_span() -> None:
    plain, queued = a_score(TRACE, author="ann"), a_score(TRACE, author="ann", source_queue_id="queue")
    keys = [
        ScoreRow("shown on", plain).author_key,
        ScoreRow("shown on", queued).author_key,
        ScoreRow("shown on", plain, span_type="llm").author_key,
        ScoreRow("shown on", queued, span_type="llm").author_key,
    ]
    assert keys == ["ann", "ann_queue", f"ann_{TRACE.id}", f"ann_queue_{TRACE.id}"]


def test_each_entity_has_its_own_and_names_are_sorted() -> None:
    rows = [ScoreRow(shown_on, a_score(TRACE, name)) for shown_on, name in (("x", "b"), ("y", "c"), ("x", "a"))]
    names = {shown_on: [score.name for score in scores] for shown_on, scores in fold(rows).items()}
    assert names == {"x": ["a", "b"], "y": ["c"]}


def test_names_that_differ_in_case_are_apart() -> None:
    rows = [ScoreRow("x", a_score(TRACE, name)) for name in ("Quality", "quality")]
    assert len(fold(rows)["x"]) == 2


def test_nothing_folds_to_nothing() -> None:
    assert fold([]) == {}
