"""A copy of a data folder that can take its place, made while the server goes on.

Each file in it is of one moment. The store comes before the registry, so that what is recorded has its project; files
of attachments come before and after the store, so that each has its bytes.
"""

import json
import os
import shutil
import sqlite3
from asyncio import to_thread
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from weft.store.contract import Store

STORE_FILE = "traces.duckdb"
ATTACHMENTS = "attachments"
MANIFEST = "backup.json"
SQLITE_FILES = ("registry.sqlite", "agents/checkpoints.sqlite", "agents/memories.sqlite")
KEY_FILE = "secret.key"


class CannotBackUp(Exception):
    """The text says why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """`files` are sizes in bytes by path; those of attachments are counted. `at` is in microseconds since the epoch."""

    weft_version: str
    at: int
    files: dict[str, int]
    attachments: int
    attachment_bytes: int


async def back_up(store: Store, data_dir: Path, folder: Path, *, weft_version: str, now_us: int) -> Backup:
    """Into a folder that is empty or not there; when this raises, it is as it was.

    Raises CannotBackUp and StoreUnavailable.
    """
    made = await to_thread(_take, folder, data_dir)
    try:
        await to_thread(_link_attachments, data_dir, folder)
        await store.copy_to(folder / STORE_FILE)
        await to_thread(_copy_files, data_dir, folder)
        await to_thread(_link_attachments, data_dir, folder)
        return await to_thread(_finish, folder, weft_version, now_us)
    except BaseException as error:
        await to_thread(_empty, folder, made)
        if isinstance(error, OSError | sqlite3.Error):
            raise CannotBackUp(f"Cannot back up to {folder}: {error}") from error
        raise


def _take(folder: Path, data_dir: Path) -> bool:
    """Whether the folder is new."""
    if folder.resolve().is_relative_to(data_dir.resolve()):
        raise CannotBackUp(f"{folder} is in the data folder itself")
    try:
        made = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CannotBackUp(f"{folder} is not empty")
    except OSError as error:
        raise CannotBackUp(f"Cannot back up to {folder}: {error}") from error
    return made


def _link_attachments(data_dir: Path, folder: Path) -> None:
    """Files of attachments are never changed, so that two folders can share their bytes."""
    for source in (data_dir / ATTACHMENTS).glob("[0-9a-f][0-9a-f]/*"):
        target = folder / source.relative_to(data_dir)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(source, target)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        return  # deleted meanwhile
    except OSError:  # another disk, or one without links
        shutil.copy2(source, target)


def _copy_files(data_dir: Path, folder: Path) -> None:
    for name in SQLITE_FILES:
        if (data_dir / name).exists():
            (folder / name).parent.mkdir(exist_ok=True)
            _copy_sqlite(data_dir / name, folder / name)
    if (data_dir / KEY_FILE).exists():
        shutil.copy2(data_dir / KEY_FILE, folder / KEY_FILE)


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=30)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def _finish(folder: Path, weft_version: str, now_us: int) -> Backup:
    attachments = list(_sizes(folder, f"{ATTACHMENTS}/*/*"))
    files = {name: size for pattern in ("*", "agents/*") for name, size in _sizes(folder, pattern)}
    for name in files:
        _sync(folder / name)
    backup = Backup(weft_version, now_us, files, len(attachments), sum(size for _, size in attachments))
    (folder / MANIFEST).write_text(json.dumps(asdict(backup), indent=2))
    _sync(folder / MANIFEST)
    return backup


def _sizes(folder: Path, pattern: str) -> Iterator[tuple[str, int]]:
    for path in sorted(folder.glob(pattern)):
        if path.is_file():
            yield str(path.relative_to(folder)), path.stat().st_size


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _empty(folder: Path, made: bool) -> None:
    if made:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
