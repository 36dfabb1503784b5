"""MCP servers, and how users connect to those that are protected by OAuth."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "mcp_servers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("sealed_headers", sa.Text()),
        sa.Column("auth_type", sa.Text(), nullable=False),
        sa.Column("oauth_mode", sa.Text(), nullable=False),
        sa.Column("oauth_provider_id", sa.Text()),
        sa.Column("vendor_id", sa.Text()),
        sa.Column("external_system_id", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mcp_servers"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_mcp_servers_workspace_id"),
        sa.UniqueConstraint("workspace_id", "name_key", name="uq_mcp_servers_workspace_id_name_key"),
        sa.UniqueConstraint("workspace_id", "url_key", name="uq_mcp_servers_workspace_id_url_key"),
    )
    op.create_table(
        "oauth_providers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("mcp_server_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("sealed_client", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_providers"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_oauth_providers_workspace_id"),
        sa.ForeignKeyConstraint(
            ["mcp_server_id"], ["mcp_servers.id"], name="fk_oauth_providers_mcp_server_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("mcp_server_id", "user_id", name="uq_oauth_providers_mcp_server_id_user_id"),
    )
    op.create_table(
        "oauth_tokens",
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("provider_id", "user_id", name="pk_oauth_tokens"),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["oauth_providers.id"], name="fk_oauth_tokens_provider_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "auth_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("state_hash", sa.Text()),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("sealed_verifier", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_auth_sessions"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_auth_sessions_workspace_id"),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["oauth_providers.id"], name="fk_auth_sessions_provider_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("state_hash", name="uq_auth_sessions_state_hash"),
    )
    op.create_index("ix_auth_sessions_expires_at", "auth_sessions", ["expires_at"])
