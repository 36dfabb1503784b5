"""Agents and their file trees, their threads, and the runs of these with what they told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("runtime", sa.JSON(), nullable=False),
        sa.Column("backend", sa.JSON(), nullable=False),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.Column("configurable", sa.JSON(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_agents_workspace_id"),
    )
    op.create_index("ix_agents_workspace_id_owner_id_updated_at", "agents", ["workspace_id", "owner_id", "updated_at"])
    op.create_table(
        "agent_commits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("parent_hash", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent_commits"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_agent_commits_agent_id", ondelete="CASCADE"),
        sa.UniqueConstraint("agent_id", "hash", name="uq_agent_commits_agent_id_hash"),
    )
    op.create_table(
        "agent_texts",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_agent_texts"),
    )
    op.create_table(
        "agent_files",
        sa.Column("commit_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("repo_handle", sa.Text()),
        sa.Column("linked_commit_id", sa.Text()),
        sa.PrimaryKeyConstraint("commit_id", "path", name="pk_agent_files"),
        sa.ForeignKeyConstraint(
            ["commit_id"], ["agent_commits.id"], name="fk_agent_files_commit_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["text_hash"], ["agent_texts.hash"], name="fk_agent_files_text_hash"),
    )
    op.create_index("ix_agent_files_text_hash", "agent_files", ["text_hash"])
    op.create_table(
        "agent_threads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("interrupts", sa.JSON(), nullable=False),
        sa.Column("error", sa.JSON()),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("is_test_run", sa.Boolean(), nullable=False),
        sa.Column("needs_attention", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("state_updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent_threads"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_agent_threads_workspace_id"),
    )
    op.create_index(
        "ix_agent_threads_workspace_id_agent_id_state_updated_at",
        "agent_threads",
        ["workspace_id", "agent_id", "state_updated_at"],
    )
    op.create_index(
        "ix_agent_threads_workspace_id_needs_attention",
        "agent_threads",
        ["workspace_id", "needs_attention", "is_test_run", "agent_id"],
    )
    op.create_table(
        "agent_thread_values",
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name="pk_agent_thread_values"),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["agent_threads.id"], name="fk_agent_thread_values_thread_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("kwargs", sa.JSON(), nullable=False),
        sa.Column("multitask_strategy", sa.Text(), nullable=False),
        sa.Column("trace_id", sa.Text()),
        sa.Column("error", sa.JSON()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["thread_id"], ["agent_threads.id"], name="fk_runs_thread_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_runs_workspace_id"),
    )
    op.create_index("ix_runs_thread_id_created_at", "runs", ["thread_id", "created_at"])
    op.create_table(
        "run_events",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "sequence", name="pk_run_events"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_events_run_id", ondelete="CASCADE"),
    )
