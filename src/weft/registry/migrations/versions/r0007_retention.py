"""How many days projects are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "retention",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name="pk_retention"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_retention_project_id", ondelete="CASCADE"),
    )
