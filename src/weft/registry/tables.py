"""The registry's tables, for every engine. A change here needs a migration; a test compares the two."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

WORKSPACES = Table(
    "workspaces",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

PROJECTS = Table(
    "projects",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("description", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("last_updated_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("last_updated_by", Text, nullable=False),
    UniqueConstraint("workspace_id", "name_key"),
)

# Workspaces that do not follow the server, and projects that do not follow their workspace. 0 days are "for good".
WORKSPACE_RETENTION = Table(
    "workspace_retention",
    METADATA,
    Column("workspace_id", Text, ForeignKey("workspaces.id"), primary_key=True),
    Column("days", Integer, nullable=False),
)

RETENTION = Table(
    "retention",
    METADATA,
    Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    Column("days", Integer, nullable=False),
)

ENVIRONMENTS = Table(
    "environments",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("color", Text),
    Column("position", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_updated_at", BigInteger, nullable=False),
    Column("created_by", Text),
    Column("last_updated_by", Text),
    UniqueConstraint("workspace_id", "name"),
)

FEEDBACK_DEFINITIONS = Table(
    "feedback_definitions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("description", Text),
    Column("type", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_updated_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("last_updated_by", Text, nullable=False),
    UniqueConstraint("workspace_id", "name_key"),
)

OTEL_TRACES = Table(
    "otel_traces",
    METADATA,
    Column("workspace_id", Text, ForeignKey("workspaces.id"), primary_key=True),
    Column("otel_trace_id", Text, primary_key=True),
    Column("trace_id", Text, nullable=False),
)

WORKSPACE_CONFIGURATIONS = Table(
    "workspace_configurations",
    METADATA,
    Column("workspace_id", Text, ForeignKey("workspaces.id"), primary_key=True),
    Column("inactive_after_s", BigInteger),
    Column("truncation_on_tables", Boolean),
    Column("color_map", Text),
)

AGENTS = Table(
    "agents",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("owner_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("permissions", JSON, nullable=False),
    Column("runtime", JSON, nullable=False),
    Column("backend", JSON, nullable=False),
    Column("extras", JSON, nullable=False),
    Column("configurable", JSON, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_agents_workspace_id_owner_id_updated_at", "workspace_id", "owner_id", "updated_at"),
)

AGENT_COMMITS = Table(
    "agent_commits",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("agent_id", Text, ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    Column("hash", Text, nullable=False),
    Column("parent_hash", Text),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("agent_id", "hash"),
)

# One row for each entry of each commit's tree; equal texts are kept once, in `agent_texts`.
AGENT_FILES = Table(
    "agent_files",
    METADATA,
    Column("commit_id", Text, ForeignKey("agent_commits.id", ondelete="CASCADE"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("text_hash", Text, ForeignKey("agent_texts.hash"), nullable=False, index=True),
    Column("repo_handle", Text),
    Column("linked_commit_id", Text),
)

AGENT_TEXTS = Table(
    "agent_texts",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("content", Text, nullable=False),
)

# The flags repeat keys of `metadata`, for finding. An agent's threads stay when it is deleted.
AGENT_THREADS = Table(
    "agent_threads",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("agent_id", Text, nullable=False),
    Column("owner_id", Text, nullable=False),
    Column("title", Text),
    Column("status", Text, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("interrupts", JSON, nullable=False),
    Column("error", JSON),
    Column("is_pinned", Boolean, nullable=False),
    Column("is_test_run", Boolean, nullable=False),
    Column("needs_attention", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("state_updated_at", BigInteger, nullable=False),
    Index("ix_agent_threads_workspace_id_agent_id_state_updated_at", "workspace_id", "agent_id", "state_updated_at"),
    Index(
        "ix_agent_threads_workspace_id_needs_attention", "workspace_id", "needs_attention", "is_test_run", "agent_id"
    ),
    Index("ix_agent_threads_workspace_id_state_updated_at", "workspace_id", "state_updated_at"),
    Index("ix_agent_threads_workspace_id_created_at", "workspace_id", "created_at"),
)

# Apart from the threads, which are read and changed far more often than what was said in them.
AGENT_THREAD_VALUES = Table(
    "agent_thread_values",
    METADATA,
    Column("thread_id", Text, ForeignKey("agent_threads.id", ondelete="CASCADE"), primary_key=True),
    Column("content", JSON, nullable=False),
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("thread_id", Text, ForeignKey("agent_threads.id", ondelete="CASCADE"), nullable=False),
    Column("agent_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("kwargs", JSON, nullable=False),
    Column("multitask_strategy", Text, nullable=False),
    Column("trace_id", Text),
    Column("error", JSON),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_runs_thread_id_created_at", "thread_id", "created_at"),
    Index("ix_runs_agent_id", "agent_id"),
    Index("ix_runs_status", "status"),
)

RUN_EVENTS = Table(
    "run_events",
    METADATA,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("event", Text, nullable=False),
    Column("data", Text, nullable=False),
)

# What is sealed is JSON, encrypted by `registry.secrets`.
MCP_SERVERS = Table(
    "mcp_servers",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("url_key", Text, nullable=False),
    Column("sealed_headers", Text),
    Column("auth_type", Text, nullable=False),
    Column("oauth_mode", Text, nullable=False),
    Column("oauth_provider_id", Text),
    Column("vendor_id", Text),
    Column("external_system_id", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("workspace_id", "name_key"),
    UniqueConstraint("workspace_id", "url_key"),
)

OAUTH_PROVIDERS = Table(
    "oauth_providers",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("mcp_server_id", Text, ForeignKey("mcp_servers.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Text, nullable=False),
    Column("sealed_client", Text, nullable=False),
    UniqueConstraint("mcp_server_id", "user_id"),
)

OAUTH_TOKENS = Table(
    "oauth_tokens",
    METADATA,
    Column("provider_id", Text, ForeignKey("oauth_providers.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("sealed_token", Text, nullable=False),
)

# `state_hash` is that of the `state` parameter, until somebody came back with it.
AUTH_SESSIONS = Table(
    "auth_sessions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("provider_id", Text, ForeignKey("oauth_providers.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("state_hash", Text, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("sealed_verifier", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# Of keys and of tokens there are hashes only.
API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("workspace_id", Text, ForeignKey("workspaces.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("start", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

KEY_SESSIONS = Table(
    "key_sessions",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("key_id", Text, ForeignKey("api_keys.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
