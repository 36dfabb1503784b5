"""How many days projects are kept, on the wire. Opik's open edition has no such thing."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from weft.agents.retention import RetentionReport
from weft.model.retention import MAX_DAYS, Expired, ExpiredOfProject, ProjectRetention, RetentionChange


class RetentionView(Struct):
    """`days` are those of its own, null if it follows the default; `effective_days` are those that hold. 0 is for
    good."""

    days: int | None
    effective_days: int


class ProjectRetentionView(RetentionView):
    project_id: str
    project_name: str


class WorkspaceRetentionView(RetentionView):
    """`server_days` hold where the workspace has none of its own."""

    server_days: int
    projects: Sequence[ProjectRetentionView]


class RetentionWrite(Struct):
    days: int | None

    def violations(self) -> Sequence[str]:
        if self.days is None or 0 <= self.days <= MAX_DAYS:
            return []
        return [f"days must be from 0 to {MAX_DAYS}, or null"]


class ChangeWrite(RetentionWrite):
    """Of a project, or, without one, of the workspace."""

    project_id: UUID | None = None


class Preview(Struct):
    """Without a change, as it is set."""

    change: ChangeWrite | None = None

    def violations(self) -> Sequence[str]:
        return self.change.violations() if self.change else []

    @property
    def retention_change(self) -> RetentionChange | None:
        if self.change is None:
            return None
        project_id = self.change.project_id
        return RetentionChange(None if project_id is None else str(project_id), self.change.days)


class ExpiredOfProjectView(Struct, kw_only=True):
    """`days` are those that it is kept, `bytes` those of payloads and attachments."""

    project_id: str
    project_name: str
    days: int
    traces: int
    spans: int
    threads: int
    scores: int
    comments: int
    attachments: int
    bytes: int


class ExpiredView(Struct):
    """Projects that are kept for good are not here. Runs are those of threads that stay."""

    projects: Sequence[ExpiredOfProjectView]
    agent_threads: int
    agent_runs: int


def retention_view(days: int | None, default_days: int) -> RetentionView:
    return RetentionView(days, default_days if days is None else days)


def workspace_view(days: int | None, server_days: int, projects: Sequence[ProjectRetention]) -> WorkspaceRetentionView:
    default_days = server_days if days is None else days
    views = [
        ProjectRetentionView(one.days, default_days if one.days is None else one.days, one.project_id, one.project_name)
        for one in projects
    ]
    return WorkspaceRetentionView(days, default_days, server_days, views)


def expired_view(report: RetentionReport) -> ExpiredView:
    return ExpiredView([_of_project(one) for one in report.projects], report.agent_threads, report.agent_runs)


def _of_project(one: ExpiredOfProject) -> ExpiredOfProjectView:
    counts = {name: getattr(one.expired, name) for name in Expired.__struct_fields__}
    project = one.project
    return ExpiredOfProjectView(
        project_id=project.project_id, project_name=project.project_name, days=one.days, **counts
    )
