"""Agents, and the file trees that make them what they are."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

FileType = Literal["file", "skill", "agent"]


class AgentFile(Struct, frozen=True):
    """One entry of a tree: a text, or a link to the tree of another repository, which has no text of its own."""

    type: FileType = "file"
    content: str = ""
    repo_handle: str | None = None
    commit_id: str | None = None


Tree = Mapping[str, AgentFile]  # by path: relative, without `..`


class Commit(Struct, frozen=True):
    """A state of an agent's tree. `hash` is of the tree and of the commit before, 64 hexadecimal digits."""

    id: str
    hash: str
    parent_hash: str | None
    created_at: int


class Agent(Struct, frozen=True):
    """`revision` is the hash of the newest commit; `timezone`, an IANA name, is that of whoever wrote the agent last.
    `created_at` and `updated_at` are microseconds since the epoch. Objects are as the caller gave them, completed with
    defaults."""

    id: str
    workspace_id: str
    owner_id: str
    name: str
    description: str
    permissions: Mapping[str, Any]
    runtime: Mapping[str, Any]
    backend: Mapping[str, Any]
    extras: Mapping[str, Any]
    configurable: Mapping[str, Any]
    revision: str
    created_at: int
    updated_at: int
    timezone: str = "UTC"


class AgentChanges(Struct, frozen=True):
    """What a write sets of an agent itself, besides its tree; each value replaces the one that was there."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    permissions: Mapping[str, Any] | UnsetType = UNSET
    runtime: Mapping[str, Any] | UnsetType = UNSET
    backend: Mapping[str, Any] | UnsetType = UNSET
    extras: Mapping[str, Any] | UnsetType = UNSET
    configurable: Mapping[str, Any] | UnsetType = UNSET
    timezone: str | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """By name, without what stays."""
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in values.items() if value is not UNSET}


class AgentRevision(Struct, frozen=True):
    """An agent with its tree, at one commit: all that building it takes."""

    agent: Agent
    tree: Tree = field(default_factory=dict)
