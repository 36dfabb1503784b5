"""The commits of agents' file trees. Texts are kept once, however many commits have them."""

import hashlib
import json
from collections.abc import Iterable

from sqlalchemy import Connection, Text, bindparam, delete, exists, select

from weft.model.agent import AgentFile, Commit, Tree
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.registry.tables import AGENT_COMMITS, AGENT_FILES, AGENT_TEXTS

_COMMIT = tuple(AGENT_COMMITS.c[name] for name in Commit.__struct_fields__)
_ENTRY = (AGENT_FILES.c.type, AGENT_TEXTS.c.content, AGENT_FILES.c.repo_handle, AGENT_FILES.c.linked_commit_id)
_ADD_TEXT = AGENT_TEXTS.insert().from_select(
    ["hash", "content"],
    select(bindparam("text_hash", type_=Text), bindparam("text", type_=Text)).where(
        ~exists().where(AGENT_TEXTS.c.hash == bindparam("text_hash"))
    ),
)


def hash_of(parent: str | None, tree: Tree) -> str:
    entries = [[path, entry.type, entry.content, entry.repo_handle, entry.commit_id] for path, entry in tree.items()]
    return _digest(json.dumps([parent, sorted(entries, key=lambda entry: str(entry[0]))], separators=(",", ":")))


def add_commit(connection: Connection, agent_id: str, parent: str | None, tree: Tree) -> Commit:
    commit = Commit(new_id(), hash_of(parent, tree), parent, now_us())
    values = {name: getattr(commit, name) for name in Commit.__struct_fields__}
    connection.execute(AGENT_COMMITS.insert().values(agent_id=agent_id, **values))
    if tree:
        texts = {_digest(entry.content): entry.content for entry in tree.values()}
        connection.execute(_ADD_TEXT, [{"text_hash": hash, "text": text} for hash, text in texts.items()])
        connection.execute(AGENT_FILES.insert(), [_row(commit.id, path, entry) for path, entry in tree.items()])
    return commit


def read_commit(connection: Connection, agent_id: str, hash: str) -> Commit | None:
    """`hash` may be the beginning of one, if only one begins so."""
    named = AGENT_COMMITS.c.hash.startswith(hash, autoescape=True)
    found = connection.execute(select(*_COMMIT).where(AGENT_COMMITS.c.agent_id == agent_id, named).limit(2)).all()
    return Commit(*found[0]) if len(found) == 1 else None


def newest_commits(connection: Connection, agent_id: str, limit: int) -> list[Commit]:
    found = select(*_COMMIT).where(AGENT_COMMITS.c.agent_id == agent_id)
    order = (AGENT_COMMITS.c.created_at.desc(), AGENT_COMMITS.c.id.desc())
    return [Commit(*row) for row in connection.execute(found.order_by(*order).limit(limit))]


def read_tree(connection: Connection, commit_id: str) -> Tree:
    of_commit = select(AGENT_FILES.c.path, *_ENTRY).join(AGENT_TEXTS).where(AGENT_FILES.c.commit_id == commit_id)
    rows = connection.execute(of_commit.order_by(AGENT_FILES.c.path))
    return {path: AgentFile(*entry) for path, *entry in rows}


def text_hashes(connection: Connection, agent_id: str) -> list[str]:
    """Of all commits."""
    of_agent = select(AGENT_FILES.c.text_hash).join(AGENT_COMMITS).where(AGENT_COMMITS.c.agent_id == agent_id)
    return list(connection.execute(of_agent.distinct()).scalars())


def forget_texts(connection: Connection, hashes: Iterable[str]) -> None:
    """Those that no commit has any more."""
    for hash in hashes:
        used = exists().where(AGENT_FILES.c.text_hash == hash)
        connection.execute(delete(AGENT_TEXTS).where(AGENT_TEXTS.c.hash == hash, ~used))


def _row(commit_id: str, path: str, entry: AgentFile) -> dict[str, object]:
    return {
        "commit_id": commit_id,
        "path": path,
        "type": entry.type,
        "text_hash": _digest(entry.content),
        "repo_handle": entry.repo_handle,
        "linked_commit_id": entry.commit_id,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
