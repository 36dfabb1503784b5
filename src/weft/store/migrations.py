"""Schema migrations: numbered `.sql` files in each engine's `migrations/`, applied once each, in order.

A data folder made by an older version opens in a newer one; one made by a newer version is refused.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple


class Migration(NamedTuple):
    number: int
    name: str
    sql: str


class DataFromNewerVersion(Exception):
    """The data were written by a newer Weft, whose schema this one does not know."""


def load_migrations(package: str) -> list[Migration]:
    """The migrations of an engine's package, e.g. `weft.store.duckdb`, in order."""
    entries = [entry for entry in (files(package) / "migrations").iterdir() if entry.name.endswith(".sql")]
    return sorted(Migration(int(entry.name[:4]), entry.name, entry.read_text()) for entry in entries)


def pending(migrations: Sequence[Migration], applied: set[int]) -> list[Migration]:
    """Those not applied yet. Raises DataFromNewerVersion if one is applied that is not known here."""
    unknown = applied - {migration.number for migration in migrations}
    if unknown:
        raise DataFromNewerVersion(
            f"the data have schema version {max(unknown)}, this Weft knows {migrations[-1].number}; use a newer Weft"
        )
    return [migration for migration in migrations if migration.number not in applied]
