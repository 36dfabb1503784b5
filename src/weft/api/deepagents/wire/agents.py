"""Agents on the wire (the contract, B.1 and C)."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from weft.agents.parts import Skill, Subagent, ToolsConfig
from weft.agents.tree import parts_of
from weft.api.deepagents.wire.agent_settings import Backend, Permissions, stored_runtime
from weft.api.deepagents.wire.tree import FileTreeWrite, FileView, tree_view
from weft.api.deepagents.wire.values import FreeObject, Instant, check_depth, stamp
from weft.errors import MissingField
from weft.model.agent import Agent, AgentChanges, AgentRevision
from weft.model.names import tidy_name
from weft.registry.agents import DEFAULTS, AgentPage, SortBy

AccessLevel = Literal["READ", "RUN", "WRITE"]


class ReplyQuery(Struct):
    include_files: bool = False


class ListQuery(Struct):
    """`name` is any part of a name, whatever the case."""

    page_size: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: str | None = None
    name: str | None = None
    sort_by: SortBy = "updated_at"
    sort_order: Literal["asc", "desc"] = "desc"


class AgentUpdate(FileTreeWrite, kw_only=True):
    """What is absent stays as it is, null is what it is without."""

    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    permissions: Permissions | UnsetType | None = UNSET
    runtime: FreeObject | UnsetType | None = UNSET
    backend: Backend | UnsetType | None = UNSET
    extras: FreeObject | UnsetType | None = UNSET
    configurable: FreeObject | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        for name in ("runtime", "extras", "configurable"):
            check_depth(getattr(self, name), name)

    def changes(self, timezone: str | UnsetType) -> AgentChanges:
        """Raises MissingField and InvalidValue."""
        given = {name: getattr(self, name) for name in _STORED}
        stored = {
            name: DEFAULTS[name] if value is None else _STORED[name](value)
            for name, value in given.items()
            if value is not UNSET
        }
        return AgentChanges(**stored, timezone=timezone)


class AgentCreate(AgentUpdate, kw_only=True):
    name: str


class AgentClone(Struct):
    """Without a name, it is that of the agent, followed by ` (copy)`."""

    name: str | None = None
    permissions: Permissions | None = None


class AgentSummary(Struct, kw_only=True):
    id: str
    name: str
    description: str
    owner_id: str
    created_at: Instant
    updated_at: Instant
    permissions: FreeObject
    runtime: FreeObject
    backend: FreeObject
    extras: FreeObject
    access_level: AccessLevel
    is_owner: bool


class AgentView(AgentSummary, kw_only=True):
    """`instructions` is the same text as `system_prompt`; `files` are there if they were asked for."""

    revision: str
    system_prompt: str
    instructions: str
    tools: ToolsConfig
    subagents: list[Subagent]
    skills: list[Skill]
    files: dict[str, FileView] | UnsetType = UNSET


class AgentPageView(Struct):
    items: list[AgentSummary]
    next_cursor: str | None


def agent_page(page: AgentPage, user_id: str) -> AgentPageView:
    return AgentPageView([AgentSummary(**_summary(agent, user_id)) for agent in page.items], page.next_cursor)


def agent_view(revision: AgentRevision, user_id: str, *, include_files: bool) -> AgentView:
    parts = parts_of(revision.tree)
    return AgentView(
        **_summary(revision.agent, user_id),
        revision=revision.agent.revision,
        system_prompt=parts.system_prompt or "",
        instructions=parts.system_prompt or "",
        tools=(parts.tools or ToolsConfig()).completed,
        subagents=[replace(part, tools=part.tools and part.tools.completed) for part in parts.subagents],
        skills=parts.skills,
        files=tree_view(revision.tree) if include_files else UNSET,
    )


def cloned(agent: Agent, clone: AgentClone, timezone: str | UnsetType) -> AgentChanges:
    """What a clone has of an agent itself: `extras` and who may use it start anew. Raises MissingField."""
    return AgentChanges(
        name=f"{agent.name} (copy)" if clone.name is None else required_name(clone.name),
        description=agent.description,
        permissions=clone.permissions.stored if clone.permissions else UNSET,
        runtime=agent.runtime,
        backend=agent.backend,
        configurable=agent.configurable,
        timezone=agent.timezone if timezone is UNSET else timezone,
    )


def required_name(name: str) -> str:
    """Raises MissingField for a blank one."""
    if not tidy_name(name):
        raise MissingField(reason="`name` must not be blank")
    return name


def access_level(agent: Agent, user_id: str) -> AccessLevel:
    shared = agent.permissions["shared_users"]
    granted = agent.permissions["tenant_access_level"].upper()
    if user_id == agent.owner_id or user_id in shared["update"] or granted == "WRITE":
        return "WRITE"
    return "RUN" if user_id in shared["run"] or granted == "RUN" else "READ"


def _summary(agent: Agent, user_id: str) -> dict[str, Any]:
    return {
        "id": agent.id,
        "name": agent.name,
        "description": agent.description,
        "owner_id": agent.owner_id,
        "created_at": stamp(agent.created_at),
        "updated_at": stamp(agent.updated_at),
        "permissions": agent.permissions,
        "runtime": agent.runtime,
        "backend": agent.backend,
        "extras": agent.extras,
        "access_level": access_level(agent, user_id),
        "is_owner": agent.owner_id == user_id,
    }


def _as_given(value: Any) -> Any:
    return value


def _stored(settings: Permissions | Backend) -> FreeObject:
    return settings.stored


_STORED: Mapping[str, Callable[[Any], Any]] = {
    "name": required_name,
    "description": _as_given,
    "permissions": _stored,
    "runtime": stored_runtime,
    "backend": _stored,
    "extras": _as_given,
    "configurable": _as_given,
}
