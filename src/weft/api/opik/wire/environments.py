"""Environments on the wire (Opik's contract, H.5)."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from weft.api.opik.wire.pages import PageView
from weft.api.opik.wire.recorded import check_version_7
from weft.model.environment import MAX_NAME, NAME_PATTERN, Environment, EnvironmentChanges, has_name_form
from weft.model.instants import format_us

MAX_DESCRIPTION = 500
MAX_COLOR = 20
SORTABLE_BY = ("created_at",)

Position = Annotated[int, Meta(ge=-(2**31), lt=2**31)]


class EnvironmentUpdate(Struct, kw_only=True):
    """What is absent or null stays as it is."""

    name: str | None = None
    description: str | None = None
    color: str | None = None
    position: Position | None = None

    @property
    def changes(self) -> EnvironmentChanges:
        return EnvironmentChanges(self.name, self.description, self.color, self.position)

    def violations(self) -> list[str]:
        form = [] if self.name is None or has_name_form(self.name) else [f"name must match '{NAME_PATTERN}'"]
        lengths = (("name", self.name, MAX_NAME), ("description", self.description, MAX_DESCRIPTION))
        return form + [
            f"{field} cannot exceed {most} characters"
            for field, text, most in (*lengths, ("color", self.color, MAX_COLOR))
            if text is not None and len(text) > most
        ]


class EnvironmentWrite(EnvironmentUpdate, kw_only=True):
    id: UUID | None = None

    def violations(self) -> list[str]:
        blank = [] if (self.name or "").strip() else ["name must not be blank"]
        return blank + super().violations()

    @property
    def id_text(self) -> str | None:
        """Raises InvalidId."""
        check_version_7(self.id, "environment")
        return None if self.id is None else str(self.id)


class EnvironmentView(Struct, kw_only=True, omit_defaults=True):
    id: str
    name: str
    description: str | None = None
    color: str | None = None
    position: int
    created_at: str
    created_by: str | None = None
    last_updated_at: str
    last_updated_by: str | None = None


class EnvironmentPage(PageView[EnvironmentView], kw_only=True, omit_defaults=True):
    pass


def environment_view(environment: Environment) -> EnvironmentView:
    return EnvironmentView(
        id=environment.id,
        name=environment.name,
        description=environment.description,
        color=environment.color,
        position=environment.position,
        created_at=format_us(environment.created_at),
        created_by=environment.created_by,
        last_updated_at=format_us(environment.last_updated_at),
        last_updated_by=environment.last_updated_by,
    )


def environment_page(environments: list[Environment]) -> EnvironmentPage:
    """All on one page."""
    content = [environment_view(environment) for environment in environments]
    return EnvironmentPage(page=1, size=len(content), total=len(content), content=content, sortable_by=SORTABLE_BY)
