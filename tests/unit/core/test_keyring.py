"""How soon the server knows of what another process did to the keys."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from weft.core.keyring import FRESH_S, Keyring
from weft.model.instants import now_us
from weft.registry import Registry, open_registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def registries(tmp_path: Path) -> AsyncIterator[tuple[Registry, Registry]]:
    """That of the server, and that of a command."""
    both = await open_registry(tmp_path / "registry.sqlite"), await open_registry(tmp_path / "registry.sqlite")
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
