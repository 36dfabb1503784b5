"""Projects that leave a server and come to another, or come back."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.compat.opik_only import Front, opik_only
from tests.compat.server import Server, free_port, serving
from tests.compat.test_command_line import opik
from tests.compat.transfers import Project, weft
from weft.transfer.exporting import export_project
from weft.transfer.folder import ExportFolder
from weft.transfer.importing import Journal, import_package
from weft.transfer.package import WeftPackage
from weft.transfer.progress import Silent
from weft.transfer.records import SPANS, TRACES
from weft.transfer.server import Server as Remote
from weft.transfer.server import TransferFailed
from weft.transfer.source import Source, open_source
from weft.transfer.target import open_target


@contextmanager
def remote(url: str) -> Iterator[Remote]:
    with closing(Remote(url, wait=lambda seconds: None)) as server:
        server.find_api()
        yield server


def exported(server: Server, project: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What an export has, without the ids of the project."""
    export = export_to(folder, server, project)
    return {
        name: [without_project(line) for line in export.file(name).read_bytes().splitlines()]
        for name in ("traces", "spans", "threads", "attachments")
    }


def export_to(folder: Path, server: Server, project: str, format: str = "jsonl") -> ExportFolder:
    export = ExportFolder(folder)
    with remote(server.url) as there:
        export_project(open_source(there, project), export, format, Silent())
    return export


def without_project(line: bytes) -> dict[str, Any]:
    return {name: value for name, value in json.loads(line).items() if name != "project_id"}


def imported(server: Server, folder: Path, project: str) -> Mapping[str, int]:
    """How many there were to bring, by kind."""
    package, progress = WeftPackage(folder), Silent()
    with remote(server.url) as there:
        target = open_target(there, package.project, project)
        import_package(package, target, Journal.of(package, server.url, target.project_id), progress)
    return progress.counts


@pytest.fixture
def filled(server: Server, project: str) -> Project:
    """A project with everything in it."""
    filled = Project(server.api, project)
    filled.fill()
    return filled


@pytest.fixture
def front(server: Server) -> Iterator[Front]:
    with opik_only(server.url) as front:
        yield front


PAYLOAD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
SCORES = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["zoe", "ann", "bob"])),
    st.tuples(st.decimals(-99, 99, places=9), st.none() | st.text("xyz", min_size=1, max_size=3)),
    max_size=4,
)
TRACE = st.fixed_dictionaries(
    {"input": PAYLOAD, "output": PAYLOAD, "metadata": PAYLOAD},
    optional={
        "name": st.text("ab ü", max_size=4),
        "thread_id": st.sampled_from(["one", "two"]),
        "tags": st.lists(st.text("ab", max_size=2), max_size=3),
        "scores": SCORES,
        "comments": st.lists(st.text("abc", min_size=1, max_size=3), max_size=2),
        "file": st.binary(max_size=20),
        "spans": st.lists(st.fixed_dictionaries({"output": PAYLOAD, "scores": SCORES}), max_size=2),
        "provider": st.sampled_from(["openai", "anthropic"]),
    },
)
THREAD = st.fixed_dictionaries({"close": st.booleans(), "tags": st.lists(st.text("ab", min_size=1), max_size=2)})


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(traces=st.lists(TRACE, min_size=1, max_size=4), thread=THREAD, format=st.sampled_from(["jsonl", "parquet"]))
def test_there_and_back_is_lossless(
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
    traces: list[dict[str, Any]],
    thread: dict[str, Any],
    format: str,
) -> None:
    project = Project(server.api, f"drawn {uuid4()}")
    project.add(traces, thread)
    folder = tmp_path_factory.mktemp("drawn")
    before = exported(server, project.name, folder / "before")
    export_to(folder / "moved", server, project.name, format)
    for _ in range(2):
        imported(server, folder / "moved", f"{project.name} again")
        assert exported(server, f"{project.name} again", folder / str(uuid4())) == before


def test_a_project_comes_into_another_data_folder(filled: Project, server: Server, tmp_path: Path) -> None:
    """With the commands alone; the second server is not running before or after."""
    (tmp_path / "other").mkdir()
    told = json.loads(weft("export", filled.name, "--url", server.url, "--json", folder=tmp_path))
    assert told.items() >= {"traces": 3, "spans": 1, "threads": 1, "attachments": 1}.items()
    weft("import", told["path"], "--data-dir", "other", folder=tmp_path)
    weft("export", filled.name, "--data-dir", "other", "--out", "back", folder=tmp_path)
    for name in ("traces", "spans", "threads", "attachments"):
        there, back = ((tmp_path / out / f"{name}.jsonl").read_bytes() for out in (told["path"], "back"))
        assert [*map(without_project, there.splitlines())] == [*map(without_project, back.splitlines())]
    [file] = [path for path in (tmp_path / "back" / "attachments").rglob("*") if path.is_file()]
    assert file.read_bytes() == filled.file


def test_an_export_that_was_killed_goes_on(server: Server, project: str, tmp_path: Path) -> None:
    filled = Project(server.api, project)
    filled.add_many(1200)
    whole = exported(server, project, tmp_path / "whole")
    command = [sys.executable, "-m", "weft", "export", project, "--url", server.url, "--out", "export"]
    process = subprocess.Popen(command, cwd=tmp_path)
    lines = tmp_path / "export" / "traces.jsonl"
    while process.poll() is None and (not lines.exists() or lines.stat().st_size == 0):
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    process.wait()
    (tmp_path / "export").mkdir(exist_ok=True)
    weft("export", project, "--url", server.url, "--out", "export", folder=tmp_path)
    assert exported(server, project, tmp_path / "export") == whole


def test_an_import_goes_on_where_it_stopped(filled: Project, server: Server, tmp_path: Path) -> None:
    exported(server, filled.name, tmp_path / "export")
    moved = tmp_path / "export" / "attachments"
    moved.rename(tmp_path / "away")
    with pytest.raises(TransferFailed, match="is missing"):
        imported(server, tmp_path / "export", f"{filled.name} again")
    (tmp_path / "away").rename(moved)
    assert imported(server, tmp_path / "export", f"{filled.name} again") == {"attachments": 1}


def test_streams_that_break_off_are_taken_up_again(filled: Project, server: Server, front: Front) -> None:
    filled.add_many(60)
    front.cut = 3
    with remote(front.url) as cut, remote(server.url) as straight:
        assert recorded(open_source(cut, filled.name)) == recorded(open_source(straight, filled.name))
    assert front.cut == 0


def test_a_server_that_is_busy_is_asked_again_when_it_says(filled: Project, front: Front) -> None:
    waits: list[float] = []
    with closing(Remote(front.url, wait=waits.append)) as there:
        there.find_api()
        front.busy = 2
        assert open_source(there, filled.name).project["name"] == filled.name
        front.busy = 6
        with pytest.raises(TransferFailed, match="429"):
            open_source(there, filled.name)
    assert waits == [7.0] * 7


def recorded(source: Source) -> list[list[bytes]]:
    return [list(source.records(kind)) for kind in (TRACES, SPANS)]


def test_copy_between_servers_that_speak_opik_alone(filled: Project, front: Front, tmp_path: Path) -> None:
    """All that Opik's API can tell comes along, and only once."""
    with serving(tmp_path, free_port()) as other, opik_only(other.url) as target:
        ends = ("--from", front.url, "--to", target.url, "--project", filled.name)
        for _ in range(2):
            weft("copy", *ends, folder=tmp_path)
        assert Project(target.url, filled.name).told() == filled.told()


def test_what_is_no_server_is_told(tmp_path: Path) -> None:
    reply = weft("export", "demo", "--url", "http://127.0.0.1:9", folder=tmp_path, code=1)
    assert reply.startswith("weft: http://127.0.0.1:9 cannot be reached")


def test_an_unknown_project_is_told(server: Server, tmp_path: Path) -> None:
    assert "has no project nothing" in weft("export", "nothing", "--url", server.url, folder=tmp_path, code=1)
    assert list(tmp_path.iterdir()) == []


def test_what_opik_exports_is_imported(server: Server, project: str, tmp_path: Path) -> None:
    """It knows microseconds, and nothing of threads."""
    filled = Project(server.api, project, start="2026-01-02T03:04:05.123456Z")
    filled.fill()
    arguments = ("export", "default", filled.name, "traces", "--path", str(tmp_path))
    done = opik(tmp_path, *arguments, OPIK_URL_OVERRIDE=server.api)
    assert list(tmp_path.rglob("trace_*.json")), done.stdout + done.stderr
    weft("import", str(tmp_path), "--url", server.url, "--project", f"{filled.name} again", folder=tmp_path)
    [before, after] = [Project(server.api, name).told() for name in (filled.name, f"{filled.name} again")]
    of_thread = {"thread": None}
    assert {**after, **of_thread} == {**before, **of_thread}


def test_importing_what_is_no_export_is_told(tmp_path: Path, server: Server) -> None:
    (tmp_path / "notes.txt").write_text("x")
    assert "is no export" in weft("import", "notes.txt", "--url", server.url, folder=tmp_path, code=1)
    assert httpx.get(f"{server.api}/is-alive/ping").is_success
