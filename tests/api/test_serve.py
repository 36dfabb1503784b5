"""The `weft` command as a process of its own."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.s3_server import s3_server
from weft import __version__
from weft.cli import main


@contextmanager
def serving(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server and its port."""
    command = [sys.executable, "-m", "weft", "serve", "--port", "0", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"listens on http://127\.0\.0\.1:(\d+)$", server.stdout.readline())
            assert found is not None
            yield server, int(found[1])
        finally:
            server.kill()


def stop(server: subprocess.Popen[str], number: signal.Signals) -> list[dict[str, object]]:
    """The lines it logged."""
    server.send_signal(number)
    _, logged = server.communicate(timeout=20)
    return [json.loads(line) for line in logged.splitlines()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serves_until_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path / "new" / "data") as (server, port), httpx.Client() as client:
        assert client.get(f"http://127.0.0.1:{port}/api/is-alive/ping").json()["healthy"]
        assert client.get(f"http://127.0.0.1:{port}/health-check").status_code == 200
        logged = stop(server, number)
    assert server.returncode == 0
    assert [entry["path"] for entry in logged] == ["/api/is-alive/ping", "/health-check"]


def test_client_that_leaves_in_the_middle_of_a_body_leaves_no_trace(tmp_path: Path) -> None:
    head = b"POST /v1/private/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    with serving(tmp_path) as (server, port):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(head)
        assert httpx.get(f"http://127.0.0.1:{port}/is-alive/ping").status_code == 200
        logged = stop(server, signal.SIGTERM)
    assert {entry["level"] for entry in logged} == {"info"}


def test_data_folder_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(tmp_path):
        assert main(["serve", "--port", "0", "--data-dir", str(tmp_path)]) == 1
    assert_one_line(capsys, f"weft: Cannot use the data folder {tmp_path}: ")


def test_data_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["serve", "--port", "0", "--data-dir", str(tmp_path / "file")]) == 1
    assert_one_line(capsys, "weft: Cannot use the data folder ")


def test_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert_one_line(capsys, f"weft: Cannot listen on 127.0.0.1, port {port}: Address already in use")


def test_address_that_others_can_reach(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "0.0.0.0"]) == 1
    assert_one_line(capsys, "weft: Others could reach 0.0.0.0, ", "--allow-unauthenticated")


def test_bad_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "http"]) == 1
    assert_one_line(capsys, "weft: --port must be a whole number from 0 to 65535, not 'http'")


def test_bucket_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server() as s3:
        for name, value in s3.variables.items():
            monkeypatch.setenv(name, value)
        assert main(["serve", "--port", "0", "--data-dir", str(tmp_path), "--attachments", "s3://none"]) == 1
    reason = capsys.readouterr().err.splitlines()[-1]
    assert reason.startswith("weft: Cannot use s3://none: ")
    assert "NoSuchBucket" in reason


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"weft {__version__}\n"


def assert_one_line(capsys: pytest.CaptureFixture[str], *parts: str) -> None:
    written = capsys.readouterr()
    assert written.out == ""
    assert len(written.err.splitlines()) == 1
    assert all(part in written.err for part in parts)
