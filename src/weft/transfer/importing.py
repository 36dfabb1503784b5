"""Brings a package into a project of a server, from wherever that stopped. Bringing it in twice changes nothing."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from weft.transfer.folder import ATTACHMENTS, read_json, write_whole
from weft.transfer.package import Package
from weft.transfer.progress import Progress
from weft.transfer.records import Kind, Record, without_providers
from weft.transfer.server import TransferFailed
from weft.transfer.target import Target

MOST_RECORDS = 500
MOST_BYTES = 8_000_000


class Journal:
    """How many of each kind a target has, beside the package. Without a place to keep that it starts anew each time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        found = read_json(path)
        self._done: dict[str, int] = found if isinstance(found, dict) else {}

    @classmethod
    def of(cls, package: Package, server_url: str, project_id: str) -> "Journal":
        known = hashlib.sha256(f"{server_url} {project_id}".encode()).hexdigest()[:12]
        return cls(package.path / f".import-{known}.json")

    def done(self, name: str) -> int:
        return self._done.get(name, 0)

    def note(self, name: str, more: int) -> None:
        self._done[name] = self.done(name) + more
        try:
            write_whole(self._path, msgspec.json.encode(self._done))
        except OSError:
            return

    def forget(self) -> None:
        self._done = {}
        self._path.unlink(missing_ok=True)


def import_package(package: Package, target: Target, journal: Journal, progress: Progress) -> None:
    """Raises TransferFailed."""
    for kind in target.records.order:
        done = journal.done(kind.name)
        progress.begin(kind.name, package.count(kind.name), done)
        written = partial(journal.note, kind.name)
        write_records(target, kind, package.records(kind, done), progress, written)
        progress.end()
    _import_files(package, target, journal, progress)
    journal.forget()


def write_records(
    target: Target,
    kind: Kind,
    records: Iterable[Record],
    progress: Progress,
    written: Callable[[int], None] = lambda more: None,
) -> None:
    for batch in in_batches(without_providers(record) for record in records):
        target.records.write(kind, batch)
        written(len(batch))
        progress.advance(len(batch))


def in_batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    """As many together as a server takes without much memory; one alone if it is large."""
    batch: list[Record] = []
    held = 0
    for record in records:
        size = sum(map(len, map(bytes, record.values())))
        if batch and (len(batch) == MOST_RECORDS or held + size > MOST_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(record)
        held += size
    if batch:
        yield batch


def _import_files(package: Package, target: Target, journal: Journal, progress: Progress) -> None:
    done = journal.done(ATTACHMENTS)
    progress.begin(ATTACHMENTS, package.count(ATTACHMENTS), done)
    for file in package.files(done):
        path = package.bytes_of(file)
        if not path.is_file():
            raise TransferFailed(f"{path} is missing")
        if not target.has_file(file.key, path.stat().st_size):
            target.put_file(file.key, file.mime_type, path)
        journal.note(ATTACHMENTS, 1)
        progress.advance()
    progress.end()
