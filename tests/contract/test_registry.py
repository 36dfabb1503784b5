"""What the registry promises, on a SQLite file."""

import asyncio
import multiprocessing
from pathlib import Path

import pytest

from weft.errors import NotFound, ProjectExists
from weft.filters.sorting import Sort
from weft.model.page import Paging
from weft.model.project import Project, ProjectChanges
from weft.registry import CannotOpenRegistry, Registry, open_registry
from weft.registry.projects import ProjectQuery
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE

ODD_NAMES = ["a\0b", "lone \ud800 surrogate", "n" * 10_000, "\U0001f9f6 weft", "İstanbul", "100%_'\"\\/", "ẞtraße"]


async def names(registry: Registry, query: ProjectQuery) -> list[str]:
    return [project.name for project in (await registry.projects.find(WORKSPACE, query)).items]


class TestOpen:
    async def test_the_default_workspace_is_there(self, registry: Registry) -> None:
        workspace = await registry.workspaces.find_by_name("default")
        assert workspace is not None
        assert workspace.id == WORKSPACE

    async def test_what_was_written_is_there_after_reopening(self, path: Path) -> None:
        first = await open_registry(path)
        project = await first.projects.ensure(WORKSPACE, "demo", "admin")
        await first.close()
        second = await open_registry(path)
        assert await second.projects.get(WORKSPACE, project.id) == project
        await second.close()

    def test_a_file_that_is_no_database_is_refused(self, path: Path) -> None:
        path.write_bytes(b"not a database, but long enough to be looked at" * 100)
        with pytest.raises(CannotOpenRegistry, match="file is not a database"):
            asyncio.run(open_registry(path))

    async def test_a_folder_that_does_not_exist_is_refused(self, path: Path) -> None:
        with pytest.raises(CannotOpenRegistry, match="unable to open database file"):
            await open_registry(path.parent / "missing" / "registry.sqlite")

    async def test_ping_answers(self, registry: Registry) -> None:
        await registry.ping()


class TestEnsure:
    async def test_makes_a_private_project_on_first_use(self, registry: Registry) -> None:
        project = await registry.projects.ensure(WORKSPACE, "demo", "admin")
        assert (project.name, project.visibility, project.created_by) == ("demo", "private", "admin")
        assert await registry.projects.get(WORKSPACE, project.id) == project

    @pytest.mark.parametrize("name", [None, "", "  \n"])
    async def test_no_name_is_the_default_project(self, registry: Registry, name: str | None) -> None:
        assert (await registry.projects.ensure(WORKSPACE, name, "admin")).name == "Default Project"

    async def test_other_spellings_are_the_same_project_with_its_first_spelling(self, registry: Registry) -> None:
        first = await registry.projects.ensure(WORKSPACE, " My Project ", "admin")
        assert await registry.projects.ensure(WORKSPACE, "MY PROJECT", "admin") == first
        assert first.name == "My Project"

    async def test_fifty_first_writes_at_once_make_one_project(self, registry: Registry) -> None:
        spellings = ["demo", "Demo", " DEMO "]
        projects = await asyncio.gather(
            *(registry.projects.ensure(WORKSPACE, spellings[n % 3], "admin") for n in range(50))
        )
        assert len(set(projects)) == 1

    async def test_several_processes_open_and_make_one_project(self, path: Path) -> None:
        context = multiprocessing.get_context("spawn")
        with context.Pool(3) as pool:
            ids = await asyncio.to_thread(pool.map, ensure_in_process, [path] * 6, 1)
        assert len(set(ids)) == 1

    @pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
    async def test_odd_names_are_kept_found_and_searched(self, registry: Registry, name: str) -> None:
        await registry.projects.ensure(WORKSPACE, "other", "admin")
        project = await registry.projects.ensure(WORKSPACE, name, "admin")
        assert await registry.projects.ensure(WORKSPACE, name, "admin") == project
        assert await registry.projects.get(WORKSPACE, project.id) == project
        assert await names(registry, ProjectQuery(name=name)) == [project.name]

    async def test_a_cancelled_caller_leaves_no_half_made_project(self, registry: Registry) -> None:
        task = asyncio.create_task(registry.projects.ensure(WORKSPACE, "demo", "admin"))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await registry.projects.ensure(WORKSPACE, "demo", "admin")).name == "demo"


class TestFind:
    async def test_newest_first_with_the_total_beside_the_page(self, registry: Registry) -> None:
        await make(registry, "a", "b", "c")
        page = await registry.projects.find(WORKSPACE, ProjectQuery(paging=Paging(number=2, size=2)))
        assert (page.page, page.total, [project.name for project in page.items]) == (2, 3, ["a"])

    async def test_a_page_beyond_the_end_is_empty(self, registry: Registry) -> None:
        await make(registry, "a")
        page = await registry.projects.find(WORKSPACE, ProjectQuery(paging=Paging(number=10**18, size=10**18)))
        assert (page.total, page.items) == (1, [])

    async def test_name_is_any_part_whatever_its_case(self, registry: Registry) -> None:
        await make(registry, "Étude one", "étude two", "other")
        assert await names(registry, ProjectQuery(name="ÉTUDE")) == ["étude two", "Étude one"]

    @pytest.mark.parametrize("wildcard", ["%", "_", "\\", "/", "*", "?"])
    async def test_wildcards_are_plain_characters(self, registry: Registry, wildcard: str) -> None:
        await make(registry, "plain", f"with {wildcard}")
        assert await names(registry, ProjectQuery(name=wildcard)) == [f"with {wildcard}"]

    @pytest.mark.parametrize(
        ("field", "direction", "expected"),
        [
            ("name", "ASC", ["a", "B", "c"]),
            ("name", "DESC", ["c", "B", "a"]),
            ("created_at", "ASC", ["B", "a", "c"]),
            ("last_updated_at", "DESC", ["B", "c", "a"]),
            ("unknown", "ASC", ["c", "a", "B"]),
        ],
    )
    async def test_sorting(self, registry: Registry, field: str, direction: str, expected: list[str]) -> None:
        first, *_ = await make(registry, "B", "a", "c")
        await registry.projects.update(WORKSPACE, first.id, ProjectChanges(description="newest change"), "admin")
        assert await names(registry, ProjectQuery(sort=Sort(field, direction))) == expected

    async def test_other_workspaces_are_not_seen(self, registry: Registry) -> None:
        await make(registry, "a")
        other = "0190babc-62a0-71d2-832a-0feffa4676ec"
        assert (await registry.projects.find(other, ProjectQuery())).total == 0
        assert await registry.projects.find_by_name(other, "a") is None


class TestChange:
    async def test_create_refuses_a_name_that_is_taken(self, registry: Registry) -> None:
        await registry.projects.create(WORKSPACE, "demo", "admin", description="first", visibility="public")
        with pytest.raises(ProjectExists):
            await registry.projects.create(WORKSPACE, " DEMO", "admin")

    async def test_update_sets_only_what_is_given(self, registry: Registry) -> None:
        project = await registry.projects.create(WORKSPACE, "demo", "admin", description="first")
        await registry.projects.update(WORKSPACE, project.id, ProjectChanges(visibility="public"), "other")
        changed = await registry.projects.get(WORKSPACE, project.id)
        assert (changed.name, changed.description, changed.visibility) == ("demo", "first", "public")
        assert (changed.created_by, changed.last_updated_by) == ("admin", "other")
        assert changed.last_updated_at > changed.created_at

    async def test_after_a_rename_the_old_name_is_free(self, registry: Registry) -> None:
        project = await registry.projects.ensure(WORKSPACE, "old", "admin")
        await registry.projects.update(WORKSPACE, project.id, ProjectChanges(name="new"), "admin")
        assert (await registry.projects.ensure(WORKSPACE, "NEW", "admin")).id == project.id
        assert (await registry.projects.ensure(WORKSPACE, "old", "admin")).id != project.id

    async def test_a_rename_to_a_name_that_is_taken_is_refused(self, registry: Registry) -> None:
        first, _ = await make(registry, "a", "b")
        with pytest.raises(ProjectExists):
            await registry.projects.update(WORKSPACE, first.id, ProjectChanges(name="B"), "admin")

    async def test_an_unknown_project_is_not_found(self, registry: Registry) -> None:
        with pytest.raises(NotFound, match="Project id: x not found"):
            await registry.projects.update(WORKSPACE, "x", ProjectChanges(name="a"), "admin")
        with pytest.raises(NotFound, match="Project id: x not found"):
            await registry.projects.get(WORKSPACE, "x")

    async def test_a_deleted_project_is_forgotten_and_can_be_made_again(self, registry: Registry) -> None:
        first, second = await make(registry, "a", "b")
        await registry.projects.delete_many(WORKSPACE, [first.id, "unknown"])
        assert await registry.projects.find_by_name(WORKSPACE, "a") is None
        assert (await registry.projects.ensure(WORKSPACE, "a", "admin")).id != first.id
        assert await registry.projects.find_by_name(WORKSPACE, "b") == second


class TestOtelTraces:
    async def test_what_was_settled_first_stays(self, registry: Registry) -> None:
        assert await registry.otel_traces.ensure(WORKSPACE, {"a": "1", "b": "2"}) == {"a": "1", "b": "2"}
        assert await registry.otel_traces.ensure(WORKSPACE, {"b": "3", "c": "4"}) == {"b": "2", "c": "4"}

    async def test_after_reopening(self, path: Path) -> None:
        for proposed in ("1", "2"):
            registry = await open_registry(path)
            assert await registry.otel_traces.ensure(WORKSPACE, {"a": proposed}) == {"a": "1"}
            await registry.close()

    async def test_many_at_once_get_the_same(self, registry: Registry, path: Path) -> None:
        other = await open_registry(path)
        asked = [
            asked.otel_traces.ensure(WORKSPACE, {f"t{t}": f"{number}-{t}" for t in range(700)})
            for number, asked in enumerate([registry, other] * 3)
        ]
        found = await asyncio.gather(*asked)
        assert all(ids == found[0] for ids in found)
        await other.close()


async def make(registry: Registry, *names: str) -> list[Project]:
    return [await registry.projects.create(WORKSPACE, name, "admin") for name in names]


def ensure_in_process(path: Path) -> str:
    async def ensure() -> str:
        registry = await open_registry(path)
        project = await registry.projects.ensure(WORKSPACE, "demo", "admin")
        await registry.close()
        return project.id

    return asyncio.run(ensure())
