"""Feedback definitions, the configuration of a workspace, and who made an environment."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "feedback_definitions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_updated_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("last_updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_definitions"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_feedback_definitions_workspace_id"),
        sa.UniqueConstraint("workspace_id", "name_key", name="uq_feedback_definitions_workspace_id_name_key"),
    )
    op.create_table(
        "workspace_configurations",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("inactive_after_s", sa.BigInteger()),
        sa.Column("truncation_on_tables", sa.Boolean()),
        sa.Column("color_map", sa.Text()),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_workspace_configurations"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_workspace_configurations_workspace_id"),
    )
    op.add_column("environments", sa.Column("created_by", sa.Text()))
    op.add_column("environments", sa.Column("last_updated_by", sa.Text()))
