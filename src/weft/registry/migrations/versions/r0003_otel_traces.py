"""Which trace each OpenTelemetry trace has become."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "otel_traces",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("otel_trace_id", sa.Text(), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "otel_trace_id", name="pk_otel_traces"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_otel_traces_workspace_id"),
    )
