"""The files an agent works with: its tree, to read; its memories; and what is in the state of a thread."""

import re
from collections.abc import Iterable, Mapping

from deepagents import FilesystemPermission
from deepagents.backends import CompositeBackend, StateBackend, StoreBackend
from deepagents.backends.protocol import BackendProtocol, LsResult
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore

from weft.agents import front_matter
from weft.agents.runtime.checkpoints import memories_of
from weft.agents.tree import PROMPT, SKILL, SKILLS, SUBAGENTS
from weft.model.agent import Tree

PROMPT_FILE = f"/{PROMPT}"
PROMPT_ROUTE = f"{PROMPT_FILE}/"
FOLDERS = (f"/{SKILLS}", f"/{SUBAGENTS}")

TREE = ("tree",)
MAX_SLUG = 64  # of the names of skills, by their specification

Texts = Mapping[str, str]


def readable(tree: Tree) -> Texts:
    """Texts by absolute path: the prompt, and the skills of the agent and of its subagents, in folders that are named
    as the specification of skills wants it."""
    texts = {path: file.content for path, file in sorted(tree.items()) if file.type == "file"}
    found = {PROMPT_FILE: texts[PROMPT]} if PROMPT in texts else {}
    found |= _skills_in(SKILLS, texts)
    for name in _folders_in(SUBAGENTS, texts):
        found |= _skills_in(f"{SUBAGENTS}{name}/{SKILLS}", texts)
    return found


def skills_of(texts: Texts, subagent: str | None = None) -> list[str] | None:
    """The folder of the agent's skills, or of a subagent's. None if there are none."""
    folder = f"/{SUBAGENTS}{subagent}/{SKILLS}" if subagent else f"/{SKILLS}"
    return [folder] if any(path.startswith(folder) for path in texts) else None


def permissions(protected: bool) -> list[FilesystemPermission]:
    """Managed Deep Agents' contract: the tree is served, not changed; memories are written when a human agrees, unless
    the thread says otherwise."""
    tree = [PROMPT_FILE, *(f"{folder}**" for folder in FOLDERS)]
    memories = FilesystemPermission(operations=["write"], paths=["/memories/**"], mode="interrupt")
    return [FilesystemPermission(operations=["write"], paths=tree, mode="deny"), *([memories] if protected else [])]


class AgentFiles(CompositeBackend):
    def __init__(self, agent_id: str, texts: Texts, memories: BaseStore) -> None:
        routes: dict[str, BackendProtocol] = {
            "/memories/": StoreBackend(namespace=lambda _: memories_of(agent_id), store=memories)
        }
        for place in (*FOLDERS, PROMPT_ROUTE):
            if below := _below(place, texts):
                routes[place] = _holding(below)
        super().__init__(StateBackend(), routes)

    async def als(self, path: str) -> LsResult:
        """The prompt is a file, though it has a route, which is how folders are served."""
        result = await super().als(path)
        for entry in result.entries or []:
            if entry["path"] == PROMPT_ROUTE:
                entry["path"], entry["is_dir"] = PROMPT_FILE, False
        return result


def _below(place: str, texts: Texts) -> dict[str, str]:
    """By the paths that a backend sees which is asked for this place."""
    return {
        "/" + f"{path}/".removeprefix(place)[:-1]: text for path, text in texts.items() if f"{path}/".startswith(place)
    }


def _holding(texts: Texts) -> StoreBackend:
    store = InMemoryStore()
    for path, text in texts.items():
        store.put(TREE, path, {"content": text, "encoding": "utf-8"})
    return StoreBackend(namespace=lambda _: TREE, store=store)


def _skills_in(base: str, texts: Texts) -> dict[str, str]:
    found = {}
    for name, slug in _slugs(_folders_in(base, texts)).items():
        folder = f"{base}{name}/"
        for path, text in texts.items():
            if path.startswith(folder):
                rest = path.removeprefix(folder)
                found[f"/{base}{slug}/{rest}"] = _named(slug, name, text) if rest == SKILL else text
    return found


def _named(slug: str, name: str, text: str) -> str:
    """With the name of its folder and some description, without which no skill is read."""
    values, body = front_matter.parse(text)
    if values.get("name") == slug and values.get("description"):
        return text
    return front_matter.render({**values, "name": slug, "description": values.get("description") or name}, body)


def _folders_in(base: str, texts: Texts) -> list[str]:
    paths = (path.removeprefix(base).partition("/") for path in texts if path.startswith(base))
    return list(dict.fromkeys(name for name, slash, _ in paths if slash))


def _slugs(names: Iterable[str]) -> dict[str, str]:
    """Slugs by name, each of them once."""
    slugs: dict[str, str] = {}
    for name in names:
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:MAX_SLUG].strip("-") or "skill"
        slug, number = stem, 1
        while slug in slugs.values():
            number += 1
            slug = f"{stem[: MAX_SLUG - len(str(number)) - 1]}-{number}"
        slugs[name] = slug
    return slugs
