"""`weft sweep`: files that no attachment has."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.factories import a_project, a_trace, an_attachment
from weft.app import open_store, vault_of
from weft.cli import main
from weft.model.attachment import Attachment
from weft.settings import Settings

DAY_S = 24 * 3600


async def content() -> AsyncIterator[bytes]:
    yield b"content"


@pytest.fixture
async def kept(tmp_path: Path) -> dict[str, Path]:
    """Of three files, all of three days ago but the last: one is an attachment's, the others are nobody's."""
    settings = Settings(data_dir=tmp_path)
    vault, store = vault_of(settings), await open_store(settings)
    paths = {name: settings.attachments_dir / (await vault.put(content())).place for name in ("known", "lost", "new")}
    for name in ("known", "lost"):
        modified = paths[name].stat().st_mtime - 3 * DAY_S
        os.utime(paths[name], (modified, modified))
    await store.put_attachments([_attachment(paths["known"])])
    await store.close()
    return paths


def _attachment(path: Path) -> Attachment:
    return an_attachment(a_trace(a_project()), place=f"{path.parent.name}/{path.name}", file_size=7)


def test_counting_leaves_them(kept: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--data-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "1 file that no attachment has\n"
    assert all(path.exists() for path in kept.values())


def test_deleting(kept: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--delete", "--data-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "1 file that no attachment has: deleted\n"
    assert [name for name, path in kept.items() if path.exists()] == ["known", "new"]
    assert main(["sweep", "--data-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "0 files that no attachment has\n"


def test_without_a_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--delete", "--data-dir", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.startswith("weft: Cannot sweep: ")
    assert not (tmp_path / "none").exists()


def test_a_bucket_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--attachments", "/srv/files", "--data-dir", str(tmp_path)]) == 1
    expected = "weft: --attachments must be a bucket such as s3://name/prefix, not '/srv/files'\n"
    assert capsys.readouterr().err == expected
