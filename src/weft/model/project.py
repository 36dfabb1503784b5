"""Projects: what traces are kept under. A project is found by its name, whatever the case."""

from msgspec import Struct

DEFAULT_PROJECT = "Default Project"
PRIVATE = "private"


class Project(Struct, frozen=True):
    """`created_at` and `last_updated_at` are microseconds since the epoch."""

    id: str
    name: str
    visibility: str
    description: str | None
    created_at: int
    last_updated_at: int
    created_by: str
    last_updated_by: str


class ProjectChanges(Struct, frozen=True):
    """What an update sets; None leaves a value as it is."""

    name: str | None = None
    description: str | None = None
    visibility: str | None = None


class ProjectActivity(Struct, frozen=True):
    """A project, and when a trace of it was last written (microseconds since the epoch; None without traces)."""

    project: Project
    last_updated_trace_at: int | None
