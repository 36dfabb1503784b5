"""Opens the database file, bringing its schema and its functions up to date."""

from importlib.resources import files
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from weft.store.contract import CannotOpenStore
from weft.store.duckdb.copying import copies_folder, text_literal
from weft.store.migrations import DataFromNewerVersion, load_migrations, pending
from weft.store.statements import script

PACKAGE = "weft.store.duckdb"

# Of log, before its rows go into the file. At the default of 16 MB, every eighth commit of a busy server waited for
# that, for a second or more. A server that was killed reads such a log again in two seconds.
CHECKPOINT_AT = "64MB"


def open_connection(path: Path, memory_limit: str) -> DuckDBPyConnection:
    """Raises CannotOpenStore."""
    try:
        connection = duckdb.connect(
            str(path), config={"memory_limit": memory_limit, "checkpoint_threshold": CHECKPOINT_AT}
        )
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
    except (duckdb.Error, DataFromNewerVersion) as error:
        raise CannotOpenStore(f"cannot open {path}: {reason_of(error)}") from error
    return connection


def reason_of(error: Exception) -> str:
    text = str(error)
    return "another process is using it" if "set lock" in text else text.partition("\n")[0]


def _prepare(connection: DuckDBPyConnection) -> None:
    _migrate(connection)
    for statement in script((files(PACKAGE) / "prelude.sql").read_text()):
        connection.execute(statement)
    connection.execute(f"SET allowed_directories = [{text_literal(str(copies_folder(connection)))}]")
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
