"""An agent's file tree and the typed values that stand in it, in both directions (the contract, C.5)."""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import UNSET, Struct, UnsetType

from weft.agents import front_matter
from weft.agents.parts import Parts, Skill, Subagent, ToolsConfig
from weft.errors import FieldFileConflict, InvalidFile, InvalidFilePath
from weft.model.agent import AgentFile, Tree

PROMPT = "AGENTS.md"
TOOLS = "tools.json"
SKILLS = "skills/"
SUBAGENTS = "subagents/"
SKILL = "SKILL.md"

MAX_PATH = 1024

_UNSEEN = re.compile("[\0-\x1f\x7f\ud800-\udfff]")


class TreeChanges(Struct, frozen=True):
    """What a write says of the tree. A typed value takes the place of all files that it stands for, None and an empty
    list of none; `files` are added or replaced by path; of paths that are not there nothing need be deleted."""

    system_prompt: str | UnsetType | None = UNSET
    tools: ToolsConfig | UnsetType | None = UNSET
    subagents: list[Subagent] | UnsetType | None = UNSET
    skills: list[Skill] | UnsetType | None = UNSET
    files: Mapping[str, AgentFile] = {}
    deleted_paths: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == TreeChanges()


def files_of(parts: Parts) -> Tree:
    """Raises FieldFileConflict when two of its files have the same path, and InvalidFilePath."""
    return _joined(_entries(parts))


def parts_of(tree: Tree) -> Parts:
    """Subagents and skills in the order of their names, which are those of their folders. Raises InvalidFile."""
    texts = {path: entry.content for path, entry in sorted(tree.items()) if entry.type == "file"}
    return Parts(
        system_prompt=texts.get(PROMPT),
        tools=_tools(texts, TOOLS),
        subagents=[_subagent(name, texts) for name in _folders(texts, SUBAGENTS, PROMPT)],
        skills=[_skill(name, texts) for name in _folders(texts, SKILLS, SKILL)],
    )


def changed(tree: Tree, changes: TreeChanges) -> Tree:
    """Raises FieldFileConflict, InvalidFilePath and InvalidFile; what it gives, `parts_of` can read."""
    written = files_of(_given(changes))
    for path in (*changes.files, *changes.deleted_paths):
        check_path(path)
    for path in (*changes.files, *changes.deleted_paths):
        if path in written or (path in changes.files and path in changes.deleted_paths):
            raise FieldFileConflict(path=path)
    kept = {path: entry for path, entry in tree.items() if not _is_replaced(path, changes)}
    result = {**kept, **written, **changes.files}
    for path in changes.deleted_paths:
        result.pop(path, None)
    parts_of(result)
    return result


def check_path(path: str) -> None:
    """Raises InvalidFilePath."""
    if problem := _path_problem(path):
        raise InvalidFilePath(path=path[:MAX_PATH], reason=problem)


def _path_problem(path: str) -> str | None:
    segments = path.split("/")
    if not path or path.startswith("/") or "\\" in path:
        return "is not relative"
    if any(segment.strip() in ("", ".", "..") for segment in segments):
        return "has such a part"
    if _UNSEEN.search(path) or len(path) > MAX_PATH:
        return f"has control characters, or more than {MAX_PATH} characters"
    return None


def _given(changes: TreeChanges) -> Parts:
    return Parts(
        system_prompt=changes.system_prompt or None,
        tools=changes.tools or None,
        subagents=changes.subagents or [],
        skills=changes.skills or [],
    )


def _is_replaced(path: str, changes: TreeChanges) -> bool:
    """A subagent that stays keeps the files that no typed value stands for."""
    if path == PROMPT:
        return changes.system_prompt is not UNSET
    if path == TOOLS:
        return changes.tools is not UNSET
    if path.startswith(SKILLS):
        return changes.skills is not UNSET
    if path.startswith(SUBAGENTS) and changes.subagents is not UNSET:
        name, _, rest = path.removeprefix(SUBAGENTS).partition("/")
        return rest in (PROMPT, TOOLS) or name not in {subagent.name for subagent in changes.subagents or ()}
    return False


def _entries(parts: Parts) -> Iterator[tuple[str, str]]:
    if parts.system_prompt is not None:
        yield PROMPT, parts.system_prompt
    if parts.tools is not None:
        yield TOOLS, _tools_text(parts.tools)
    for subagent in parts.subagents:
        yield from _subagent_entries(f"{SUBAGENTS}{subagent.name}/", subagent)
    for skill in parts.skills:
        yield from _skill_entries(f"{SKILLS}{skill.name}/", skill)


def _subagent_entries(folder: str, subagent: Subagent) -> Iterator[tuple[str, str]]:
    values = {"description": subagent.description, "model_id": subagent.model_id}
    yield folder + PROMPT, front_matter.render(values, subagent.instructions)
    if subagent.tools is not None:
        yield folder + TOOLS, _tools_text(subagent.tools)


def _skill_entries(folder: str, skill: Skill) -> Iterator[tuple[str, str]]:
    values = {"name": skill.name, "description": skill.description}
    yield folder + SKILL, front_matter.render(values, skill.instructions)
    yield from ((folder + path, text) for path, text in skill.files.items())


def _joined(entries: Iterable[tuple[str, str]]) -> Tree:
    tree: dict[str, AgentFile] = {}
    for path, text in entries:
        check_path(path)
        if path in tree:
            raise FieldFileConflict(path=path)
        tree[path] = AgentFile(content=text)
    return tree


def _folders(texts: Mapping[str, str], base: str, file: str) -> list[str]:
    """Names of the folders in `base` that have `file`."""
    paths = (path.removeprefix(base).split("/") for path in texts if path.startswith(base))
    return [parts[0] for parts in paths if len(parts) == 2 and parts[1] == file]


def _subagent(name: str, texts: Mapping[str, str]) -> Subagent:
    folder = f"{SUBAGENTS}{name}/"
    values, body = front_matter.parse(texts[folder + PROMPT])
    return Subagent(
        name=name,
        description=values.get("description"),
        model_id=values.get("model_id"),
        instructions=body,
        tools=_tools(texts, folder + TOOLS),
    )


def _skill(name: str, texts: Mapping[str, str]) -> Skill:
    folder = f"{SKILLS}{name}/"
    values, body = front_matter.parse(texts[folder + SKILL])
    files = {path.removeprefix(folder): text for path, text in texts.items() if path.startswith(folder)}
    del files[SKILL]
    return Skill(name=name, description=values.get("description", ""), instructions=body, files=files)


def _tools_text(tools: ToolsConfig) -> str:
    return msgspec.json.format(msgspec.json.encode(tools), indent=2).decode() + "\n"


def _tools(texts: Mapping[str, str], path: str) -> ToolsConfig | None:
    if path not in texts:
        return None
    try:
        tools = msgspec.json.decode(texts[path], type=ToolsConfig)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidFile(path=path, reason=str(error)) from error
    if violations := tools.violations():
        raise InvalidFile(path=path, reason="; ".join(violations))
    return tools
