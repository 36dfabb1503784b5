"""Opens the database file, bringing its schema and its functions up to date."""

from importlib.resources import files
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from weft.store.contract import CannotOpenStore
from weft.store.migrations import DataFromNewerVersion, load_migrations, pending
from weft.store.statements import script

PACKAGE = "weft.store.duckdb"


def open_connection(path: Path, memory_limit: str) -> DuckDBPyConnection:
    """Raises CannotOpenStore."""
    try:
        connection = duckdb.connect(str(path), config={"memory_limit": memory_limit})
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
    except (duckdb.Error, DataFromNewerVersion) as error:
        raise CannotOpenStore(f"cannot open {path}: {_reason(error)}") from error
    return connection


def _reason(error: Exception) -> str:
    text = str(error)
    return "another process is using it" if "set lock" in text else text.partition("\n")[0]


def _prepare(connection: DuckDBPyConnection) -> None:
    _migrate(connection)
    for statement in script((files(PACKAGE) / "prelude.sql").read_text()):
        connection.execute(statement)
    connection.execute("SET enable_external_access = false")


def _migrate(connection: DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER, name VARCHAR, applied_at TIMESTAMP)"
    )
    applied = {number for (number,) in connection.execute("SELECT number FROM schema_migrations").fetchall()}
    for migration in pending(load_migrations(PACKAGE), applied):
        connection.execute("BEGIN TRANSACTION")
        for statement in script(migration.sql):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO schema_migrations VALUES (?, ?, now()::TIMESTAMP)", [migration.number, migration.name]
        )
        connection.execute("COMMIT")
