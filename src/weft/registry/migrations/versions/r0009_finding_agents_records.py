"""Unfinished runs, the runs of an agent, and the newest threads are found without looking at all of them."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("ix_runs_status", "runs", ["status"])
    op.create_index("ix_runs_agent_id", "runs", ["agent_id"])
    op.create_index(
        "ix_agent_threads_workspace_id_state_updated_at", "agent_threads", ["workspace_id", "state_updated_at"]
    )
    op.create_index("ix_agent_threads_workspace_id_created_at", "agent_threads", ["workspace_id", "created_at"])
