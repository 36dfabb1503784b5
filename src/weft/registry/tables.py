"""The registry's tables, for every engine. A change here needs a migration; a test compares the two."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint

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
