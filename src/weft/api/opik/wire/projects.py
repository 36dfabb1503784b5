"""Projects on the wire (Opik's contract, F.6)."""

from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from weft.api.opik.wire.pages import PageQuery, PageView
from weft.api.opik.wire.stats import ProjectFigures, project_figures
from weft.core.projects import BY_ACTIVITY
from weft.core.stats import ProjectStats
from weft.errors import InvalidParameter
from weft.model.instants import format_us
from weft.model.page import Page
from weft.model.project import ProjectActivity, ProjectChanges
from weft.registry.projects import SORTABLE

Visibility = Literal["private", "public"]

SORTABLE_BY = (*SORTABLE, BY_ACTIVITY)
MAX_DESCRIPTION = 255
MAX_IDS = 1000

_read_ids = msgspec.json.Decoder(list[UUID]).decode


class ProjectWrite(Struct, kw_only=True):
    name: str | None = None
    visibility: Visibility | None = None
    description: str | None = None

    def violations(self) -> list[str]:
        return _name_violations(self.name or "") + _description_violations(self.description)


class ProjectUpdate(Struct, kw_only=True):
    """What is absent or null stays as it is."""

    name: str | None = None
    visibility: Visibility | None = None
    description: str | None = None

    @property
    def changes(self) -> ProjectChanges:
        return ProjectChanges(self.name, self.description, self.visibility)

    def violations(self) -> list[str]:
        name = [] if self.name is None else _name_violations(self.name)
        return name + _description_violations(self.description)


class ProjectRetrieve(Struct, kw_only=True):
    """Opik's contract, K: `include_stats` it is, though the SDK sends `includeStats`."""

    name: str | None = None
    include_stats: bool | None = None
    include_stats_of_sdk: bool | None = msgspec.field(default=None, name="includeStats")

    @property
    def wants_stats(self) -> bool:
        return bool(self.include_stats or self.include_stats_of_sdk)

    def violations(self) -> list[str]:
        return _name_violations(self.name or "")


class ProjectIds(Struct, kw_only=True):
    ids: list[UUID] | None = None

    def violations(self) -> list[str]:
        if self.ids is None:
            return ["ids must not be null"]
        return [] if 1 <= len(self.ids) <= MAX_IDS else [f"ids size must be between 1 and {MAX_IDS}"]


class ProjectIdsQuery(Struct, kw_only=True):
    """`project_ids` is a JSON array as text."""

    project_ids: str | None = None

    def ids(self) -> list[str]:
        """Raises InvalidParameter."""
        if not self.project_ids or not self.project_ids.strip():
            return []
        try:
            return [str(id) for id in _read_ids(self.project_ids)]
        except msgspec.DecodeError as error:
            raise InvalidParameter(name="project_ids", reason="is not valid: an array of UUIDs is expected") from error


class ProjectPageQuery(PageQuery, kw_only=True):
    name: str | None = None
    sorting: str | None = None


class ProjectView(ProjectFigures, kw_only=True, omit_defaults=True):
    """The figures are there where stats were asked for."""

    id: str
    name: str
    visibility: str
    description: str | None = None
    created_at: str
    created_by: str
    last_updated_at: str
    last_updated_by: str
    last_updated_trace_at: str | None = None


class ProjectPage(PageView[ProjectView], kw_only=True, omit_defaults=True):
    pass


def project_view(activity: ProjectActivity, stats: ProjectStats | None = None) -> ProjectView:
    project, trace_at = activity.project, activity.last_updated_trace_at
    return ProjectView(
        id=project.id,
        name=project.name,
        visibility=project.visibility,
        description=project.description,
        created_at=format_us(project.created_at),
        created_by=project.created_by,
        last_updated_at=format_us(project.last_updated_at),
        last_updated_by=project.last_updated_by,
        last_updated_trace_at=None if trace_at is None else format_us(trace_at),
        **(project_figures(stats) if stats else {}),
    )


def project_page(page: Page[ProjectActivity]) -> ProjectPage:
    return ProjectPage(
        page=page.page,
        size=len(page.items),
        total=page.total,
        content=[project_view(item) for item in page.items],
        sortable_by=SORTABLE_BY,
    )


def _name_violations(name: str) -> list[str]:
    return [] if name.strip() else ["name must not be blank"]


def _description_violations(description: str | None) -> list[str]:
    if description is None or len(description) <= MAX_DESCRIPTION:
        return []
    return [f"description size must be between 0 and {MAX_DESCRIPTION}"]
