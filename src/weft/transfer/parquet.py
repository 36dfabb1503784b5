"""Record files as Parquet, written and read by DuckDB: a column for each field that all records of a kind may have."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec
from msgspec import Raw

from weft.model.instants import format_ns
from weft.transfer.folder import ExportFolder
from weft.transfer.records import Record, encode, read_record
from weft.transfer.server import TransferFailed

# What is JSON text in a column, to the byte: payloads, and what has parts.
JSON = "JSON"
TIME = "TIMESTAMP_NS"
TEXT = "VARCHAR"
LIST = "VARCHAR[]"
COST = "DECIMAL(38, 12)"
OTHER = "other"

_SAID = {"feedback_scores": JSON, "comments": JSON, "created_at": TIME, "created_by": TEXT}
_STAMPED = {**_SAID, "last_updated_at": TIME, "last_updated_by": TEXT}
_PAYLOADS = {"input": JSON, "output": JSON, "metadata": JSON, "error_info": JSON}
_TIMED = {"start_time": TIME, "end_time": TIME, "duration": "DOUBLE"}
_SPENT = {"usage": JSON, "total_estimated_cost": COST}
_KNOWN_BY = {"tags": LIST, "source": TEXT, "environment": TEXT}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "traces": {
        **{"id": TEXT, "project_id": TEXT, "thread_id": TEXT, "name": TEXT},
        **_TIMED,
        **{"ttft": "DOUBLE", "span_count": "BIGINT", "llm_span_count": "BIGINT", "has_tool_spans": "BOOLEAN"},
        **{"providers": LIST, "guardrails_validations": JSON, "span_feedback_scores": JSON, "visibility_mode": TEXT},
        **_PAYLOADS,
        **_SPENT,
        **_KNOWN_BY,
        **_STAMPED,
    },
    "spans": {
        **{"id": TEXT, "project_id": TEXT, "trace_id": TEXT, "parent_span_id": TEXT, "name": TEXT, "type": TEXT},
        **_TIMED,
        **{"ttft": "DOUBLE", "model": TEXT, "provider": TEXT, "total_estimated_cost_version": TEXT},
        **_PAYLOADS,
        **_SPENT,
        **_KNOWN_BY,
        **_STAMPED,
    },
    "threads": {
        **{"id": TEXT, "project_id": TEXT, "thread_model_id": TEXT, "status": TEXT},
        **_TIMED,
        **{"number_of_messages": "BIGINT", "first_message": JSON, "last_message": JSON},
        **_SPENT,
        **_KNOWN_BY,
        **_STAMPED,
    },
    "attachments": {
        **{"entity_type": TEXT, "entity_id": TEXT, "file_name": TEXT, "mime_type": TEXT},
        **{"file_size": "BIGINT", "path": TEXT},
    },
}

_ROWS_AT_ONCE = 200
_MEMORY = "512MB"
_LEAST_OBJECT = 16 * 1024 * 1024


def to_parquet(folder: ExportFolder, name: str) -> None:
    """Turns a finished file of lines into one of Parquet, unless that is done."""
    lines, parquet = folder.file(name), folder.file(name, "parquet")
    if not lines.exists():
        return
    part = parquet.with_name(f"{parquet.name}.part")
    scratch = folder.path / ".rows"
    scratch.mkdir(exist_ok=True)
    rows = scratch / lines.name
    longest = _write_rows(lines, rows, COLUMNS[name])
    with _connected(scratch) as database:
        database.execute(_copy_statement(COLUMNS[name], rows, part, longest))
    shutil.rmtree(scratch)
    part.replace(parquet)
    lines.unlink()


def read_parquet(path: Path, name: str, start: int) -> Iterator[Record]:
    """The records after the first so many."""
    columns = [*COLUMNS[name], OTHER]
    shown = [f"epoch_ns({c})" if COLUMNS[name].get(c) == TIME else c for c in columns]
    with _connected() as database:
        database.execute(f"SELECT {', '.join(shown)} FROM read_parquet({_quoted(path)}) OFFSET {start}")
        while rows := database.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                yield _record(dict(zip(columns, row, strict=True)), COLUMNS[name])


def _write_rows(lines: Path, rows: Path, columns: Mapping[str, str]) -> int:
    """Lines that DuckDB can take apart without changing them: JSON as text. The length of the longest."""
    longest = 0
    with lines.open("rb") as source, rows.open("wb") as target:
        for line in source:
            row = encode(_row(read_record(line), columns)) + b"\n"
            longest = max(longest, len(row))
            target.write(row)
    return longest


def _row(record: Record, columns: Mapping[str, str]) -> dict[str, object]:
    row: dict[str, object] = {}
    other: Record = {}
    for name, raw in record.items():
        if name not in columns:
            other[name] = raw
        else:
            row[name] = bytes(raw).decode(errors="replace") if columns[name] == JSON else raw
    return row | ({OTHER: encode(other).decode()} if other else {})


def _copy_statement(columns: Mapping[str, str], rows: Path, to: Path, longest: int) -> str:
    read_as = {TIME: TEXT, JSON: TEXT}
    structure = ", ".join(f"{name}: '{read_as.get(type, type)}'" for name, type in {**columns, OTHER: TEXT}.items())
    casts = ", ".join(f"CAST({name} AS {TIME}) AS {name}" for name, type in columns.items() if type == TIME)
    selected = f"SELECT * {f'REPLACE ({casts})' if casts else ''}"
    source = (
        f"read_json({_quoted(rows)}, format = 'newline_delimited', columns = {{{structure}}}, "
        f"maximum_object_size = {max(_LEAST_OBJECT, 2 * longest)})"
    )
    return f"COPY ({selected} FROM {source}) TO {_quoted(to)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)"


def _record(row: Mapping[str, Any], columns: Mapping[str, str]) -> Record:
    record = {name: _raw(value, columns[name]) for name, value in row.items() if value is not None and name != OTHER}
    return record | (read_record(row[OTHER].encode()) if row[OTHER] else {})


def _raw(value: Any, type: str) -> Raw:
    if type == JSON:
        return Raw(str(value).encode())
    if type == TIME:
        return Raw(msgspec.json.encode(format_ns(value)))
    if isinstance(value, Decimal):
        return Raw(format(value, "f").encode())
    return Raw(msgspec.json.encode(value))


@contextmanager
def _connected(scratch: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Raises TransferFailed for what DuckDB cannot do."""
    settings: dict[str, str | bool | int | float | list[str]] = {"memory_limit": _MEMORY, "threads": 1}
    try:
        with duckdb.connect(config=settings | ({"temp_directory": str(scratch)} if scratch else {})) as database:
            yield database
    except duckdb.Error as error:
        raise TransferFailed(str(error).partition("\n")[0]) from error


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
