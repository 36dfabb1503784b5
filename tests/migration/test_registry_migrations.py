"""Databases of every age open, and migrations make exactly the tables that the code uses."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from weft.registry import CannotOpenRegistry, open_registry
from weft.registry.database import Database
from weft.registry.schema import HEAD, bring_up_to_date
from weft.registry.tables import METADATA
from weft.registry.upgrade import MIGRATIONS, upgrade
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID

SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = sorted(script.revision for script in SCRIPTS.walk_revisions())

OPEN_AND_LIST_ALEMBIC = """
import asyncio, sys
from weft.registry import open_registry
asyncio.run(open_registry(sys.argv[1]))
print([name for name in sys.modules if name.partition(".")[0] == "alembic"])
"""


def test_head_is_the_newest_revision() -> None:
    assert SCRIPTS.get_current_head() == HEAD == REVISIONS[-1]


async def test_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    database = Database(tmp_path / "registry.sqlite")
    await database.write(upgrade)
    assert await database.read(lambda c: compare_metadata(MigrationContext.configure(c), METADATA)) == []
    await database.close()


async def test_a_new_database_is_what_migrations_make(tmp_path: Path) -> None:
    made, migrated = Database(tmp_path / "made.sqlite"), Database(tmp_path / "migrated.sqlite")
    await made.write(bring_up_to_date)
    await migrated.write(upgrade)
    assert await made.read(contents) == await migrated.read(contents)
    await made.close()
    await migrated.close()


def contents(connection: Connection) -> dict[str, object]:
    """All that is in a database, in an order of its own."""
    found, tables = inspect(connection), sorted(inspect(connection).get_table_names())
    return {
        table: (
            [{**column, "type": str(column["type"])} for column in found.get_columns(table)],
            found.get_pk_constraint(table),
            sorted(map(repr, found.get_unique_constraints(table))),
            sorted(map(repr, found.get_foreign_keys(table))),
            sorted(map(repr, found.get_check_constraints(table))),
            sorted(map(repr, found.get_indexes(table))),
            connection.execute(text(f'SELECT * FROM "{table}"')).all(),
        )
        for table in tables
    }


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_database_of_any_revision_opens(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "registry.sqlite"
    old = Database(path)
    await old.write(lambda c: upgrade(c, revision))
    await old.close()
    registry = await open_registry(path)
    assert (await registry.projects.ensure(DEFAULT_WORKSPACE_ID, "demo", "admin")).name == "demo"
    await registry.close()


async def test_a_database_of_a_newer_version_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "registry.sqlite"
    database = Database(path)
    await database.write(bring_up_to_date)
    await database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(CannotOpenRegistry, match="schema version 9999"):
        await open_registry(path)
    assert await database.read(lambda c: c.execute(text("SELECT version_num FROM alembic_version")).scalar()) == "9999"
    await database.close()


async def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def upgrade_and_fail(connection: Connection) -> None:
        bring_up_to_date(connection)
        raise RuntimeError

    database = Database(tmp_path / "registry.sqlite")
    with pytest.raises(RuntimeError):
        await database.write(upgrade_and_fail)
    tables = await database.read(lambda c: c.execute(text("SELECT name FROM sqlite_master")).all())
    assert tables == []
    await database.close()


def test_opening_a_new_or_up_to_date_database_does_not_import_alembic(tmp_path: Path) -> None:
    run = [sys.executable, "-c", OPEN_AND_LIST_ALEMBIC, str(tmp_path / "registry.sqlite")]
    for _ in range(2):
        assert subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip() == "[]"
