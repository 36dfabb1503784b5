"""The folder that an export is: `export.json`, a file of records for each kind, and the attachments' own files.

What is in it tells how far an export has come: a record file ends with the last record that arrived.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from weft.transfer.server import TransferFailed
from weft.transfer.source import AttachmentKey

MANIFEST = "export.json"
ATTACHMENTS = "attachments"
VERSION = 1

_LONGEST_NAME = 150
_BLOCK = 64 * 1024


class ExportedFile(Struct, frozen=True, kw_only=True):
    """A line of `attachments.jsonl`. `path` is where the bytes are in the folder, with slashes."""

    entity_type: str
    entity_id: str
    file_name: str
    mime_type: str
    file_size: int
    path: str

    @property
    def key(self) -> AttachmentKey:
        return AttachmentKey(self.entity_type, self.entity_id, self.file_name)


class Manifest(Struct, kw_only=True):
    """`finished` tells how many records of each kind there are, once all of them are there."""

    weft_export: int = VERSION
    server: str = ""
    format: str = "jsonl"
    project: dict[str, Any] = msgspec.field(default_factory=dict)
    finished: dict[str, int] = msgspec.field(default_factory=dict)


class ExportFolder:
    """Raises TransferFailed for a folder that is something else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest = self._read_manifest() or Manifest()

    @property
    def exists(self) -> bool:
        return (self.path / MANIFEST).is_file()

    def save(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        write_whole(self.path / MANIFEST, msgspec.json.format(msgspec.json.encode(self.manifest), indent=2))

    def file(self, name: str, format: str = "jsonl") -> Path:
        return self.path / f"{name}.{format}"

    @contextmanager
    def appending(self, name: str) -> Iterator[tuple[IO[bytes], bytes | None]]:
        """The record file, without a line that was cut off, to write after its last line, which is given as well."""
        self.path.mkdir(parents=True, exist_ok=True)
        with self.file(name).open("a+b") as file:
            last = _cut_to_last_line(file)
            yield file, last

    def finish(self, name: str) -> None:
        with self.file(name).open("rb") as file:
            self.manifest.finished[name] = sum(1 for _ in file)
        self.save()

    def place_of(self, key: AttachmentKey) -> str:
        """Where the bytes of an attachment go, whatever its name is."""
        name = quote(key.file_name, safe=" ()[]+,=@", errors="surrogatepass")
        if len(name) > _LONGEST_NAME or name.strip(". ") != name or not name:
            name = hashlib.sha256(key.file_name.encode(errors="surrogatepass")).hexdigest()
        return str(PurePosixPath(ATTACHMENTS, key.entity_type, key.entity_id, name))

    def bytes_of(self, file: ExportedFile) -> Path:
        """Raises TransferFailed for a path that leads out of the folder, as one might that others have written."""
        return inside(self.path, file.path)

    def _read_manifest(self) -> Manifest | None:
        try:
            manifest = msgspec.json.decode((self.path / MANIFEST).read_bytes(), type=Manifest)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise TransferFailed(f"{self.path / MANIFEST} cannot be read: {error}") from error
        if manifest.weft_export != VERSION:
            raise TransferFailed(f"{self.path} was written by another version of weft")
        return manifest


def inside(folder: Path, path: str) -> Path:
    """Raises TransferFailed for a path that leads out of the folder."""
    whole = (folder / path).resolve()
    if not whole.is_relative_to(folder.resolve()):
        raise TransferFailed(f"{path} leads out of {folder}")
    return whole


def write_whole(path: Path, content: bytes) -> None:
    """All of it or, if the process ends meanwhile, nothing."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


def folder_name(project: str) -> str:
    """A name for the folder of a project."""
    return quote(project, safe=" ()[]+,=@", errors="replace").strip(". ")[:_LONGEST_NAME] or "project"


def manifest_project(project: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a project."""
    return {name: project[name] for name in ("id", "name", "description", "visibility") if project.get(name)}


def _cut_to_last_line(file: IO[bytes]) -> bytes | None:
    end = file.seek(0, os.SEEK_END)
    last_break = _break_before(file, end)
    file.truncate(last_break + 1)
    file.seek(0, os.SEEK_END)
    if last_break < 0:
        return None
    start = _break_before(file, last_break) + 1
    file.seek(start)
    line = file.read(last_break - start)
    file.seek(0, os.SEEK_END)
    return line


def _break_before(file: IO[bytes], end: int) -> int:
    """Where the last line break before a place is; -1 if there is none."""
    while end > 0:
        start = max(0, end - _BLOCK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found
        end = start
    return -1


def read_json(path: Path) -> Any:
    """None if it is not there or not JSON."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
