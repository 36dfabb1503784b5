"""`weft doctor`: what it finds, and its exit codes."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import httpx
import pytest

from tests.api.test_serve import serving
from weft.cli import main
from weft.model.ids import new_id

Findings = dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server that was stopped, with one attachment."""
    folder = tmp_path_factory.mktemp("healthy") / "data"
    with serving(folder) as (server, port):
        url = f"http://127.0.0.1:{port}/v1/private"
        query = {"project_name": "demo", "entity_type": "trace", "entity_id": new_id(), "file_name": "a.txt"}
        httpx.put(f"{url}/attachment/upload", params=query, content=b"text").raise_for_status()
        server.terminate()
        server.wait()
    folder.chmod(0o700)
    return folder


@pytest.fixture
def data_dir(healthy: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(healthy, tmp_path / "data"))


def doctor(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> Findings:
    """Status and text by check; of several the worst."""
    assert main(["doctor", "--json", *arguments]) == code
    found: Findings = {}
    order = ("ok", "warning", "problem")
    for finding in json.loads(capsys.readouterr().out):
        assert bool(finding["advice"]) == (finding["status"] != "ok")
        if order.index(finding["status"]) >= order.index(found.get(finding["check"], ("ok", ""))[0]):
            found[finding["check"]] = (finding["status"], finding["text"])
    return found


def test_a_healthy_folder(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor(capsys, "--data-dir", str(data_dir), code=0)
    del found["disk"]
    assert {status for status, _ in found.values()} == {"ok"}
    assert found["attachments"] == ("ok", "1 have their files")


def test_a_folder_that_is_served(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(data_dir):
        found = doctor(capsys, "--data-dir", str(data_dir), code=0)
    assert found["store"] == ("ok", "A server has it open and answers")
    assert found["attachments"] == ("ok", "1 have their files")


def test_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor(capsys, "--data-dir", str(tmp_path / "none"), code=1)
    assert found["folder"] == ("problem", f"There is no folder {tmp_path}/none")
    assert not (tmp_path / "none").exists()


def test_a_new_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor(capsys, "--data-dir", str(tmp_path), code=0)
    assert found["store"][0] == found["registry"][0] == "warning"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir / "traces.duckdb").write_bytes(b"no database")
    assert doctor(capsys, "--data-dir", str(data_dir), code=1)["store"][0] == "problem"


def test_data_of_a_newer_weft(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(data_dir / "traces.duckdb")) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (9999, 'later', now()::TIMESTAMP)")
    with closing(sqlite3.connect(data_dir / "registry.sqlite")) as registry:
        registry.execute("UPDATE alembic_version SET version_num = '9999'")
        registry.commit()
    found = doctor(capsys, "--data-dir", str(data_dir), code=1)
    assert found["store"][1].startswith("It has schema 9999, and this Weft knows ")
    assert found["registry"][1].startswith("It has schema 9999, and this Weft knows ")
    assert "attachments" not in found


def test_a_file_that_is_gone(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (data_dir / "attachments").glob("*/*"):
        path.unlink()
    found = doctor(capsys, "--data-dir", str(data_dir), code=1)
    assert found["attachments"] == ("problem", "1 of 1 have no file any more")


def test_a_key_that_others_can_read(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir / "secret.key").write_text("key")
    (data_dir / "secret.key").chmod(0o644)
    assert doctor(capsys, "--data-dir", str(data_dir), code=1)["secret key"][0] == "problem"


def test_others_could_reach_it_without_a_key(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor(capsys, "--data-dir", str(data_dir), "--host", "0.0.0.0", code=1)
    assert found["keys"] == ("problem", "Others could reach 0.0.0.0, and there are no keys")


def test_a_folder_that_everyone_can_read(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data_dir.chmod(0o755)
    assert doctor(capsys, "--data-dir", str(data_dir), code=0)["folder"][0] == "warning"


def test_in_words(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--data-dir", str(data_dir), "--host", "0.0.0.0"]) == 1
    written = capsys.readouterr()
    assert "PROBLEM  keys: Others could reach 0.0.0.0, and there are no keys\n" in written.out
    assert written.err == "weft: 1 problem found\n"
