"""Every page in light, dark and narrow: axe finds nothing serious, and a picture is kept."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Recorded
from tests.browser.looks import LOOKS, look_at, page_to_look_at

PAGES = {
    "projects": "/projects",
    "traces": "/projects/{project}/traces",
    "filtered": '/projects/{project}/traces?q=name = "nothing"',
    "trace": "/projects/{project}/traces/{trace}",
    "spans": "/projects/{project}/spans",
    "threads": "/projects/{project}/threads",
    "thread": "/projects/{project}/threads/conversation 0",
    "metrics": "/projects/{project}/metrics?range=30d",
    "settings": "/settings",
    "missing": "/nowhere",
}


@pytest.mark.parametrize("width", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_page(browser: Browser, recorded: Recorded, tmp_path: Path, name: str, width: int) -> None:
    with page_to_look_at(browser, width) as page:
        page.goto(recorded.server.url + PAGES[name].format(project=recorded.project, trace=recorded.traces[5]))
        look_at(page, name, tmp_path)


@pytest.mark.parametrize("width", LOOKS)
def test_what_opens_over_a_list(browser: Browser, recorded: Recorded, tmp_path: Path, width: int) -> None:
    with page_to_look_at(browser, width) as page:
        page.goto(f"{recorded.server.url}/projects/{recorded.project}/traces")
        page.get_by_role("combobox", name="Filter traces").fill("tags = ")
        page.get_by_role("option", name="vip").wait_for()
        look_at(page, "completing", tmp_path)
        page.get_by_role("button", name="Clear the filter").click()
        page.get_by_role("checkbox", name="Select all").click()
        page.get_by_role("button", name="Select all 120 traces").click()
        page.get_by_text("120 selected").wait_for()
        look_at(page, "selected", tmp_path)
        page.get_by_role("button", name="Delete").click()
        page.get_by_label("write how many they are").wait_for()
        look_at(page, "deleting", tmp_path)
