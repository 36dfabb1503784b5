"""What the build of the site does not check: that readers find each page and picture, and that examples are found."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.documents import DOCS, PAGES, ROOT, Block, blocks

SITE = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]
DECISIONS = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md") if path.name != "0000-template.md")


def paths(nav: list[dict[str, Any]]) -> Iterator[str]:
    for entry in nav:
        for place in entry.values():
            yield from [place] if isinstance(place, str) else paths(place)


def test_every_page_is_in_the_navigation() -> None:
    pages = [path.relative_to(DOCS).as_posix() for path in DOCS.glob("*.md")]
    assert sorted(paths(SITE["nav"])) == sorted([*pages, "decisions/README.md"])


def test_every_decision_is_listed() -> None:
    listed = re.findall(r"^\| \[\d{4}\]\((.+?)\) \|", (DOCS / "decisions" / "README.md").read_text(), re.MULTILINE)
    assert listed == DECISIONS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_is_there(page: Path) -> None:
    pictures = re.findall(r"!\[.*?\]\(([^)]+)\)", page.read_text())
    assert [picture for picture in pictures if not (page.parent / picture).is_file()] == []


def test_every_link_of_the_pages_beside_docs_leads_somewhere() -> None:
    links = [
        (page.name, link)
        for page in ROOT.glob("*.md")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    ]
    assert [(page, link) for page, link in links if not (ROOT / link).exists()] == []


def test_only_the_block_below_the_remark_is_not_run(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- not run: x -->\n```sh\na\n```\n```sh\nb\n```\n```\nc\n```\n<!-- not run: y -->\n```sh\nd\n```\n"
    )
    assert blocks(page, "sh") == [Block("sh", "a\n", False), Block("sh", "b\n", True), Block("sh", "d\n", False)]
