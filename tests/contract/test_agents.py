"""What the registry promises of agents and their trees, on a SQLite file."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select

from weft.errors import AgentCommitNotFound, AgentNotFound, InvalidCursor, InvalidFilePath, StaleParent
from weft.model.agent import Agent, AgentChanges, AgentFile, Tree
from weft.model.ids import new_id
from weft.registry import Registry
from weft.registry.agent_trees import hash_of
from weft.registry.agents import DEFAULTS, AgentQuery
from weft.registry.database import Database
from weft.registry.tables import AGENT_COMMITS, AGENT_FILES, AGENT_TEXTS
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE

OWNER = "0190babc-62a0-71d2-832a-0feffa467600"
TABLES = (AGENT_COMMITS, AGENT_FILES, AGENT_TEXTS)
TREE: Tree = {"AGENTS.md": AgentFile(content="Be brief."), "skills/x": AgentFile("skill", "", "shared", "c1")}


async def create(registry: Registry, name: str = "helper", tree: Tree = TREE, owner: str = OWNER) -> Agent:
    return (await registry.agents.create(WORKSPACE, owner, AgentChanges(name=name), tree)).agent


async def names(registry: Registry, **query: Any) -> list[str]:
    return [agent.name for agent in (await registry.agents.find(WORKSPACE, AgentQuery(OWNER, **query))).items]


def writes(path: str, text: str = "new") -> Any:
    return lambda tree: {**tree, path: AgentFile(content=text)}


def refuses(tree: Tree) -> Tree:
    raise InvalidFilePath(path="..", reason="is not relative")


class TestNewest:
    async def test_is_the_one_changed_last(self, registry: Registry) -> None:
        assert await registry.agents.newest() is None
        first = await create(registry, "first")
        second = await create(registry, "second")
        assert (found := await registry.agents.newest()) is not None
        assert found.agent == second
        await registry.agents.update(WORKSPACE, first.id, AgentChanges(description="new"))
        assert (found := await registry.agents.newest()) is not None
        assert found.agent.id == first.id


class TestCreate:
    async def test_what_is_not_given_is_the_default(self, registry: Registry) -> None:
        agent = await create(registry, " helper ")
        stored = {field: getattr(agent, field) for field in DEFAULTS}
        assert stored == {**DEFAULTS, "name": "helper"}
        assert agent.revision == hash_of(None, TREE)
        assert agent.created_at <= agent.updated_at

    async def test_everything_comes_back(self, registry: Registry) -> None:
        values = AgentChanges(
            name="n",
            description="d",
            permissions={"identity": "shared"},
            runtime={"model": {"model_id": "a:b"}},
            backend={"type": "sandbox"},
            extras={"a": [1, 2.5, None, "…", {"b": True}]},
            configurable={"k": "v"},
            timezone="Europe/Rome",
        )
        made = await registry.agents.create(WORKSPACE, OWNER, values, TREE)
        assert {field: getattr(made.agent, field) for field in DEFAULTS} == {
            field: getattr(values, field) for field in DEFAULTS
        }
        assert await registry.agents.revision(WORKSPACE, made.agent.id) == made
        assert await registry.agents.get(WORKSPACE, made.agent.id) == made.agent
        assert made.tree == TREE

    async def test_equal_trees_have_equal_revisions(self, registry: Registry) -> None:
        first, second, empty = await create(registry), await create(registry), await create(registry, tree={})
        assert first.revision == second.revision != empty.revision
        assert len(empty.revision) == 64


class TestGet:
    async def test_of_another_workspace_or_unknown(self, registry: Registry) -> None:
        agent = await create(registry)
        for workspace, id in ((new_id(), agent.id), (WORKSPACE, new_id())):
            with pytest.raises(AgentNotFound):
                await registry.agents.get(workspace, id)
            with pytest.raises(AgentNotFound):
                await registry.agents.tree(workspace, id, agent.revision)


class TestUpdate:
    async def test_values_are_replaced_one_by_one(self, registry: Registry) -> None:
        before = await create(registry)
        after = (await registry.agents.update(WORKSPACE, before.id, AgentChanges(extras={"a": 1}))).agent
        assert (after.extras, after.name, after.revision) == ({"a": 1}, before.name, before.revision)
        assert after.updated_at > before.updated_at

    async def test_without_changes_it_stays_as_it_was(self, registry: Registry) -> None:
        before = await create(registry)
        assert (await registry.agents.update(WORKSPACE, before.id, AgentChanges())).agent == before

    async def test_an_edit_is_a_commit_on_the_one_before(self, registry: Registry) -> None:
        before = await create(registry)
        after = await registry.agents.update(WORKSPACE, before.id, AgentChanges(name="new"), writes("a"))
        tree = {**TREE, "a": AgentFile(content="new")}
        assert (after.tree, after.agent.revision) == (tree, hash_of(before.revision, tree))
        assert await names(registry, name="NEW") == ["new"]

    async def test_a_refused_edit_changes_nothing(self, registry: Registry) -> None:
        before = await create(registry)
        with pytest.raises(InvalidFilePath):
            await registry.agents.update(WORKSPACE, before.id, AgentChanges(name="new"), refuses)
        assert await registry.agents.get(WORKSPACE, before.id) == before

    async def test_edits_at_the_same_time_are_all_kept(self, registry: Registry) -> None:
        agent = await create(registry)
        paths = [f"f{number}" for number in range(8)]
        await asyncio.gather(
            *(registry.agents.update(WORKSPACE, agent.id, AgentChanges(), writes(path)) for path in paths)
        )
        assert {*paths} <= set((await registry.agents.revision(WORKSPACE, agent.id)).tree)


class TestCommit:
    async def test_earlier_trees_stay(self, registry: Registry) -> None:
        agent = await create(registry)
        commit = await registry.agents.commit(WORKSPACE, agent.id, writes("a"), agent.revision[:8])
        assert commit.parent_hash == agent.revision
        assert (await registry.agents.get(WORKSPACE, agent.id)).revision == commit.hash
        assert (await registry.agents.tree(WORKSPACE, agent.id, agent.revision))[1] == TREE
        newest, tree = await registry.agents.tree(WORKSPACE, agent.id)
        assert (newest, sorted(tree)) == (commit, ["AGENTS.md", "a", "skills/x"])

    async def test_only_one_of_two_from_the_same_parent(self, registry: Registry) -> None:
        agent = await create(registry)
        commits = (registry.agents.commit(WORKSPACE, agent.id, writes(path), agent.revision) for path in "ab")
        done = await asyncio.gather(*commits, return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["Commit", "StaleParent"]

    @pytest.mark.parametrize("parent", ["", "0" * 64, "%" * 8])
    async def test_a_parent_that_is_not_the_newest(self, registry: Registry, parent: str) -> None:
        agent = await create(registry)
        with pytest.raises(StaleParent):
            await registry.agents.commit(WORKSPACE, agent.id, writes("a"), parent)

    async def test_going_back_is_another_revision(self, registry: Registry) -> None:
        agent = await create(registry)
        await registry.agents.commit(WORKSPACE, agent.id, writes("a"))
        await registry.agents.commit(WORKSPACE, agent.id, lambda _: TREE)
        assert (await registry.agents.get(WORKSPACE, agent.id)).revision != agent.revision

    @pytest.mark.parametrize("hash", ["", "0" * 64, "________", "%"])
    async def test_a_commit_that_is_not_there(self, registry: Registry, hash: str) -> None:
        agent = await create(registry)
        with pytest.raises(AgentCommitNotFound):
            await registry.agents.tree(WORKSPACE, agent.id, hash)


class TestFind:
    async def test_of_the_owner_the_latest_change_first(self, registry: Registry) -> None:
        first = await create(registry, "a")
        await create(registry, "b")
        await create(registry, "c", owner=new_id())
        await registry.agents.update(WORKSPACE, first.id, AgentChanges(description="new"))
        assert await names(registry) == ["a", "b"]

    async def test_by_name_whatever_the_case(self, registry: Registry) -> None:
        for name in ("Ledger", "LEDGER 2", "other", "100%"):
            await create(registry, name)
        assert await names(registry, name="edge", sort_by="name", descending=False) == ["Ledger", "LEDGER 2"]
        assert await names(registry, name="%") == ["100%"]

    @pytest.mark.parametrize("sort_by", ["created_at", "updated_at", "name"])
    @pytest.mark.parametrize("descending", [True, False])
    async def test_pages_join_and_do_not_shift(self, registry: Registry, sort_by: Any, descending: bool) -> None:
        for name in "abbcde":
            await create(registry, name)
        whole = await names(registry, sort_by=sort_by, descending=descending, size=6)
        found: list[str] = []
        cursor = None
        for _ in range(3):
            query = AgentQuery(OWNER, sort_by=sort_by, descending=descending, size=2, cursor=cursor)
            page = await registry.agents.find(WORKSPACE, query)
            found += [agent.name for agent in page.items]
            cursor = page.next_cursor
            await create(registry, "a" if (sort_by == "name") is not descending else "z")
        assert found == whole

    async def test_the_last_page_has_no_cursor(self, registry: Registry) -> None:
        await create(registry)
        assert (await registry.agents.find(WORKSPACE, AgentQuery(OWNER, size=1))).next_cursor is None

    async def test_a_cursor_of_another_order(self, registry: Registry) -> None:
        for name in "ab":
            await create(registry, name)
        cursor = (await registry.agents.find(WORKSPACE, AgentQuery(OWNER, size=1))).next_cursor
        with pytest.raises(InvalidCursor):
            await registry.agents.find(WORKSPACE, AgentQuery(OWNER, sort_by="name", cursor=cursor))


class TestDelete:
    async def test_nothing_of_it_stays(self, registry: Registry, path: Path) -> None:
        agent = await create(registry)
        await registry.agents.commit(WORKSPACE, agent.id, writes("a"))
        kept = await create(registry)
        await registry.agents.delete(new_id(), kept.id)
        for _ in range(2):
            await registry.agents.delete(WORKSPACE, agent.id)
        assert await rows(path) == {"agent_commits": 1, "agent_files": 2, "agent_texts": 2}
        assert (await registry.agents.revision(WORKSPACE, kept.id)).tree == TREE


async def rows(path: Path) -> dict[str, int]:
    """How many there are of each kind."""
    database = Database(path)
    counts = {table.name: await database.read(partial(count, table)) for table in TABLES}
    await database.close()
    return counts


def count(table: Table, connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
