from typing import Any

import pytest

from weft.model.containment import contains

DOCUMENT = {"a": 1, "b": {"c": "x", "d": None}, "e": [1, {"f": 2, "g": 3}, "y"], "h": True}


@pytest.mark.parametrize(
    "part",
    [
        {},
        {"a": 1},
        {"a": 1.0},
        {"b": {}},
        {"b": {"c": "x"}},
        {"b": {"d": None}},
        {"e": []},
        {"e": ["y", 1]},
        {"e": [{"f": 2}]},
        {"h": True, "a": 1},
    ],
)
def test_parts(part: Any) -> None:
    assert contains(DOCUMENT, part)


@pytest.mark.parametrize(
    "part",
    [
        {"a": True},
        {"a": "1"},
        {"h": 1},
        {"b": {"c": "y"}},
        {"b": "x"},
        {"missing": None},
        {"e": {"f": 2}},
        {"e": [{"f": 3}]},
        {"e": 1},
        {"a": {}},
    ],
)
def test_not_parts(part: Any) -> None:
    assert not contains(DOCUMENT, part)
