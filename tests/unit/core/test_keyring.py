"""How soon the server knows of what another process did to the keys."""

from asyncio import Event, create_task
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pytest

from weft.core.keyring import FRESH_S, Keyring
from weft.model.instants import now_us
from weft.registry import Registry, open_registry
from weft.registry.api_keys import ApiKeys, Keys
from weft.registry.database import Database
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def registries(tmp_path: Path, empty_registry: Path) -> AsyncIterator[tuple[Registry, Registry]]:
    """That of the server, and that of a command."""
    path = copy(empty_registry, tmp_path / "registry.sqlite")
    both = await open_registry(path), await open_registry(path)
    yield both
    for registry in both:
        await registry.close()


async def test_a_new_key_works_at_once(registries: tuple[Registry, Registry]) -> None:
    served, command = registries
    keyring = Keyring(served, clock=Clock())
    assert await keyring.holder_of("weft_unknown") is None
    _, key = await command.api_keys.create(DEFAULT_WORKSPACE_ID, "laptop", "ada")
    holder = await keyring.holder_of(key)
    assert holder is not None
    assert (holder.workspace_name, holder.user_name) == ("default", "ada")


async def test_the_first_key_is_in_force_and_a_revoked_one_dead_a_second_later(
    registries: tuple[Registry, Registry],
) -> None:
    served, command = registries
    clock = Clock()
    keyring = Keyring(served, clock=clock)
    assert not await keyring.in_force()
    _, key = await command.api_keys.create(DEFAULT_WORKSPACE_ID, "", "ada")
    clock.now += FRESH_S
    assert await keyring.in_force()
    assert await keyring.holder_of(key) is not None
    await command.api_keys.revoke(key)
    clock.now += FRESH_S
    assert await keyring.holder_of(key) is None
    assert await keyring.in_force()


class HeldKeys(ApiKeys):
    """Reads end only once `held` is set, with what there was when they began."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.held, self.has_read = Event(), Event()

    async def read(self) -> Keys:
        known = await super().read()
        self.has_read.set()
        await self.held.wait()
        return known


async def test_a_key_revoked_here_is_dead_at_once_also_for_a_read_under_way(tmp_path: Path) -> None:
    registry = await open_registry(tmp_path / "registry.sqlite")
    database = Database(tmp_path / "registry.sqlite")
    registry.api_keys = keys = HeldKeys(database)
    keyring = Keyring(registry, clock=Clock())
    made, key = await keyring.create(DEFAULT_WORKSPACE_ID, "", "ada", made_by="ada")
    reading = create_task(keyring.holder_of(key))
    await keys.has_read.wait()
    await keyring.revoke(DEFAULT_WORKSPACE_ID, made.id)
    keys.held.set()
    await reading
    assert await keyring.holder_of(key) is None
    await database.close()
    await registry.close()


async def test_a_session_ends_with_its_key(registries: tuple[Registry, Registry]) -> None:
    served, command = registries
    clock = Clock()
    keyring = Keyring(served, clock=clock)
    _, key = await command.api_keys.create(DEFAULT_WORKSPACE_ID, "", "ada")
    holder = await keyring.holder_of(key)
    assert holder is not None
    token = await keyring.open_session(holder)
    assert await keyring.holder_of_session(token) == holder
    await command.api_keys.revoke(key)
    clock.now += FRESH_S
    assert await keyring.holder_of_session(token) is None


async def test_a_session_ends_with_its_time(registries: tuple[Registry, Registry]) -> None:
    served, command = registries
    key, _ = await command.api_keys.create(DEFAULT_WORKSPACE_ID, "", "ada")
    await command.api_keys.open_session("token", key.id, now_us())
    assert await Keyring(served).holder_of_session("token") is None
