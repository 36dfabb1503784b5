"""Texts that begin with a few named values between two lines of `---`, in YAML."""

import re
from collections.abc import Mapping

MAX_HEAD = 64 * 1024  # longer ones are no front matter: reading YAML takes time
MAX_DEPTH = 20  # nor are deeper ones, whose reading takes time by the square of their depth

_FENCE = re.compile(r"^---[ \t]*\r?$\n?", re.MULTILINE)
_BLANK_LINE = re.compile(r"\r?\n")


def render(values: Mapping[str, str | None], body: str) -> str:
    """The contract (C.5): values in quotes, then a blank line. Those that are None are left out."""
    lines = [f"{name}: {_quoted(value)}\n" for name, value in values.items() if value is not None]
    return f"---\n{''.join(lines)}---\n\n{body}"


def parse(text: str) -> tuple[dict[str, str], str]:
    """The values that are text, and the body. A text without front matter is all body."""
    fences = _FENCE.finditer(text)
    opening, closing = next(fences, None), next(fences, None)
    if opening is None or closing is None or opening.start() != 0:
        return {}, text
    values = _read(text[opening.end() : closing.start()])
    if values is None:
        return {}, text
    blank = _BLANK_LINE.match(text, closing.end())
    return values, text[blank.end() if blank else closing.end() :]


def _read(head: str) -> dict[str, str] | None:
    """None if it is not a map. Numbers, dates and the like stay the text that they are."""
    # Here, because a server that is never asked about an agent need not wait for it.
    import yaml

    if len(head) > MAX_HEAD:
        return None
    try:
        depth = 0
        for event in yaml.parse(head, yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                return None
        values = yaml.load(head, yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    if not isinstance(values, dict):
        return {} if values is None else None
    return {name: _whole(value) for name, value in values.items() if isinstance(name, str) and isinstance(value, str)}


def _quoted(value: str) -> str:
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _whole(text: str) -> str:
    """JSON writes what is beyond U+FFFF as two escapes, which YAML takes for two characters."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
