"""Directories of the Hub on the wire (the contract, B.7)."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from weft.agents.tree import TreeChanges
from weft.api.deepagents.wire.tree import FileView, FileWrite, agent_files, files_violations, tree_view
from weft.api.deepagents.wire.values import Instant, stamp
from weft.model.agent import Commit, Tree
from weft.registry.agents import MIN_HASH

MAX_COMMITS = 100


class DirectoryQuery(Struct):
    """A commit by its hash, or the beginning of it; the newest if nothing is given."""

    commit: str | None = None

    @property
    def hash(self) -> str | None:
        return None if self.commit in (None, "", "latest") else self.commit


class CommitsQuery(Struct):
    limit: Annotated[int, Meta(ge=1, le=MAX_COMMITS)] = MAX_COMMITS


class CommitWrite(Struct):
    """A path with null is deleted."""

    files: dict[str, FileWrite | None]
    parent_commit: Annotated[str, Meta(min_length=MIN_HASH, max_length=64)] | None = None

    def violations(self) -> list[str]:
        return files_violations(self.files)

    @property
    def changes(self) -> TreeChanges:
        deleted = tuple(path for path, file in self.files.items() if file is None)
        return TreeChanges(files=agent_files(self.files), deleted_paths=deleted)


class DirectoryView(Struct):
    commit_hash: str
    commit_id: str
    files: dict[str, FileView]


class CommitView(Struct):
    id: str
    commit_hash: str
    created_at: Instant


class CommitReply(Struct):
    commit: CommitView


class CommitsView(Struct):
    """The newest first."""

    commits: list[CommitView]


def directory_view(commit: Commit, tree: Tree) -> DirectoryView:
    return DirectoryView(commit.hash, commit.id, tree_view(tree))


def commit_reply(commit: Commit) -> CommitReply:
    return CommitReply(_commit_view(commit))


def commits_view(commits: Sequence[Commit]) -> CommitsView:
    return CommitsView([_commit_view(commit) for commit in commits])


def _commit_view(commit: Commit) -> CommitView:
    return CommitView(commit.id, commit.hash, stamp(commit.created_at))
