"""Brings a database to the schema this version of Weft knows."""

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, insert, inspect, text

from weft.registry.tables import METADATA, WORKSPACES
from weft.registry.workspaces import DEFAULT_WORKSPACE, DEFAULT_WORKSPACE_ID

HEAD = "0009"

_VERSION = Table(  # as Alembic makes it
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


class CannotOpenRegistry(Exception):
    """The database cannot be opened; the text says why, for whoever starts the server."""


def bring_up_to_date(connection: Connection) -> None:
    """All or nothing, within the transaction of `connection`. Refuses what a later version made."""
    if not inspect(connection).get_table_names():
        _make(connection)
        return
    found = _revision(connection)
    if found > HEAD:
        raise CannotOpenRegistry(f"the registry has schema version {found}, this Weft knows {HEAD}; use a newer Weft")
    if found < HEAD:
        # Here, because it imports Alembic: a start with nothing to migrate should not wait half a second for it.
        from weft.registry.upgrade import upgrade

        upgrade(connection)


def _make(connection: Connection) -> None:
    """What all migrations together make, without the half second that Alembic takes to import."""
    METADATA.create_all(connection, checkfirst=False)
    connection.execute(insert(WORKSPACES).values(id=DEFAULT_WORKSPACE_ID, name=DEFAULT_WORKSPACE))
    _VERSION.create(connection)
    connection.execute(insert(_VERSION).values(version_num=HEAD))


def _revision(connection: Connection) -> str:
    """Revisions are numbers of four digits, so they compare as text; the empty text is of a database without any."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
