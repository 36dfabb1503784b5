"""How long what is recorded is kept: days, of each project, of each workspace or by default."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from weft.model.ids import first_id_at

FOR_GOOD = 0
MAX_DAYS = 36_500

_DAY_MS = 24 * 3600 * 1000


class ProjectRetention(Struct, frozen=True):
    """`days` are the project's own; None if it follows its workspace, 0 if it is kept for good."""

    workspace_id: str
    workspace_name: str
    project_id: str
    project_name: str
    days: int | None


class WorkspaceRetention(Struct, frozen=True):
    """`days` are those of its projects without their own."""

    workspace_id: str
    workspace_name: str
    days: int


class Policy(Struct, frozen=True):
    """What is set, or might be. `workspaces` are days by id; what is not among them has the `default_days`."""

    projects: Sequence[ProjectRetention]
    workspaces: Mapping[str, int]
    default_days: int

    def days_in(self, workspace_id: str) -> int:
        return self.workspaces.get(workspace_id, self.default_days)

    def days_of(self, project: ProjectRetention) -> int:
        return self.days_in(project.workspace_id) if project.days is None else project.days


class RetentionChange(NamedTuple):
    """Of a project, or of its workspace where `project_id` is None. With None for `days` it follows again."""

    project_id: str | None
    days: int | None


class Cutoff(NamedTuple):
    """What is of before this instant has been kept long enough."""

    ms: int

    @property
    def us(self) -> int:
        return self.ms * 1000

    @property
    def first_id(self) -> str:
        """Ids of traces below it are of before."""
        return first_id_at(self.ms)


class Expired(Struct, frozen=True, kw_only=True):
    """How much of a project is of before a cutoff. `bytes` are those of payloads and attachments."""

    traces: int = 0
    spans: int = 0
    threads: int = 0
    scores: int = 0
    comments: int = 0
    attachments: int = 0
    bytes: int = 0


class ExpiredOfProject(Struct, frozen=True):
    project: ProjectRetention
    days: int
    expired: Expired


class AgentRecord(NamedTuple):
    """A thread of an agent in which nothing goes on, or a run that has ended. An agent's traces are in the project of
    its name. `updated_at` is in microseconds since the epoch."""

    id: str
    workspace_id: str
    agent_name: str | None
    updated_at: int


def cutoff(days: int, now_ms: int) -> Cutoff | None:
    """None if everything is kept for good."""
    return None if days == FOR_GOOD else Cutoff(now_ms - days * _DAY_MS)


def only_of(policy: Policy, workspace_id: str) -> Policy:
    """Everything else is kept for good."""
    projects = [project for project in policy.projects if project.workspace_id == workspace_id]
    return Policy(projects, {workspace_id: policy.days_in(workspace_id)}, FOR_GOOD)


def only_changed(policy: Policy, workspace_id: str, change: RetentionChange) -> Policy:
    """As it would be. What the change is not about is kept for good, and so is all if there is no such project."""
    own = only_of(policy, workspace_id)
    if change.project_id is not None:
        projects = [
            replace(project, days=own.days_of(replace(project, days=change.days)))
            for project in own.projects
            if project.project_id == change.project_id
        ]
        return Policy(projects, {}, FOR_GOOD)
    days = policy.default_days if change.days is None else change.days
    others = [project if project.days is None else replace(project, days=FOR_GOOD) for project in own.projects]
    return Policy(others, {workspace_id: days}, FOR_GOOD)
