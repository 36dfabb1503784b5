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

WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=800)
LOOKS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "dark": (WIDE, "dark"),
    "narrow": (NARROW, "light"),
    "light": (WIDE, "light"),
}

# What is drawn by hand follows the size of its place a frame later.
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@contextmanager
def page_to_look_at(browser: Browser) -> Iterator[Page]:
    """One that axe may be put into."""
    context = browser.new_context(viewport=WIDE, color_scheme="light", bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def look_at(page: Page, name: str, folder: Path) -> None:
    """In each look axe finds nothing serious and nothing is too wide, and a picture is kept. The page is light and wide
    after it, as it was before."""
    page.wait_for_load_state("networkidle")
    page.add_script_tag(path=AXE)
    for look, (viewport, scheme) in LOOKS.items():
        page.set_viewport_size(viewport)
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
