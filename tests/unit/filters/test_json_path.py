import pytest

from weft.filters.json_path import BadPath, parse_path, print_path, split_custom_key


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        pytest.param("a", ("a",), id="a key"),
        pytest.param("a.b[0].c", ("a", "b", 0, "c"), id="keys and indexes"),
        pytest.param("$.a", ("a",), id="root in front"),
        pytest.param("$", (), id="the whole document"),
        pytest.param("[0].a", (0, "a"), id="index first"),
        pytest.param("$[01]", (1,), id="leading zero"),
        pytest.param("user name.last-name", ("user name", "last-name"), id="bare keys with spaces and dashes"),
        pytest.param("é.$ref", ("é", "$ref"), id="other letters"),
        pytest.param('["a b"]', ("a b",), id="quoted key in brackets"),
        pytest.param('a."b.c"', ("a", "b.c"), id="quoted key after a dot"),
        pytest.param('"a[0]"', ("a[0]",), id="quoted key first"),
        pytest.param(r'["a\"b\\c"]', ('a"b\\c',), id="escapes in a quoted key"),
    ],
)
def test_paths(text: str, segments: tuple[str | int, ...]) -> None:
    assert parse_path(text) == segments


BAD_NAMES = ["", ".", ".a", "a.", "a..b", "$..a", "$a", "a]", "a.*", "*", 'a"b', '""', '"*"']
BAD_BRACKETS = ["a[", "a[0", "a[b]", "a[-1]", "a[*]", "a['b']", '["a', "a[1234567890]"]


@pytest.mark.parametrize("text", BAD_NAMES + BAD_BRACKETS)
def test_bad_paths(text: str) -> None:
    with pytest.raises(BadPath):
        parse_path(text)


def test_the_printed_form_quotes_every_key() -> None:
    assert print_path(("a", 'b"c\\', 0)) == r'$."a"."b\"c\\"[0]'


def test_the_printed_form_is_a_path_again() -> None:
    segments = ("a b", 0, '"', "\\", "é.[x]")
    assert parse_path(print_path(segments)) == segments


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("input.x", ("input", "$.x")),
        ("output[0].y", ("output", "$[0].y")),
        ("$.metadata.a.b", ("metadata", "$.a.b")),
        ("input", ("input", "$")),
        ("", ("", "$")),
    ],
)
def test_custom_keys(key: str, parts: tuple[str, str]) -> None:
    assert split_custom_key(key) == parts
