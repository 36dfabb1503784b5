"""Values in front of a text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weft.agents.front_matter import MAX_DEPTH, MAX_HEAD, parse, render

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(description=TEXTS, model=st.none() | TEXTS, body=TEXTS)
def test_what_is_rendered_is_parsed(description: str, model: str | None, body: str) -> None:
    given = {"description": description, "model_id": model}
    assert parse(render(given, body)) == ({name: value for name, value in given.items() if value is not None}, body)


def test_as_the_contract_has_it() -> None:
    assert render({"description": 'Says "hi"\n', "model_id": None}, "# Go") == (
        '---\ndescription: "Says \\"hi\\"\\U0000000a"\n---\n\n# Go'
    )


@pytest.mark.parametrize(
    ("text", "values", "body"),
    [
        ('---\ndescription: "a"\nmodel_id: "b:c"\n---\n\nGo', {"description": "a", "model_id": "b:c"}, "Go"),
        ("---\n\n---\n\nGo", {}, "Go"),
        ("---\nname: x: y\n---\nGo", {}, "---\nname: x: y\n---\nGo"),
        ('---\r\nname: "a"\r\n---\r\n\r\nGo\r\n', {"name": "a"}, "Go\r\n"),
        ("---\nname: a\n---", {"name": "a"}, ""),
        ("---\nname: >\n  two\n  lines\ntags: [a]\n---\nGo", {"name": "two lines\n"}, "Go"),
        ("---\nname: 2026-13-45\nnice: true\n---\n", {"name": "2026-13-45", "nice": "true"}, ""),
        ('---\nname: "\\ud83d\\ude00"\n---\n', {"name": "\U0001f600"}, ""),
        ('---\nname: "\\ud83d"\n---\n', {"name": "\ufffd"}, ""),
    ],
    ids=[
        "command line",
        "command line without values",
        "broken YAML",
        "Windows",
        "no body",
        "folded",
        "not dates",
        "JSON",
        "half",
    ],
)
def test_renderings_of_others(text: str, values: dict[str, str], body: str) -> None:
    assert parse(text) == (values, body)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Go",
        "---",
        "---\nGo",
        "Go\n---\na: b\n---\n",
        "---\n- a\n---\nGo",
        f"---\na: {'[' * 5000}\n---\n",
        f"---\na: {'[' * MAX_DEPTH}{']' * MAX_DEPTH}\n---\n",
        f"---\na: {'b' * MAX_HEAD}\n---\n",
    ],
    ids=["nothing", "plain", "one fence", "open", "later", "a list", "open brackets", "deep", "long"],
)
def test_other_texts_are_all_body(text: str) -> None:
    assert parse(text) == ({}, text)
