"""Traces, spans and threads as Opik's API shows them: JSON objects whose values nobody here looks into without need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import Raw

from weft.model.almost_json import repair

Record = dict[str, Raw]

encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Record).decode
_NULL = b"null"


@dataclass(frozen=True)
class Kind:
    """How one kind of record is searched for, newest first: `cursor` names the last `id` that was read."""

    name: str
    entity: str
    search: str
    list: str
    cursor: str
    id: str = "id"


TRACES = Kind("traces", "trace", "/v1/private/traces/search", "/v1/private/traces", "last_retrieved_id")
SPANS = Kind("spans", "span", "/v1/private/spans/search", "/v1/private/spans", "last_retrieved_id")
THREADS = Kind(
    "threads",
    "thread",
    "/v1/private/traces/threads/search",
    "/v1/private/traces/threads",
    "last_retrieved_thread_model_id",
    "thread_model_id",
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (THREADS, TRACES, SPANS)}


class BadRecord(ValueError):
    """The text says what is wrong with it."""


def read_record(line: bytes) -> Record:
    """Without its nulls, and with what other servers write in place of JSON made into JSON. Raises BadRecord."""
    return {name: raw for name, raw in read_object(line).items() if bytes(raw) != _NULL}


def read_object(line: bytes) -> Record:
    """Raises BadRecord."""
    try:
        return _decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        repaired = repair(line)
        if repaired == line:
            raise BadRecord(f"no JSON object: {error}") from error
    return read_object(repaired)


def text_of(record: Record, name: str) -> str:
    """Raises BadRecord for what is no text."""
    try:
        return msgspec.json.decode(record[name], type=str)
    except (KeyError, msgspec.DecodeError) as error:
        raise BadRecord(f"no {name}") from error


def picked(record: Record, names: Sequence[str]) -> Record:
    return {name: record[name] for name in names if name in record}


def without_providers(record: Record) -> Record:
    """With the metadata as it was sent: a trace shows the providers of its spans as the first key of its metadata
    (Opik's contract, F.1)."""
    providers, metadata = record.get("providers"), bytes(record.get("metadata", b""))
    if providers is None:
        return record
    shown = b'{"providers":' + bytes(providers)
    if not metadata.startswith(shown):
        return record
    rest = metadata[len(shown) :]
    own = {} if rest == b"}" else {"metadata": Raw(b"{" + rest[1:])}
    return {name: raw for name, raw in record.items() if name != "metadata"} | own
