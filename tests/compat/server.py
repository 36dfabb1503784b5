"""Starts the server as its users do, and stops it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20
NO_VARIABLES: Mapping[str, str] = {}


class Server(NamedTuple):
    url: str

    @property
    def api(self) -> str:
        return f"{self.url}/api"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextmanager
def serving(folder: Path, port: int, variables: Mapping[str, str] = NO_VARIABLES) -> Iterator[Server]:
    """A server with its data in `folder`, and with these variables besides those of the tests.

    On leaving it must stop on request, with exit code 0 and no error logged.
    """
    with _running(folder, port, variables) as (server, process):
        yield server
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_TIMEOUT_S) == 0, _log(folder).read_text()
    complaints = _complaints(_log(folder))
    assert complaints == [], complaints


@contextmanager
def serving_until_killed(folder: Path, port: int, variables: Mapping[str, str] = NO_VARIABLES) -> Iterator[Server]:
    """As `serving`, but on leaving it is killed, whatever it does."""
    with _running(folder, port, variables) as (server, _):
        yield server


@contextmanager
def _running(
    folder: Path, port: int, variables: Mapping[str, str]
) -> Iterator[tuple[Server, "subprocess.Popen[bytes]"]]:
    command = [sys.executable, "-m", "weft", "serve", "--port", str(port), "--data-dir", str(folder / "data")]
    log = _log(folder)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment() | dict(variables), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        server = Server(f"http://127.0.0.1:{port}")
        _wait_until_alive(server, process, log)
        yield server, process
    finally:
        process.kill()
        process.wait()


def _log(folder: Path) -> Path:
    return folder / "log"


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("OPIK_", "WEFT_"))}


def _complaints(log: Path) -> list[str]:
    """The log is lines of JSON, but for the greeting and for what escaped it."""
    lines = log.read_text().splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    stray = [line for line in lines if line.startswith("Traceback")]
    return stray + [str(event) for event in events if event["level"] in {"error", "critical"}]


def _wait_until_alive(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{server.api}/is-alive/ping").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
