"""What the registry promises of environments, on a SQLite file."""

import asyncio

import pytest

from weft.errors import EnvironmentExists, EnvironmentLimitReached, EnvironmentNotFound
from weft.model.environment import EnvironmentChanges
from weft.model.ids import new_id
from weft.registry import Registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE


async def names(registry: Registry) -> list[str]:
    return [environment.name for environment in await registry.environments.find_all(WORKSPACE)]


class TestNote:
    async def test_valid_names_are_registered_once(self, registry: Registry) -> None:
        await registry.environments.note(WORKSPACE, ["prod", "prod", "no good", "", "x" * 151, "prod\n"])
        await asyncio.gather(*(registry.environments.note(WORKSPACE, ["prod", "test"]) for _ in range(20)))
        assert await names(registry) == ["prod", "test"]

    async def test_no_more_than_a_hundred(self, registry: Registry) -> None:
        await registry.environments.note(WORKSPACE, [f"e{n:03}" for n in range(99)])
        await registry.environments.note(WORKSPACE, ["x", "y"])
        assert await names(registry) == [f"e{n:03}" for n in range(99)] + ["x"]

    async def test_one_made_by_hand_is_left_as_it_is(self, registry: Registry) -> None:
        id = await registry.environments.create(WORKSPACE, "prod", "admin", changes=EnvironmentChanges(color="red"))
        await registry.environments.note(WORKSPACE, ["prod"])
        (found,) = await registry.environments.find_all(WORKSPACE)
        assert (found.id, found.color, found.created_by) == (id, "red", "admin")

    async def test_a_deleted_or_renamed_one_is_made_again(self, registry: Registry) -> None:
        await registry.environments.note(WORKSPACE, ["a", "b"])
        a, b = await registry.environments.find_all(WORKSPACE)
        await registry.environments.delete_many(WORKSPACE, [a.id])
        await registry.environments.update(WORKSPACE, b.id, EnvironmentChanges(name="c"), "admin")
        await registry.environments.note(WORKSPACE, ["a", "b"])
        assert await names(registry) == ["c", "a", "b"]


class TestCreate:
    async def test_of_many_at_once_one_makes_it(self, registry: Registry) -> None:
        made = await asyncio.gather(
            *(registry.environments.create(WORKSPACE, "prod", "admin") for _ in range(10)), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in made) == ["EnvironmentExists"] * 9 + ["str"]

    async def test_an_id_that_is_taken_is_refused(self, registry: Registry) -> None:
        id = await registry.environments.create(WORKSPACE, "prod", "admin")
        with pytest.raises(EnvironmentExists):
            await registry.environments.create(WORKSPACE, "test", "admin", id=id)

    async def test_names_differ_by_case(self, registry: Registry) -> None:
        for name in ("prod", "PROD"):
            await registry.environments.create(WORKSPACE, name, "admin")
        assert await names(registry) == ["prod", "PROD"]

    async def test_no_more_than_a_hundred(self, registry: Registry) -> None:
        await registry.environments.note(WORKSPACE, [f"e{n:03}" for n in range(100)])
        with pytest.raises(EnvironmentLimitReached):
            await registry.environments.create(WORKSPACE, "x", "admin")


class TestChange:
    async def test_update_sets_only_what_is_given(self, registry: Registry) -> None:
        await registry.environments.note(WORKSPACE, ["prod"])
        (before,) = await registry.environments.find_all(WORKSPACE)
        await registry.environments.update(WORKSPACE, before.id, EnvironmentChanges(description="a\0b"), "other")
        after = await registry.environments.get(WORKSPACE, before.id)
        assert (after.name, after.description, after.position) == ("prod", "a\ufffdb", 0)
        assert (after.created_by, after.last_updated_by) == (None, "other")
        assert after.last_updated_at > before.last_updated_at == after.created_at

    async def test_unknown_or_in_another_workspace(self, registry: Registry) -> None:
        id = await registry.environments.create(WORKSPACE, "prod", "admin")
        for workspace, unknown in ((new_id(), id), (WORKSPACE, new_id())):
            with pytest.raises(EnvironmentNotFound):
                await registry.environments.get(workspace, unknown)
            with pytest.raises(EnvironmentNotFound):
                await registry.environments.update(workspace, unknown, EnvironmentChanges(color="red"), "admin")
            await registry.environments.delete_many(workspace, [unknown])
        assert await names(registry) == ["prod"]
