"""Looks at a registry file and changes nothing in it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from weft.errors import WeftError
from weft.registry.schema import HEAD, CannotOpenRegistry
from weft.registry.secrets import Secrets

_SEALED = "SELECT sealed_headers FROM mcp_servers WHERE sealed_headers IS NOT NULL LIMIT 1"


class RegistryState(NamedTuple):
    """`damage` is what SQLite has against the file, if anything; `sealed` is a stored secret, if there is one."""

    revision: str
    known: str
    damage: str
    sealed: str | None


def read_state(path: Path) -> RegistryState:
    """Raises CannotOpenRegistry."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (damage,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            sealed = connection.execute(_SEALED).fetchone() if revision == HEAD else None
    except sqlite3.Error as error:
        raise CannotOpenRegistry(f"{path}: {error}") from error
    return RegistryState(revision, HEAD, "" if damage == "ok" else damage, sealed[0] if sealed else None)


def why_unreadable(sealed: str, key_file: Path, key: str) -> str:
    """Empty if the secret can be read."""
    if not key and not key_file.exists():
        return f"there is no {key_file}"
    try:
        Secrets(key_file, key).unseal(sealed)
    except WeftError as error:
        return str(error)
    return ""
