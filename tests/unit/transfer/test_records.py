"""Records as they are shown, and the metadata that they were sent with."""

import pytest
from msgspec import Raw

from weft.transfer.records import BadRecord, encode, read_record, text_of, without_providers


@pytest.mark.parametrize(
    ("shown", "sent"),
    [
        ('{"providers":["openai"],"a":1.0}', '{"a":1.0}'),
        ('{"providers":["openai"]}', None),
        ('{"providers":["mine"],"a":1}', '{"providers":["mine"],"a":1}'),
        ('{"a":1,"providers":["openai"]}', '{"a":1,"providers":["openai"]}'),
        ('"text"', '"text"'),
    ],
)
def test_providers_that_a_trace_shows_are_no_metadata(shown: str, sent: str | None) -> None:
    record = read_record(f'{{"id":"a","providers":["openai"],"metadata":{shown}}}'.encode())
    metadata = without_providers(record).get("metadata")
    assert (None if metadata is None else bytes(metadata).decode()) == sent


def test_values_stay_as_they_are_to_the_byte_and_nulls_go() -> None:
    line = b'{"id":"a","input":{"n":1.10,"u":"\\ud83d\\ude00"},"name":null}'
    assert encode(read_record(line)) == b'{"id":"a","input":{"n":1.10,"u":"\\ud83d\\ude00"}}'


def test_what_others_write_in_place_of_json_is_made_json() -> None:
    assert encode(read_record(b'{"input":[NaN,"\\ud83d"]}')) == b'{"input":["NaN","\\ufffd"]}'


@pytest.mark.parametrize("line", [b"", b"[]", b'{"id":', b"nothing"])
def test_what_is_no_record_is_refused(line: bytes) -> None:
    with pytest.raises(BadRecord):
        read_record(line)


@pytest.mark.parametrize("record", [{}, {"id": Raw(b"1")}])
def test_a_record_without_an_id_is_refused(record: dict[str, Raw]) -> None:
    with pytest.raises(BadRecord):
        text_of(record, "id")
