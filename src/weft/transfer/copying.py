"""Brings a project of one server into another, without a folder between them. What is there already stays."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from weft.transfer.folder import ATTACHMENTS
from weft.transfer.importing import write_records
from weft.transfer.progress import Progress
from weft.transfer.records import BadRecord, Kind, Record, read_record
from weft.transfer.server import Refused, TransferFailed
from weft.transfer.source import RemoteFile, Source
from weft.transfer.target import Target


def copy_project(source: Source, target: Target, progress: Progress) -> None:
    """Raises TransferFailed."""
    for kind in target.records.order:
        progress.begin(kind.name, source.count(kind))
        write_records(target, kind, _records(source, kind), progress)
        progress.end()
    progress.begin(ATTACHMENTS, None)
    with tempfile.TemporaryDirectory(prefix="weft-copy-") as folder:
        for file in source.attachments():
            if not target.has_file(file.key, file.file_size):
                _copy_file(source, target, file, Path(folder, "bytes"))
            progress.advance()
    progress.end()


def _records(source: Source, kind: Kind) -> Iterator[Record]:
    for line in source.records(kind):
        try:
            yield read_record(line)
        except BadRecord as error:
            raise TransferFailed(f"{source.server.url} sends what is no record: {error}") from error


def _copy_file(source: Source, target: Target, file: RemoteFile, path: Path) -> None:
    """One that is deleted meanwhile is left out."""
    try:
        with path.open("wb") as scratch:
            source.server.download(file.link, scratch)
    except Refused as error:
        if error.status == 404:
            return
        raise
    target.put_file(file.key, file.mime_type, path)
