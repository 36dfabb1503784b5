"""Brings a database to the schema this version of Weft knows."""

from sqlalchemy import Connection, inspect, text

HEAD = "0009"


class CannotOpenRegistry(Exception):
    """The database cannot be opened; the text says why, for whoever starts the server."""


def bring_up_to_date(connection: Connection) -> None:
    """All or nothing, within the transaction of `connection`. Refuses what a later version made."""
    found = _revision(connection)
    if found > HEAD:
        raise CannotOpenRegistry(f"the registry has schema version {found}, this Weft knows {HEAD}; use a newer Weft")
    if found < HEAD:
        # Here, because it imports Alembic: a start with nothing to migrate should not wait half a second for it.
        from weft.registry.upgrade import upgrade

        upgrade(connection)


def _revision(connection: Connection) -> str:
    """Revisions are numbers of four digits, so they compare as text; the empty text is a new database."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
