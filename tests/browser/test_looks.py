"""Every page in light, dark and narrow: axe finds nothing serious, and a picture is kept."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

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
    violations = page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", RULES)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
    assert [summary(each) for each in violations if each["impact"] in {"serious", "critical"}] == []


def summary(violation: Any) -> str:
    where = [node["html"][:160] for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']}: {where}"
