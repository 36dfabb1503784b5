"""Loads the statements of `store/sql/*.sql`: one text for every engine, each under a name and a line of purpose.

A statement has named parameters (`$ids`) for values, and at most these slots for what may vary: `{columns}`,
`{joins}`, `{where}`, `{order}`, `{total}` and, which others may bring, `{traces}` and the names of joins; those of
`stats.sql` have `{matching}`, `{bucket}`, `{usage}` and `{spans_of_threads}` too. Slots take only SQL made from
constants: fragments of the filter compiler, other named statements and column lists.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import LiteralString, cast

Statements = Mapping[str, LiteralString]

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_PARAMETER = re.compile(r"\$([a-z_]\w*)")


def load_statements() -> Statements:
    """All statements by name."""
    texts = sorted((entry.name, entry.read_text()) for entry in (files("weft.store") / "sql").iterdir())
    return {name: statement for _, text in texts for name, statement in split_statements(text)}


def split_statements(text: str) -> Iterator[tuple[str, LiteralString]]:
    _, *parts = _NAME.split(text)
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        # The text comes from our own package, never from a caller, hence the cast.
        yield name, cast(LiteralString, body.strip().removesuffix(";"))


@lru_cache(maxsize=1024)
def parameters(sql: str) -> tuple[str, ...]:
    """The names of a statement's parameters, in order of first use."""
    return tuple(dict.fromkeys(_PARAMETER.findall(sql)))


def bound(sql: str, params: Mapping[str, object]) -> dict[str, object]:
    """Those of the parameters that a statement has; DuckDB refuses others."""
    return {name: params[name] for name in parameters(sql)}


def script(text: str) -> list[str]:
    """The statements of a migration or a prelude: each ends with `;` at the end of a line."""
    return [part.strip() for part in re.split(r";\s*$", text, flags=re.MULTILINE) if part.strip()]
