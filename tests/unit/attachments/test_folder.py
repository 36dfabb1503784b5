"""What is of a folder alone; what every vault promises is in tests/contract/test_vaults.py."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from weft.attachments.folder import FolderVault
from weft.errors import StoreUnavailable


async def parts(*contents: bytes) -> AsyncIterator[bytes]:
    for content in contents:
        yield content


def files_in(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


async def test_content_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"content"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await FolderVault(tmp_path).put(broken())
    assert files_in(tmp_path) == []


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable):
        await FolderVault(tmp_path / "file").put(parts(b"content"))


async def test_uploads_cut_short_by_a_crash_are_removed_at_the_next_start(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(parts(b"content"))
    (tmp_path / "0123.part").write_bytes(b"con")
    await vault.prepare()
    assert files_in(tmp_path) == [kept.place]
    await FolderVault(tmp_path / "not there").prepare()


async def test_files_that_are_not_ours_have_no_place(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    kept = await vault.put(parts(b"content"))
    (tmp_path / kept.place).with_name("notes.txt").write_text("theirs")
    (tmp_path / "notes").mkdir()
    assert [place async for places in vault.places(before_us=2**62) for place in places] == [kept.place]
