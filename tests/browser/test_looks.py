"""Every page in light, dark and narrow: axe finds nothing serious, and a picture is kept."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import weft
from tests.browser.conftest import PATIENCE_MS, Recorded, screenshots

AXE = Path(weft.__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

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
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 390, "height": 800}, "color_scheme": "light"},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_page(browser: Browser, recorded: Recorded, tmp_path: Path, name: str, look: str) -> None:
    context = browser.new_context(**LOOKS[look], bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(recorded.server.url + PAGES[name].format(project=recorded.project, trace=recorded.traces[5]))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=screenshots(tmp_path) / f"{name}-{look}.png")
    page.add_script_tag(path=AXE)
    found = serious(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_what_opens_over_a_list(browser: Browser, recorded: Recorded, tmp_path: Path, look: str) -> None:
    context = browser.new_context(**LOOKS[look], bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{recorded.server.url}/projects/{recorded.project}/traces")
    page.get_by_role("combobox", name="Filter traces").fill("tags = ")
    page.get_by_role("option", name="vip").wait_for()
    page.add_script_tag(path=AXE)
    found = serious(page)
    page.get_by_role("button", name="Clear the filter").click()
    page.get_by_role("checkbox", name="Select all").click()
    page.get_by_role("button", name="Select all 120 traces").click()
    page.get_by_text("120 selected").wait_for()
    found += serious(page)
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("write how many they are").wait_for()
    page.screenshot(path=screenshots(tmp_path) / f"deleting-{look}.png")
    found += serious(page)
    context.close()
    assert found == []


def serious(page: Page) -> list[str]:
    """What axe finds."""
    violations = page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", RULES)
    return [summary(each) for each in violations if each["impact"] in {"serious", "critical"}]


def summary(violation: Any) -> str:
    where = [node["html"][:160] for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']}: {where}"
