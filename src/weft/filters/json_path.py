r"""JSON paths: which node of a JSON document a filter is about.

path    = ["$"] segment*  |  name segment*
segment = "." name  |  "." quoted  |  "[" quoted "]"  |  "[" 1 to 9 digits "]"
name    = one or more characters other than . [ ] " *
quoted  = one or more characters in double quotes, with \" and \\ for those two
"""

import re
from collections.abc import Sequence

_SEGMENT = re.compile(
    r"""
      \. (?P<name> [^.\[\]"*]+ )
    | \. "(?P<quoted> (?: [^"\\] | \\. )+ )"
    | \[ "(?P<bracketed> (?: [^"\\] | \\. )+ )" \]
    | \[ (?P<index> [0-9]{1,9} ) \]
    """,
    re.VERBOSE | re.DOTALL,
)
_CUSTOM_KEY = re.compile(r"(?:\$\.)?(?P<column>[^.\[]*)(?P<path>.*)", re.DOTALL)


class BadPath(ValueError):
    """The text is no path."""


def parse_path(text: str) -> tuple[str | int, ...]:
    """The keys and indexes that lead to the node; none for the whole document. Raises BadPath."""
    rest = _without_root(text)
    segments: list[str | int] = []
    at = 0
    while at < len(rest):
        match = _SEGMENT.match(rest, at)
        if match is None:
            raise BadPath(text)
        segments.append(_segment(match))
        at = match.end()
    return tuple(segments)


def print_path(segments: Sequence[str | int]) -> str:
    """The one form that every engine reads: `$."a"."b c"[0]`."""
    return "$" + "".join(f"[{s}]" if isinstance(s, int) else f".{_quoted(s)}" for s in segments)


def split_custom_key(key: str) -> tuple[str, str]:
    """`input.a[0]` is the path `$.a[0]` in the column `input`; `input` alone is the whole document."""
    match = _CUSTOM_KEY.fullmatch(key)
    assert match is not None, "the expression matches any text"
    return match["column"], f"${match['path']}"


def _without_root(text: str) -> str:
    """`$.a` and `a` as `.a`; `$[0]` and `[0]` as `[0]`."""
    if text.startswith("$"):
        return text[1:]
    return text if text.startswith("[") else f".{text}"


def _segment(match: re.Match[str]) -> str | int:
    if match["index"] is not None:
        return int(match["index"])
    if match["name"] is not None:
        return match["name"]
    key = re.sub(r"\\(.)", r"\1", match["quoted"] or match["bracketed"], flags=re.DOTALL)
    if key == "*":
        # DuckDB takes a quoted star for a wildcard too, and then answers with a list.
        raise BadPath(key)
    return key


def _quoted(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
