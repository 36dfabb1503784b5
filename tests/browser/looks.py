"""How a page looks in light, dark and narrow."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize

import weft
from tests.browser.conftest import PATIENCE_MS, screenshots

AXE = Path(weft.__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

# Each look of a screen with its colours; the last are those that the screen begins with.
LOOKS: dict[int, dict[str, Literal["light", "dark"]]] = {
    1280: {"dark": "dark", "light": "light"},
    390: {"narrow": "light"},
}

# What is drawn by hand follows the colours a frame later.
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@contextmanager
def page_to_look_at(browser: Browser, width: int) -> Iterator[Page]:
    """One that axe may be put into, on a screen of that width."""
    viewport = ViewportSize(width=width, height=800)
    context = browser.new_context(viewport=viewport, color_scheme="light", bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def look_at(page: Page, name: str, folder: Path) -> None:
    """In each look of its screen axe finds nothing serious and nothing is too wide, and a picture is kept."""
    page.wait_for_load_state("networkidle")
    page.add_script_tag(path=AXE)
    assert page.viewport_size is not None
    for look, scheme in LOOKS[page.viewport_size["width"]].items():
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DRAWN)
        page.screenshot(path=screenshots(folder) / f"{name}-{look}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name}, {look}"
        assert serious(page) == [], f"{name}, {look}"


def serious(page: Page) -> list[str]:
    """What axe finds."""
    violations = page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", RULES)
    return [summary(each) for each in violations if each["impact"] in {"serious", "critical"}]


def summary(violation: Any) -> str:
    where = [node["html"][:160] for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']}: {where}"
