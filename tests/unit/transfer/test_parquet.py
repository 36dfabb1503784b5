"""Records as Parquet and back."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weft.transfer.folder import ExportFolder
from weft.transfer.parquet import read_parquet, to_parquet
from weft.transfer.records import encode, read_record

ODD = (
    b'{"id":"a","start_time":"2026-01-02T03:04:05.123456789Z","end_time":"1970-01-01T00:00:00Z","ttft":12.5,'
    b'"input":{"n":123456789012345678901234567890.10,"u":"\\ud83d\\ude00","e":1E5},"output":"text","metadata":[],'
    b'"tags":["b","a"],"usage":{"total_tokens":9007199254740993},"total_estimated_cost":0.000000000001,'
    b'"has_tool_spans":false,"feedback_scores":[{"name":"q","value":0.10}],"unheard_of":{"of":[1.0]}}'
)


def there_and_back(folder: Path, *lines: bytes) -> list[bytes]:
    export = ExportFolder(folder)
    export.file("traces").write_bytes(b"".join(line + b"\n" for line in lines))
    to_parquet(export, "traces")
    assert not export.file("traces").exists()
    return [encode(record) for record in read_parquet(export.file("traces", "parquet"), "traces", 0)]


def test_every_value_comes_back(tmp_path: Path) -> None:
    plain = b'{"id":"b"}'
    odd, back = there_and_back(tmp_path, ODD, plain)
    assert read_record(odd) == read_record(ODD)
    assert back == plain


def test_others_read_it_with_types(tmp_path: Path) -> None:
    there_and_back(tmp_path, ODD)
    query = "SELECT year(start_time), tags[1], total_estimated_cost * 10, input->>'u'"
    with duckdb.connect() as database:
        rows = database.execute(f"{query} FROM '{tmp_path}/traces.parquet'").fetchall()
    assert str(rows) == ("[(2026, 'b', Decimal('1.0E-11'), '😀')]")


def test_reading_goes_on_after_so_many(tmp_path: Path) -> None:
    there_and_back(tmp_path, *(f'{{"id":"{number}"}}'.encode() for number in range(500)))
    rest = read_parquet(tmp_path / "traces.parquet", "traces", 498)
    assert [bytes(record["id"]) for record in rest] == [b'"498"', b'"499"']


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=25, deadline=None)
@given(payloads=st.lists(JSON.filter(lambda value: value is not None), min_size=1, max_size=4))
def test_payloads_are_the_same_to_the_byte(tmp_path_factory: pytest.TempPathFactory, payloads: list[object]) -> None:
    lines = [encode({"id": "a", "input": payload, "unheard_of": payload}) for payload in payloads]
    assert there_and_back(tmp_path_factory.mktemp("parquet"), *lines) == lines
