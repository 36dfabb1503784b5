"""Looks at a database file and changes nothing in it."""

from pathlib import Path
from typing import NamedTuple

import duckdb

from weft.store.contract import CannotOpenStore
from weft.store.duckdb.opening import PACKAGE, reason_of
from weft.store.migrations import load_migrations


class Schema(NamedTuple):
    """0 in a file that no Weft has made."""

    found: int
    known: int


def read_schema(path: Path) -> Schema:
    """Raises CannotOpenStore, also while another process has the file open."""
    known = load_migrations(PACKAGE)[-1].number
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute("SELECT coalesce(max(number), 0) FROM schema_migrations").fetchall()[0][0]
    except duckdb.CatalogException:
        return Schema(0, known)
    except duckdb.Error as error:
        raise CannotOpenStore(f"cannot open {path}: {reason_of(error)}") from error
    return Schema(found, known)
