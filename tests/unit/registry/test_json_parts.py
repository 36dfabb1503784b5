"""Where SQL says whether a document contains a part, it says what `contains` says."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Integer, MetaData, Table, create_engine, select

from weft.model.containment import contains
from weft.registry.json_parts import DEEPEST, MOST_MEMBERS, has_part

DOCUMENTS = Table("documents", MetaData(), Column("number", Integer, primary_key=True), Column("content", JSON))

KEYS = st.sampled_from(["a", "b", "c d", "e.f", "g[0]", "$", "é", "key", "#"])
TEXTS = st.sampled_from(["", "x", "1", "true", "null", "{}", '"x"', '{"a": 1}', "x\0", "\0", "é", "\U0001f9f6", "a\nb"])
NUMBERS = st.sampled_from([0, 1, -1, 1.0, -0.0, 0.5, 2**53, 2**53 + 1, 2**64, 10**30, 1e300])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)


@st.composite
def parts_of(draw: st.DrawFn, document: Any) -> Any:
    """Something that the document contains, mostly."""
    if draw(st.integers(0, 9)) == 0:
        return draw(VALUES)
    if isinstance(document, dict):
        return {key: draw(parts_of(document[key])) for key in document if draw(st.booleans())}
    if isinstance(document, list):
        return (
            [draw(parts_of(one)) for one in draw(st.lists(st.sampled_from(document), max_size=3))] if document else []
        )
    return document


@st.composite
def searches(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    documents = draw(st.lists(OBJECTS, min_size=1, max_size=4))
    part = draw(parts_of(documents[0]))
    return documents, part if isinstance(part, dict) else {"a": part}


def found_by_sql(documents: list[dict[str, Any]], part: dict[str, Any]) -> list[dict[str, Any]] | None:
    condition = has_part(DOCUMENTS.c.content, part)
    if condition is None:
        return None
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        DOCUMENTS.create(connection)
        connection.execute(DOCUMENTS.insert(), [{"content": document} for document in documents])
        rows = connection.execute(select(DOCUMENTS.c.content).where(condition).order_by(DOCUMENTS.c.number))
        found = list(rows.scalars())
    engine.dispose()
    return found


@given(search=searches())
@example(search=([{"a": ["x", {"b": 1}]}], {"a": [{"b": 1}]}))
@example(search=([{"a": "x\0"}, {"a": "x"}], {"a": "x"}))
@example(search=([{"a": '{"b": 1}'}], {"a": {"b": 1}}))
def test_found_as_by_reading(search: tuple[list[dict[str, Any]], dict[str, Any]]) -> None:
    documents, part = search
    found = found_by_sql(documents, part)
    assert found is None or repr(found) == repr([document for document in documents if contains(document, part)])


@pytest.mark.parametrize(
    "part",
    [
        {},
        {"ls_user_id": "u", "is_test_run": False, "graph_id": "deep_agent"},
        {"messages": [{"type": "human"}], "files": {}},
        {"n": 1.0, "gone": None},
        {"sandbox recreated-at": "2026", "a.b": "\0"},
    ],
)
def test_what_is_searched_for_is_said(part: Any) -> None:
    assert has_part(DOCUMENTS.c.content, part) is not None


@pytest.mark.parametrize(
    "part",
    [
        {'a"b': 1},
        {"a\\b": 1},
        {"é": 1},
        {"": 1},
        {"a": 0.5},
        {"a": 2**53 + 1},
        {"a": float("inf")},
        {"a": [1] * MOST_MEMBERS},
        {"a": [[[[[[[1]]]]]]]},
    ],
)
def test_what_engines_may_see_otherwise_is_not_said(part: Any) -> None:
    assert has_part(DOCUMENTS.c.content, part) is None


def test_the_most_that_is_said_is_understood_by_sqlite() -> None:
    deep: Any = 1
    for _ in range(DEEPEST - 2):
        deep = [{"a": deep}] if isinstance(deep, int) else [deep]
    document = {"deep": deep, **{f"key {number}": "x" for number in range(MOST_MEMBERS - DEEPEST - 3)}}
    assert found_by_sql([document, {}], document) == [document]
