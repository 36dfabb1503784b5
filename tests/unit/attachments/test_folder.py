from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from weft.attachments.folder import FolderVault, remove_unfinished
from weft.attachments.vault import Vault
from weft.errors import BytesNotFound, StoreUnavailable

CONTENT = bytes(range(256)) * 10_000  # more than is read or written at a time


async def parts(*contents: bytes) -> AsyncIterator[bytes]:
    for content in contents:
        yield content


async def read(vault: Vault, place: str, start: int, end: int) -> bytes:
    async with aclosing(await vault.open(place, start, end)) as content:
        return b"".join([part async for part in content])


def files_in(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


async def test_what_is_put_is_there_whole_and_in_part(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path / "not made yet")
    kept = await vault.put(parts(CONTENT[:100], b"", CONTENT[100:]))
    assert kept.size == len(CONTENT)
    assert await read(vault, kept.place, 0, kept.size) == CONTENT
    assert await read(vault, kept.place, 300_000, 900_000) == CONTENT[300_000:900_000]


async def test_nothing_at_all_can_be_put(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(parts())
    assert kept.size == 0
    assert await read(vault, kept.place, 0, 0) == b""


async def test_the_same_bytes_have_a_place_of_their_own_each_time(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    first, second = await vault.put(parts(b"same")), await vault.put(parts(b"same"))
    await vault.delete([first.place])
    assert await read(vault, second.place, 0, 4) == b"same"


async def test_content_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(Exception):
        pass

    async def broken() -> AsyncIterator[bytes]:
        yield CONTENT
        raise Broken

    with pytest.raises(Broken):
        await FolderVault(tmp_path).put(broken())
    assert files_in(tmp_path) == []


async def test_deleted_bytes_are_gone_and_deleting_twice_is_no_error(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(parts(b"secret"))
    await vault.delete([kept.place, "ab/none"])
    await vault.delete([kept.place])
    assert files_in(tmp_path) == []
    with pytest.raises(BytesNotFound):
        await vault.open(kept.place, 0, 6)


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable):
        await FolderVault(tmp_path / "file").put(parts(b"content"))


async def test_a_file_that_has_become_shorter_is_not_passed_off_as_whole(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(parts(b"content"))
    (tmp_path / kept.place).write_bytes(b"con")
    with pytest.raises(BytesNotFound):
        await read(vault, kept.place, 0, kept.size)


async def test_uploads_cut_short_by_a_crash_are_removed_at_the_next_start(tmp_path: Path) -> None:
    kept = await FolderVault(tmp_path).put(parts(b"content"))
    (tmp_path / "0123.part").write_bytes(b"con")
    remove_unfinished(tmp_path)
    assert files_in(tmp_path) == [kept.place]
    remove_unfinished(tmp_path / "not there")
