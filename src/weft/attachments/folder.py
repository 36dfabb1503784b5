"""Attachments in a folder: one file each, under a random name and in one of 256 folders."""

import logging
import os
import sys
from asyncio import to_thread
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar

from weft.attachments.vault import CannotOpenVault, Kept, blocks, is_place, new_place
from weft.errors import BytesNotFound, StoreUnavailable

LOG = logging.getLogger("weft.attachments")

READ_BYTES = 256 * 1024
WRITE_BYTES = 1024 * 1024

_UNFINISHED = ".part"

P = ParamSpec("P")
T = TypeVar("T")


class FolderVault:
    """A `Vault`. The folder is made with the first file in it. A client's file name is never part of a path."""

    uploads = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def prepare(self) -> None:
        try:
            await to_thread(_remove_unfinished, self._folder)
        except OSError as error:
            raise CannotOpenVault(f"Cannot use the folder {self._folder}: {error}") from error

    async def put(self, content: AsyncIterable[bytes]) -> Kept:
        place = new_place()
        path = self._folder / place
        unfinished = self._folder / (path.name + _UNFINISHED)
        file = await _try_in_thread(_create, unfinished)
        try:
            size = 0
            async for block in blocks(content, WRITE_BYTES):
                await _try_in_thread(file.write, block)
                size += len(block)
            await _try_in_thread(_finish, file, unfinished, path)
        except BaseException:
            _abandon(file, unfinished)
            raise
        return Kept(place, size)

    async def open(self, place: str, start: int, end: int) -> AsyncGenerator[bytes, None]:
        try:
            file = await to_thread(_open_at, self._folder / place, start)
        except FileNotFoundError as error:
            raise BytesNotFound from error
        return _read(file, end - start)

    async def delete(self, places: Sequence[str]) -> None:
        await to_thread(self._delete, places)

    async def places(self, before_us: int) -> AsyncIterator[Sequence[str]]:
        for folder in await _try_in_thread(_folders_in, self._folder):
            yield await _try_in_thread(_places_in, folder, before_us)

    def _delete(self, places: Sequence[str]) -> None:
        for place in places:
            try:
                (self._folder / place).unlink(missing_ok=True)
            except OSError as error:
                LOG.warning("attachment not deleted", extra={"fields": {"place": place, "reason": str(error)}})


def _remove_unfinished(folder: Path) -> None:
    for path in folder.glob(f"*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


def _finish(file: BinaryIO, unfinished: Path, path: Path) -> None:
    with file:
        file.flush()
        os.fsync(file.fileno())
    path.parent.mkdir(exist_ok=True)
    unfinished.rename(path)
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)


def _sync_folder(path: Path) -> None:
    """Makes the names in a folder durable. Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _abandon(file: BinaryIO, unfinished: Path) -> None:
    with suppress(OSError):  # what is buffered may find no room
        file.close()
    unfinished.unlink(missing_ok=True)


def _open_at(path: Path, start: int) -> BinaryIO:
    file = path.open("rb")
    file.seek(start)
    return file


async def _read(file: BinaryIO, length: int) -> AsyncGenerator[bytes, None]:
    with file:
        while length > 0:
            block = await to_thread(file.read, min(READ_BYTES, length))
            if not block:
                raise BytesNotFound
            yield block
            length -= len(block)


def _folders_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9a-f][0-9a-f]"))


def _places_in(folder: Path, before_us: int) -> list[str]:
    places = []
    for path in folder.iterdir():
        place = f"{folder.name}/{path.name}"
        with suppress(FileNotFoundError):  # deleted meanwhile
            if is_place(place) and path.stat().st_mtime_ns // 1000 < before_us:
                places.append(place)
    return places


async def _try_in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Raises StoreUnavailable."""
    try:
        return await to_thread(call, *args, **kwargs)
    except OSError as error:
        raise StoreUnavailable(reason=error.strerror or type(error).__name__) from error
