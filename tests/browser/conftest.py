"""A headless Chromium and a server with something recorded. Debian's chromium will do: apt install chromium."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.recording import Recording
from tests.compat.server import Server, free_port, serving
from weft.web.files import BUILT

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 15_000  # with a machine that does other things, too


class Recorded(NamedTuple):
    """What is on the shared server: ids."""

    server: Server
    project: str
    traces: list[str]


def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None and "CI" not in os.environ:
        pytest.skip("needs Chromium: apt install chromium")
    assert found, "needs Chromium: apt install chromium"
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    assert (BUILT / "index.html").is_file(), "the web interface is not built: scripts/ui"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def recorded(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    with serving(tmp_path_factory.mktemp("browser"), free_port()) as server:
        recording = Recording(server.api, "support bot")
        recording.define_scores()
        traces = recording.conversations(120, time.time() * 1000)
        recording.attach(traces[0]["id"], "receipt.svg", "image/svg+xml", RECEIPT)
        yield Recorded(server, recording.project_id(), [trace["id"] for trace in traces])


RECEIPT = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><rect width="90" height="40" fill="teal"/></svg>'
)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, permissions=["clipboard-write"])
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Nothing may go wrong in it that the test did not see: no exception, nothing that the policy forbids."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message.text) else None)
    yield page
    assert complaints == []


def is_complaint(text: str) -> bool:
    return "Content Security Policy" in text or "Warning:" in text


def screenshots(default: Path) -> Path:
    """Where pictures of the pages go: WEFT_SCREENSHOTS, for looking at them."""
    folder = Path(os.environ.get("WEFT_SCREENSHOTS", default))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
