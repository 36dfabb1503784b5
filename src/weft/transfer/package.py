"""What can be imported: the folder of an export, and one that `opik export` has written."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import msgspec

from weft.transfer.folder import ATTACHMENTS, MANIFEST, ExportedFile, ExportFolder
from weft.transfer.opik_package import OpikPackage, opik_folders
from weft.transfer.parquet import read_parquet
from weft.transfer.records import KINDS, BadRecord, Kind, Record, encode, read_record
from weft.transfer.server import TransferFailed


class Package(Protocol):
    """One project. What is in it is always read in the same order."""

    @property
    def path(self) -> Path: ...

    @property
    def project(self) -> Mapping[str, Any]: ...

    def count(self, name: str) -> int | None:
        """How many there are of a kind, or of attachments; None if that is not known."""

    def records(self, kind: Kind, start: int) -> Iterator[Record]:
        """Those after the first so many. Raises TransferFailed."""

    def files(self, start: int) -> Iterator[ExportedFile]:
        """Attachments after the first so many. Raises TransferFailed."""

    def bytes_of(self, file: ExportedFile) -> Path:
        """Raises TransferFailed for a path that leads out of the package."""


class WeftPackage:
    """As `exporting` writes it, in either format. Raises TransferFailed for an export that is not finished."""

    def __init__(self, path: Path) -> None:
        self._folder = ExportFolder(path)
        self.path = path
        self.project: Mapping[str, Any] = self._folder.manifest.project
        missing = {*KINDS, ATTACHMENTS} - self._folder.manifest.finished.keys()
        if missing:
            raise TransferFailed(f"{path} lacks {', '.join(sorted(missing))}: its export is to be finished first")

    def count(self, name: str) -> int | None:
        return self._folder.manifest.finished[name]

    def records(self, kind: Kind, start: int) -> Iterator[Record]:
        return self._rows(kind.name, start)

    def files(self, start: int) -> Iterator[ExportedFile]:
        for row in self._rows(ATTACHMENTS, start):
            try:
                yield msgspec.json.decode(encode(row), type=ExportedFile)
            except msgspec.DecodeError as error:
                raise TransferFailed(f"{self.path}: {ATTACHMENTS}: {error}") from error

    def bytes_of(self, file: ExportedFile) -> Path:
        return self._folder.bytes_of(file)

    def _rows(self, name: str, start: int) -> Iterator[Record]:
        lines = self._folder.file(name)
        if not lines.exists():
            yield from read_parquet(self._folder.file(name, "parquet"), name, start)
            return
        with lines.open("rb") as file:
            for number, line in enumerate(islice(file, start, None), start + 1):
                try:
                    yield read_record(line)
                except BadRecord as error:
                    raise TransferFailed(f"{lines}, line {number}: {error}") from error


def open_packages(paths: Sequence[Path]) -> list[Package]:
    """Those that these files or folders are, are in, or hold. Raises TransferFailed."""
    return [package for path in paths for package in _packages_of(path)]


def _packages_of(path: Path) -> list[Package]:
    if not path.exists():
        raise TransferFailed(f"{path} does not exist")
    folder = path if path.is_dir() else path.parent
    if (folder / MANIFEST).is_file():
        return [WeftPackage(folder)]
    if path.is_file():
        packages: list[Package] = [OpikPackage(folder, [path])] if path.match("trace_*.json") else []
    else:
        packages = [WeftPackage(found.parent) for found in sorted(folder.glob(f"*/{MANIFEST}"))]
        packages += [OpikPackage(found) for found in opik_folders(folder)]
    if not packages:
        raise TransferFailed(f"{path} is no export: there is neither {MANIFEST} nor trace_*.json")
    return packages
