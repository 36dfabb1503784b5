"""The `opik` command, as on a machine that has no settings yet."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compat.server import Server, is_free, serving

LOCAL_PORT = 5173  # where the command looks for a local server


def opik(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPIK_")}
    private = {"HOME": str(home), "OPIK_SENTRY_ENABLE": "false", "OPIK_ANALYTICS_ENABLE": "false"}
    return subprocess.run(
        [sys.executable, "-m", "opik.cli", *arguments],
        env=kept | private | settings,
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(not is_free(LOCAL_PORT), reason="something else listens where a local server would")
def test_configure_finds_the_local_server(tmp_path: Path) -> None:
    with serving(tmp_path, LOCAL_PORT):
        done = opik(tmp_path, "configure", "--use_local", "--yes")

    assert done.returncode == 0, done.stdout + done.stderr
    settings = (tmp_path / ".opik.config").read_text()
    assert f"url_override = http://localhost:{LOCAL_PORT}/api/" in settings


def test_healthcheck_finds_the_workspace(tmp_path: Path, server: Server) -> None:
    done = opik(tmp_path, "healthcheck", OPIK_URL_OVERRIDE=server.api)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Backend workspace available: yes" in done.stdout
