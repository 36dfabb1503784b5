"""How payloads are stored: see `json_text`."""

import pytest
from msgspec import Raw

from weft.api.opik.wire.values import json_text


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        pytest.param('{"a": "gr\\u00f6\\u00dfer"}', '{"a":"größer"}', id="escapes become characters"),
        pytest.param('["\\ud83d\\ude00"]', '["😀"]', id="a surrogate pair becomes one character"),
        pytest.param('{"a": "x  y", "b" : [1,\n2]}', '{"a":"x  y","b":[1,2]}', id="white space goes, but not in texts"),
        pytest.param('["\\u0000\\u0022\\u005c"]', '["\\u0000\\"\\\\"]', id="escapes that JSON needs stay"),
        pytest.param('["\\\\u00f6"]', '["\\\\u00f6"]', id="an escaped backslash is no escape"),
        pytest.param('["\\ud800 \\u00f6"]', '["\\ud800 \\u00f6"]', id="half a surrogate pair stays"),
        pytest.param("[1.50, 1e400, 12345678901234567890123]", "[1.50,1e400,12345678901234567890123]", id="numbers"),
        pytest.param('{"b":1,"a":2,"b":3}', '{"b":1,"a":2,"b":3}', id="keys keep their order and repetitions"),
        pytest.param('"text"', '"text"', id="a text alone"),
    ],
)
def test_payload_is_stored_compact_with_characters(sent: str, stored: str) -> None:
    assert json_text(Raw(sent.encode())) == stored


@pytest.mark.parametrize("sent", ["", "null"])
def test_null_is_the_same_as_absent(sent: str) -> None:
    assert json_text(Raw(sent.encode())) is None
