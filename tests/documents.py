"""The fenced blocks of the pages for people. Tests hold examples to what they show."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))

_BLOCK = re.compile(
    r"(?P<reason>^ *<!-- not run: [^\n]+ -->\n)?^ *```(?P<language>[\w-]+)\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    language: str
    text: str
    runs: bool  # unless `<!-- not run: reason -->` stands in the line above


def blocks(page: Path, *languages: str) -> list[Block]:
    found = (
        Block(match["language"], match["text"], not match["reason"]) for match in _BLOCK.finditer(page.read_text())
    )
    return [block for block in found if block.language in languages]
