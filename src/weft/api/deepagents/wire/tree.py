"""File trees on the wire: entries, and the fields that stand in files (the contract, B.7, C.2 and C.5)."""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from weft.agents.parts import Skill, Subagent, ToolsConfig, check_names
from weft.agents.tree import TreeChanges
from weft.model.agent import AgentFile, FileType, Tree
from weft.model.names import storable


class FileWrite(Struct, kw_only=True):
    """A text, or a link to a repository of skills."""

    type: Literal["file", "skill"] = "file"
    content: str = ""
    repo_handle: str | None = None
    commit_id: str | None = None

    def violations(self) -> Iterator[str]:
        if self.type == "skill" and self.content:
            yield "content must be empty for a skill"
        if self.type == "skill" and not (self.repo_handle or "").strip():
            yield "repo_handle must not be blank for a skill"


class FileView(Struct, omit_defaults=True, kw_only=True):
    """A link has no content."""

    type: FileType
    content: str | None = None
    repo_handle: str | None = None
    commit_id: str | None = None


class FileTreeWrite(Struct, kw_only=True):
    """What is absent stays as it is, null is none. `system_prompt` wins over its old name, `instructions`."""

    system_prompt: str | UnsetType | None = UNSET
    instructions: str | UnsetType | None = UNSET
    tools: ToolsConfig | UnsetType | None = UNSET
    subagents: list[Subagent] | UnsetType | None = UNSET
    skills: list[Skill] | UnsetType | None = UNSET
    files: dict[str, FileWrite] | None = None
    deleted_paths: list[str] | None = None

    def violations(self) -> list[str]:
        return [
            *_tools_violations("", self.tools),
            *(rule for place, part in enumerate(self.subagents or ()) for rule in _subagent_violations(place, part)),
            *check_names("subagents", self.subagents or ()),
            *check_names("skills", self.skills or ()),
            *files_violations(self.files or {}),
        ]

    @property
    def tree_changes(self) -> TreeChanges:
        return TreeChanges(
            system_prompt=self.instructions if self.system_prompt is UNSET else self.system_prompt,
            tools=self.tools,
            subagents=self.subagents,
            skills=self.skills,
            files=agent_files(self.files or {}),
            deleted_paths=tuple(self.deleted_paths or ()),
        )


def files_violations(files: Mapping[str, FileWrite | None]) -> list[str]:
    return [f"files['{path}'].{rule}" for path, file in files.items() if file for rule in file.violations()]


def agent_files(files: Mapping[str, FileWrite | None]) -> dict[str, AgentFile]:
    """Those that are written, not those that are deleted."""
    return {path: _agent_file(file) for path, file in files.items() if file}


def tree_view(tree: Tree) -> dict[str, FileView]:
    return {
        path: FileView(
            type=entry.type,
            content=entry.content if entry.type == "file" else None,
            repo_handle=entry.repo_handle,
            commit_id=entry.commit_id,
        )
        for path, entry in tree.items()
    }


def _agent_file(file: FileWrite) -> AgentFile:
    if file.type == "file":
        return AgentFile(content=file.content)
    return AgentFile("skill", "", storable(file.repo_handle or ""), file.commit_id and storable(file.commit_id))


def _subagent_violations(place: int, subagent: Subagent) -> list[str]:
    return _tools_violations(f"subagents[{place}].", subagent.tools)


def _tools_violations(where: str, tools: ToolsConfig | UnsetType | None) -> list[str]:
    return [f"{where}{rule}" for rule in tools.violations()] if tools else []
