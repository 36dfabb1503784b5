"""A copy of the database as it is at one moment, while writes go on."""

import shutil
from pathlib import Path

from duckdb import DuckDBPyConnection

from weft.errors import StoreUnavailable
from weft.store.duckdb.errors import store_errors


def copies_folder(connection: DuckDBPyConnection) -> Path:
    """The one folder where SQL may make files: see `opening`."""
    (path,) = connection.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchall()[0]
    return Path(f"{path}.copies").absolute()


def copy_out(cursor: DuckDBPyConnection, path: Path) -> None:
    """Closes the cursor. Raises StoreUnavailable."""
    with cursor, store_errors():
        folder = copies_folder(cursor)
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _copy(cursor, folder / path.name)
            shutil.move(folder / path.name, path)
        except OSError as error:
            raise StoreUnavailable(reason=f"cannot copy the database: {error}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _copy(cursor: DuckDBPyConnection, path: Path) -> None:
    (own_name,) = cursor.execute("SELECT current_database()").fetchall()[0]
    cursor.execute(f"ATTACH {text_literal(str(path))} AS weft_copy")
    try:
        cursor.execute(f"COPY FROM DATABASE {_identifier(own_name)} TO weft_copy")
    finally:
        cursor.execute("DETACH weft_copy")


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
