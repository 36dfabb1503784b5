"""`weft retention`, `weft stats` and `weft backup`, of a folder that a server has open and of one that none has."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import Any

import httpx
import pytest

from tests.api.test_serve import serving
from weft.cli import main
from weft.model.ids import new_id
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID

OLD_MS = 1_700_000_000_000
IDS = {"old": new_id(OLD_MS), "new": new_id()}


@pytest.fixture(params=["running", "stopped"])
def data_dir(request: pytest.FixtureRequest) -> Path:
    """With an old trace that has a file, and a new one, in project `demo`."""
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    with filling(tmp_path / "data") as folder:
        yield folder


@pytest.fixture
def stopped(tmp_path: Path, filled: Path) -> Path:
    return Path(copytree(filled, tmp_path / "data"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a server left, to be copied."""
    with filling(tmp_path_factory.mktemp("filled") / "data") as folder:
        return folder


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """A server that has just been filled, and is asked to stop in the end."""
    with serving(folder) as (server, port):
        _fill(f"http://127.0.0.1:{port}/api/v1/private")
        yield folder
        server.terminate()
        server.wait()


def _fill(url: str) -> None:
    traces = [{"id": id, "name": name, "start_time": "2024-01-01T00:00:00Z"} for name, id in IDS.items()]
    body = {"traces": [trace | {"project_name": "demo"} for trace in traces]}
    httpx.post(f"{url}/traces/batch", json=body).raise_for_status()
    query = {"project_name": "demo", "entity_type": "trace", "entity_id": IDS["old"], "file_name": "a.txt"}
    httpx.put(f"{url}/attachment/upload", params=query, content=b"text of a file").raise_for_status()


def weft(capsys: pytest.CaptureFixture[str], data_dir: Path, *arguments: str) -> Any:
    """What the command prints with --json."""
    assert main([*arguments, "--json", "--data-dir", str(data_dir)]) == 0
    return json.loads(capsys.readouterr().out)


def names_in(data_dir: Path) -> set[str]:
    with serving(data_dir) as (server, port):
        found = httpx.get(f"http://127.0.0.1:{port}/v1/private/traces", params={"project_name": "demo"}).json()
        server.terminate()
        server.wait()
    return {trace["name"] for trace in found["content"]}


def test_retention(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert weft(capsys, data_dir, "retention", "--dry-run")["projects"] == []
    assert weft(capsys, data_dir, "retention", "set", "demo", "30")["days"] == 30
    (listed,) = weft(capsys, data_dir, "retention")["projects"]
    assert (listed["project_name"], listed["days"]) == ("demo", 30)
    (would_go,) = weft(capsys, data_dir, "retention", "--dry-run")["projects"]
    assert (would_go["expired"]["traces"], would_go["expired"]["attachments"]) == (1, 1)
    (gone,) = weft(capsys, data_dir, "retention", "run")["projects"]
    assert gone == would_go
    assert weft(capsys, data_dir, "retention", "run")["projects"] == []
    assert list((data_dir / "attachments").glob("*/*")) == []


def test_retention_of_a_workspace(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of_workspace = {"workspace_id": DEFAULT_WORKSPACE_ID, "workspace_name": "default", "days": 90}
    assert weft(capsys, data_dir, "retention", "set-workspace", "90") == of_workspace
    assert weft(capsys, data_dir, "retention")["workspaces"] == [of_workspace]
    assert main(["retention", "--data-dir", str(data_dir)]) == 0
    assert ["default", "all", "others", "90", "days"] in [line.split() for line in capsys.readouterr().out.splitlines()]
    (would_go,) = weft(capsys, data_dir, "retention", "--dry-run")["projects"]
    assert would_go["days"] == 90
    assert weft(capsys, data_dir, "retention", "set-workspace", "default")["days"] is None
    assert weft(capsys, data_dir, "retention")["workspaces"] == []


def test_retention_in_words(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ["--data-dir", str(data_dir)]
    changes = (
        ["set", "Demo", "30"],
        ["set", "demo", "forever"],
        ["set", "demo", "default"],
        ["set-workspace", "forever"],
        ["set-workspace", "default"],
    )
    for arguments in (*changes, [], ["run"]):
        assert main(["retention", *arguments, *folder]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:5] == [
        "Project demo is kept 30 days",
        "Project demo is kept for good",
        "Project demo is kept as long as its workspace or the server says",
        "Workspace default is kept for good",
        "Workspace default is kept as long as the server says",
    ]
    assert lines[5] == "Projects are kept for good, unless there are days of their own here:"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["set", "nothing", "30"], "weft: Project: nothing not found\n"),
        (["set", "demo", "-1"], "weft: Days are from 1 to 36500, `forever` or `default`, not '-1'\n"),
        (["set", "demo", "30", "--workspace", "other"], "weft: There is no workspace 'other'"),
        (["set-workspace", "30", "--workspace", "other"], "weft: There is no workspace 'other'"),
    ],
)
@pytest.mark.parametrize("data_dir", ["stopped"], indirect=True)
def test_retention_of_what_is_not_there(
    data_dir: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert main(["retention", *arguments, "--data-dir", str(data_dir)]) == 1
    assert capsys.readouterr().err.startswith(reason)


def test_stats(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stats = weft(capsys, data_dir, "stats")
    traces = next(table for table in stats["tables"] if table["table"] == "traces")
    assert (traces["rows"], traces["last_hour"], traces["last_day"]) == (2, 2, 2)
    assert stats["registry"]["projects"] == 1
    assert stats["files"]["traces.duckdb"] > 0
    assert main(["stats", "--data-dir", str(data_dir)]) == 0


def test_a_backup_is_a_data_folder(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backup = weft(capsys, data_dir, "backup", str(tmp_path / "backup"))
    assert (backup["attachments"], backup["attachment_bytes"]) == (1, 14)
    assert json.loads((tmp_path / "backup" / "backup.json").read_text()) == backup
    assert names_in(tmp_path / "backup") == {"old", "new"}
    assert main(["backup", str(tmp_path / "backup"), "--data-dir", str(data_dir)]) == 1
    assert capsys.readouterr().err == f"weft: {tmp_path}/backup is not empty\n"


@pytest.mark.parametrize("data_dir", ["stopped"], indirect=True)
def test_compacting_keeps_everything(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = weft(capsys, data_dir, "compact")
    assert sizes["after"] == (data_dir / "traces.duckdb").stat().st_size
    assert names_in(data_dir) == {"old", "new"}
    assert not list(data_dir.glob("*.new"))


@pytest.mark.parametrize("data_dir", ["running"], indirect=True)
def test_compacting_needs_the_server_stopped(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compact", "--data-dir", str(data_dir)]) == 1
    assert capsys.readouterr().err == "weft: The server has the data folder open: stop it first\n"


@pytest.mark.parametrize("command", [["retention"], ["compact"], ["retention", "run"], ["stats"], ["backup", "to"]])
def test_without_data(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert main([*command, "--data-dir", str(tmp_path / "none")]) == 1
    expected = f"weft: There is no data in the folder {tmp_path}/none; --data-dir names another\n"
    assert capsys.readouterr().err == expected
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("data_dir", ["stopped"], indirect=True)
def test_no_backup_inside_of_the_data_folder(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(data_dir / "backup"), "--data-dir", str(data_dir)]) == 1
    assert capsys.readouterr().err == f"weft: {data_dir}/backup is in the data folder itself\n"
    assert not (data_dir / "backup").exists()
