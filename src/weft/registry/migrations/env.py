"""Run by Alembic itself, on the connection and within the transaction it is given."""

from alembic import context

from weft.registry.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
context.run_migrations()
