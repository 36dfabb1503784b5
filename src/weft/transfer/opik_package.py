"""Reads what `opik export` writes: `…/projects/<id>/` with `project.json`, one `trace_<id>.json` per trace with its
spans, and the files of attachments under `attachments/<trace or span>/<id>/`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from weft.model.almost_json import repair
from weft.transfer.folder import ATTACHMENTS, ExportedFile, inside, read_json
from weft.transfer.records import TRACES, BadRecord, Kind, Record, encode, read_record
from weft.transfer.server import TransferFailed

PATTERN = "trace_*.json"

_INSTANTS = frozenset({"start_time", "end_time", "created_at", "last_updated_at"})
_SAID = frozenset({"feedback_scores", "comments"})


class _File(Struct):
    trace: Raw
    spans: list[Raw] = msgspec.field(default_factory=list)
    attachments: list["_Attachment"] | None = None
    project_name: str | None = None


class _Attachment(Struct):
    entity_type: str
    entity_id: str
    file_name: str
    mime_type: str | None = None
    file_size: int | None = None


class OpikPackage:
    """Threads are not in it: they are made by their traces. Raises TransferFailed."""

    def __init__(self, path: Path, files: Sequence[Path] | None = None) -> None:
        self.path = path
        self._files = sorted(path.glob(PATTERN)) if files is None else files
        told = read_json(path / "project.json")
        name = told.get("name") if isinstance(told, dict) else None
        self.project: dict[str, Any] = {"name": name or _read(self._files[0]).project_name or path.name}

    def count(self, name: str) -> int | None:
        return len(self._files) if name == TRACES.name else None

    def records(self, kind: Kind, start: int) -> Iterator[Record]:
        number = 0
        for path, content in self._contents():
            held = {"traces": [content.trace], "spans": content.spans}.get(kind.name, [])
            for raw in held:
                number += 1
                if number > start:
                    yield _record(path, raw)

    def files(self, start: int) -> Iterator[ExportedFile]:
        """Those that were downloaded."""
        number = 0
        for _, content in self._contents():
            for attachment in content.attachments or ():
                file = _exported(attachment)
                if inside(self.path, file.path).is_file():
                    number += 1
                    if number > start:
                        yield file

    def bytes_of(self, file: ExportedFile) -> Path:
        return inside(self.path, file.path)

    def _contents(self) -> Iterator[tuple[Path, _File]]:
        for path in self._files:
            yield path, _read(path)


def opik_folders(path: Path) -> list[Path]:
    """Those that hold traces, at any depth."""
    return sorted({found.parent for found in path.rglob(PATTERN)})


def _read(path: Path) -> _File:
    try:
        return msgspec.json.decode(repair(path.read_bytes()), type=_File)
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        raise TransferFailed(f"{path} cannot be read: {error}") from error


def _record(path: Path, raw: Raw) -> Record:
    """The files are indented, which what is compared with them is not."""
    try:
        return {
            name: _as_on_the_wire(name, value)
            for name, value in read_record(msgspec.json.format(bytes(raw), indent=-1)).items()
        }
    except BadRecord as error:
        raise TransferFailed(f"{path}: {error}") from error


def _as_on_the_wire(name: str, value: Raw) -> Raw:
    """Times are in Python's own form."""
    if name in _INSTANTS:
        return Raw(bytes(value).replace(b" ", b"T", 1))
    if name in _SAID:
        return Raw(encode(_said(msgspec.json.decode(value))))
    return value


def _said(value: Any, name: str = "") -> Any:
    """A score or a comment, with all that is in it, without its nulls."""
    if isinstance(value, dict):
        return {key: _said(part, key) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_said(part) for part in value]
    return value.replace(" ", "T", 1) if name in _INSTANTS else value


def _exported(attachment: _Attachment) -> ExportedFile:
    name = attachment.file_name.replace("\\", "/").rpartition("/")[2]
    return ExportedFile(
        entity_type=attachment.entity_type,
        entity_id=attachment.entity_id,
        file_name=attachment.file_name,
        mime_type=attachment.mime_type or "",
        file_size=attachment.file_size or 0,
        path=f"{ATTACHMENTS}/{attachment.entity_type}/{attachment.entity_id}/{name}",
    )
