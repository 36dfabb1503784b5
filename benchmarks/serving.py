"""A server of its own for a benchmark, and what it uses of the machine."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx


class Server(NamedTuple):
    url: str
    pid: int
    data_dir: Path


@contextmanager
def serving(port: int) -> Iterator[Server]:
    """A server with its data in a temporary folder, from its first answer until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "weft", "serve", "--port", str(port), "--data-dir", folder]
        with process([*command, "--log-level", "warning"], port) as server:
            yield Server(f"http://127.0.0.1:{port}", server.pid, Path(folder))


@contextmanager
def process(
    command: Sequence[str], port: int, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """From its first answer on that port until the block ends."""
    began = time.perf_counter()
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as running:
        try:
            _wait_for(f"http://127.0.0.1:{port}", began)
            yield running
        finally:
            running.terminate()


def cpu_seconds(pid: int | None) -> float:
    """What the server has used of all cores: steadier than the clock on a machine that others use too."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _wait_for(url: str, began: float) -> None:
    while time.perf_counter() - began < 30:
        try:
            httpx.get(f"{url}/is-alive/ping")
            print(f"start       {time.perf_counter() - began:9.2f} s to the first answer")
            return
        except httpx.TransportError:
            time.sleep(0.01)
    raise SystemExit("the server did not answer")
