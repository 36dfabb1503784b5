"""Runs the examples of the pages: all `sh` and `python` blocks of one, in their order, as one script."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pytest

from tests.compat.server import Server, free_port, serving
from tests.documents import PAGES, blocks
from tests.model_server import environment, serving_model

SHOWN_URL = "http://127.0.0.1:5173"


def script_of(page: Path) -> str:
    """Blocks of Python that follow each other are one program."""
    examples = [block for block in blocks(page, "sh", "python") if block.runs]
    parts = [
        (language, "".join(block.text for block in group))
        for language, group in groupby(examples, attrgetter("language"))
    ]
    return "".join(text if language == "sh" else f"python - <<'PYTHON'\n{text}PYTHON\n" for language, text in parts)


SCRIPTS = {page.name: script for page in PAGES if (script := script_of(page))}


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    with serving_model() as model, serving(tmp_path, free_port(), environment(model)) as server:
        yield server


@pytest.mark.parametrize("page", SCRIPTS)
def test_examples_run(page: str, own_server: Server, tmp_path: Path) -> None:
    found = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "WEFT_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        ["bash", "-eu"],
        input=SCRIPTS[page].replace(SHOWN_URL, own_server.url),
        env=os.environ | found,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
