"""What can be imported, and what cannot."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw

from weft.transfer.folder import ExportFolder
from weft.transfer.importing import MOST_BYTES, MOST_RECORDS, Journal, in_batches
from weft.transfer.opik_package import OpikPackage
from weft.transfer.package import open_packages
from weft.transfer.records import SPANS, TRACES, encode
from weft.transfer.server import TransferFailed

TRACE: dict[str, Any] = {
    "id": "a",
    "start_time": "2026-01-02 03:04:05.123456+00:00",
    "name": None,
    "input": {"start_time": "2026-01-02 03:04:05", "n": float("nan")},
    "comments": [{"text": "a b", "created_at": "2026-01-02 03:04:05+00:00", "last_updated_by": None}],
}


def an_opik_export(folder: Path, **parts: Any) -> OpikPackage:
    folder.mkdir(parents=True, exist_ok=True)
    content = {"trace": TRACE, "spans": [{"id": "b"}], "attachments": [], "project_name": "demo", **parts}
    (folder / "trace_a.json").write_text(json.dumps(content, indent=2))
    return OpikPackage(folder)


def test_times_are_made_those_of_the_wire_and_payloads_are_left_alone(tmp_path: Path) -> None:
    package = an_opik_export(tmp_path)
    [trace] = package.records(TRACES, 0)
    assert json.loads(encode(trace)) == {
        "id": "a",
        "start_time": "2026-01-02T03:04:05.123456+00:00",
        "input": {"start_time": "2026-01-02 03:04:05", "n": "NaN"},
        "comments": [{"text": "a b", "created_at": "2026-01-02T03:04:05+00:00"}],
    }
    assert [bytes(span["id"]) for span in package.records(SPANS, 0)] == [b'"b"']
    assert package.project == {"name": "demo"}


def test_a_file_that_opik_did_not_download_is_passed_over(tmp_path: Path) -> None:
    files = [{"entity_type": "trace", "entity_id": "a", "file_name": name} for name in ("x/here.txt", "gone.txt")]
    package = an_opik_export(tmp_path, attachments=files)
    place = tmp_path / "attachments" / "trace" / "a" / "here.txt"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"bytes")
    [file] = package.files(0)
    assert (file.file_name, package.bytes_of(file)) == ("x/here.txt", place)


def test_a_file_of_opik_cannot_lead_out(tmp_path: Path) -> None:
    file = {"entity_type": "..", "entity_id": "..", "file_name": "x"}
    package = an_opik_export(tmp_path / "export", attachments=[file | {"entity_id": "../.."}])
    with pytest.raises(TransferFailed, match="leads out of"):
        list(package.files(0))


def test_packages_are_found_in_a_folder_of_them(tmp_path: Path) -> None:
    an_opik_export(tmp_path / "default" / "projects" / "1")
    an_opik_export(tmp_path / "default" / "projects" / "2")
    assert [package.path.name for package in open_packages([tmp_path])] == ["1", "2"]
    assert [package.count("traces") for package in open_packages([tmp_path / "default/projects/1/trace_a.json"])] == [1]


def test_an_export_that_is_not_finished_is_refused(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path)
    folder.manifest.finished = {"traces": 1, "threads": 1}
    folder.save()
    with pytest.raises(TransferFailed, match="lacks attachments, spans"):
        open_packages([tmp_path])


@pytest.mark.parametrize("name", ["nothing", "notes.txt"])
def test_what_is_no_export_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(TransferFailed, match=name):
        open_packages([tmp_path / name])


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "trace_a.json").write_text("{")
    with pytest.raises(TransferFailed, match=r"trace_a\.json cannot be read"):
        open_packages([tmp_path])


def test_batches_are_of_so_many_records_and_so_many_bytes() -> None:
    small, large = {"input": Raw(b"1")}, {"input": Raw(b"1" * (MOST_BYTES - 10))}
    assert [len(batch) for batch in in_batches([small] * (MOST_RECORDS + 1))] == [MOST_RECORDS, 1]
    assert [len(batch) for batch in in_batches([large, large, small, small])] == [1, 3]


def test_a_journal_remembers_until_it_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    Journal(path).note("traces", 2)
    Journal(path).note("traces", 3)
    assert (Journal(path).done("traces"), Journal(path).done("spans")) == (5, 0)
    Journal(path).forget()
    assert (Journal(path).done("traces"), path.exists()) == (0, False)


def test_a_journal_without_a_place_to_keep_counts_all_the_same(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "nowhere" / "journal.json")
    journal.note("traces", 2)
    assert journal.done("traces") == 2
