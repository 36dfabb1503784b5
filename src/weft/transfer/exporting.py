"""Writes a project of a server into a folder, from wherever that stopped."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from weft.transfer.folder import ATTACHMENTS, ExportedFile, ExportFolder, manifest_project
from weft.transfer.parquet import to_parquet
from weft.transfer.progress import Progress
from weft.transfer.records import KINDS, Kind
from weft.transfer.server import Refused, TransferFailed
from weft.transfer.source import RemoteFile, Source, id_of

FORMATS = ("jsonl", "parquet")

_encode_line = msgspec.json.Encoder().encode


def export_project(source: Source, folder: ExportFolder, format: str, progress: Progress) -> None:
    """What is finished stays; what was recorded since the export began is not in it. Raises TransferFailed."""
    _begin(source, folder, format)
    for name, kind in KINDS.items():
        if name not in folder.manifest.finished:
            _export_records(source, folder, kind, progress)
            folder.finish(name)
    if ATTACHMENTS not in folder.manifest.finished:
        _export_attachments(source, folder, progress)
        folder.finish(ATTACHMENTS)
    if format == "parquet":
        for name in (*KINDS, ATTACHMENTS):
            to_parquet(folder, name)


def _begin(source: Source, folder: ExportFolder, format: str) -> None:
    """Raises TransferFailed for a folder that has an export of something else."""
    manifest = folder.manifest
    project = manifest_project(source.project)
    if folder.exists and (manifest.project.get("id") != project["id"] or manifest.format != format):
        exported = f"{manifest.project.get('name')!r} as {manifest.format}"
        raise TransferFailed(f"{folder.path} holds an export of {exported} already: choose another folder")
    manifest.server, manifest.format, manifest.project = source.server.url, format, project
    folder.save()


def _export_records(source: Source, folder: ExportFolder, kind: Kind, progress: Progress) -> None:
    with folder.appending(kind.name) as (file, last):
        progress.begin(kind.name, source.count(kind))
        for line in source.records(kind, id_of(last, kind) if last else None):
            file.write(line + b"\n")
            progress.advance()
        progress.end()


def _export_attachments(source: Source, folder: ExportFolder, progress: Progress) -> None:
    with folder.appending(ATTACHMENTS) as (file, last):
        progress.begin(ATTACHMENTS, None)
        after = msgspec.json.decode(last, type=ExportedFile).key if last else None
        for exported in _downloaded(source.attachments(after), source, folder):
            file.write(_encode_line(exported) + b"\n")
            file.flush()
            progress.advance()
        progress.end()


def _downloaded(files: Iterator[RemoteFile], source: Source, folder: ExportFolder) -> Iterator[ExportedFile]:
    """One that is deleted meanwhile is left out."""
    for remote in files:
        path = folder.place_of(remote.key)
        try:
            _download(source, remote, folder.path / path)
        except Refused as error:
            if error.status == 404:
                continue
            raise
        size = (folder.path / path).stat().st_size
        yield ExportedFile(**remote.key._asdict(), mime_type=remote.mime_type, file_size=size, path=path)


def _download(source: Source, remote: RemoteFile, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f"{to.name}.part")
    with part.open("wb") as file:
        source.server.download(remote.link, file)
    os.replace(part, to)
