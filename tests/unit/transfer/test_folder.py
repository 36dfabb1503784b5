"""The folder of an export: where it was stopped, and names that lead nowhere else."""

from pathlib import Path

import pytest

from weft.transfer.folder import ExportedFile, ExportFolder, folder_name
from weft.transfer.server import TransferFailed
from weft.transfer.source import AttachmentKey


@pytest.mark.parametrize(
    ("written", "kept", "last"),
    [
        (b"", b"", None),
        (b"cut o", b"", None),
        (b"one\n", b"one\n", b"one"),
        (b"one\ntwo\nthr", b"one\ntwo\n", b"two"),
        (b"one\n" + b"x" * 200_000 + b"\ncut", b"one\n" + b"x" * 200_000 + b"\n", b"x" * 200_000),
    ],
)
def test_writing_goes_on_after_the_last_whole_line(tmp_path: Path, written: bytes, kept: bytes, last: bytes) -> None:
    folder = ExportFolder(tmp_path)
    folder.file("traces").write_bytes(written)
    with folder.appending("traces") as (file, found):
        file.write(b"more\n")
    assert (found, folder.file("traces").read_bytes()) == (last, kept + b"more\n")


@pytest.mark.parametrize(
    "name", ["a.png", "../../etc/passwd", "a/b", "..", ".", "", "ü 🧶.txt", "x" * 300, "\udc80", "a\0b", "C:\\x"]
)
def test_the_bytes_of_an_attachment_stay_in_the_folder(tmp_path: Path, name: str) -> None:
    key = AttachmentKey("trace", "id", name)
    folder = ExportFolder(tmp_path)
    file = ExportedFile(**key._asdict(), mime_type="", file_size=0, path=folder.place_of(key))
    place = folder.bytes_of(file)
    assert place.parent == tmp_path / "attachments" / "trace" / "id"
    assert len(place.name.encode()) < 256


def test_names_that_differ_have_places_that_differ(tmp_path: Path) -> None:
    names = ["a/b", "a%2Fb", "a b", "x" * 300, "x" * 301]
    places = {ExportFolder(tmp_path).place_of(AttachmentKey("trace", "id", name)) for name in names}
    assert len(places) == len(names)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "attachments/../../secret"])
def test_a_path_that_others_wrote_cannot_lead_out(tmp_path: Path, path: str) -> None:
    file = ExportedFile(entity_type="trace", entity_id="a", file_name="b", mime_type="", file_size=0, path=path)
    with pytest.raises(TransferFailed, match="leads out of"):
        ExportFolder(tmp_path).bytes_of(file)


@pytest.mark.parametrize(("project", "name"), [("my project", "my project"), ("a/b", "a%2Fb"), ("..", "project")])
def test_a_folder_is_named_as_its_project(project: str, name: str) -> None:
    assert folder_name(project) == name


@pytest.mark.parametrize("text", ["{", '{"weft_export": 99}', "[]"])
def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "export.json").write_text(text)
    with pytest.raises(TransferFailed):
        ExportFolder(tmp_path)
