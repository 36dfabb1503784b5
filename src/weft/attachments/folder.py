"""Attachments in a folder: one file each, under a random name and in one of 256 folders."""

import logging
import os
import sys
from asyncio import to_thread
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from weft.attachments.vault import Kept
from weft.errors import BytesNotFound, StoreUnavailable

LOG = logging.getLogger("weft.attachments")

READ_BYTES = 256 * 1024
WRITE_BYTES = 1024 * 1024

_UNFINISHED = ".part"


class FolderVault:
    """A `Vault`. The folder is made with the first file in it. A client's file name is never part of a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, content: AsyncIterable[bytes]) -> Kept:
        name = token_hex(16)
        place = f"{name[:2]}/{name}"
        unfinished = self._folder / (name + _UNFINISHED)
        with _store_errors():
            file = await to_thread(_create, unfinished)
            try:
                size = 0
                async for block in _blocks(content):
                    await to_thread(file.write, block)
                    size += len(block)
                await to_thread(_finish, file, unfinished, self._folder / place)
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

    def _delete(self, places: Sequence[str]) -> None:
        for place in places:
            try:
                (self._folder / place).unlink(missing_ok=True)
            except OSError as error:
                LOG.warning("attachment not deleted", extra={"fields": {"place": place, "reason": str(error)}})


def remove_unfinished(folder: Path) -> None:
    """Removes what uploads left behind that a crash has cut short. Only for when nothing is being uploaded."""
    for path in folder.glob(f"*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


async def _blocks(content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in larger parts, as each write is a trip to another thread."""
    block = bytearray()
    async for part in content:
        block += part
        if len(block) >= WRITE_BYTES:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


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


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(reason=error.strerror or type(error).__name__) from error
