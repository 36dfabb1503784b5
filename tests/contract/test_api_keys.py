"""What the registry promises of API keys, on a SQLite file."""

from pathlib import Path

import pytest

from weft.errors import ApiKeyAmbiguous, ApiKeyNotFound, KeyUserTaken, WorkspaceExists
from weft.model.api_key import DEFAULT_USER, SHOWN
from weft.registry import Registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE


async def test_a_key_is_shown_once_and_nowhere_in_the_file(registry: Registry, path: Path) -> None:
    key, secret = await registry.api_keys.create(WORKSPACE, " laptop ", "ada")
    assert secret.startswith(key.start)
    assert len(secret) > 40
    assert await registry.api_keys.find_all() == [key]
    assert (key.name, key.user_name, key.revoked_at) == ("laptop", "ada", None)
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert secret[:SHOWN].encode() in stored
    assert secret.encode() not in stored


async def test_revoked_by_id_by_what_it_begins_with_and_by_itself(registry: Registry) -> None:
    made = [await registry.api_keys.create(WORKSPACE, "", "ada") for _ in range(4)]
    named = [made[0][0].id, made[1][0].start, made[2][1]]
    revoked = [(await registry.api_keys.revoke(text)).id for text in named]
    assert revoked == [key.id for key, _ in made[:3]]
    assert [key.revoked_at is None for key in await registry.api_keys.find_all()] == [False, False, False, True]
    assert next(iter((await registry.api_keys.read()).holders.values())).key_id == made[3][0].id


@pytest.mark.parametrize("text", ["", "weft_", "weft_12345", "weft_123456", "018bcfe5-6800-7000-8000-000000000000"])
async def test_what_is_no_key_is_not_revoked(registry: Registry, text: str) -> None:
    key, secret = await registry.api_keys.create(WORKSPACE, "", "ada")
    with pytest.raises(ApiKeyNotFound):
        await registry.api_keys.revoke(text)
    await registry.api_keys.revoke(key.id)
    with pytest.raises(ApiKeyNotFound) as raised:
        await registry.api_keys.revoke(secret)
    assert secret not in str(raised.value)


async def test_of_several_that_begin_alike_none_is_revoked(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = iter(["weft_abcdef-1" + "x" * 30, "weft_abcdef-2" + "x" * 30])
    monkeypatch.setattr("weft.registry.api_keys.new_key", lambda: next(secrets))
    for _ in range(2):
        await registry.api_keys.create(WORKSPACE, "", "ada")
    with pytest.raises(ApiKeyAmbiguous):
        await registry.api_keys.revoke("weft_abcdef")
    assert len((await registry.api_keys.read()).holders) == 2


async def test_by_id_only_a_key_of_the_workspace_is_revoked(registry: Registry) -> None:
    team = await registry.workspaces.create("team")
    key, secret = await registry.api_keys.create(team.id, "", "ada")
    for workspace_id, text in ((WORKSPACE, key.id), (team.id, key.start), (team.id, secret)):
        with pytest.raises(ApiKeyNotFound):
            await registry.api_keys.revoke_of(workspace_id, text)
    assert (await registry.api_keys.revoke_of(team.id, key.id)).id == key.id
    assert [key.revoked_at is None for key in await registry.api_keys.find_all(team.id)] == [False]
    assert await registry.api_keys.find_all(WORKSPACE) == []


async def test_another_user_of_the_workspace_is_taken(registry: Registry) -> None:
    team = await registry.workspaces.create("team")
    await registry.api_keys.create(team.id, "", "grace", made_by=None)
    for taken in ("grace", DEFAULT_USER):
        with pytest.raises(KeyUserTaken):
            await registry.api_keys.create(team.id, "", taken, made_by="ada")
    for user_name in ("ada", "new"):
        await registry.api_keys.create(team.id, "", user_name, made_by="ada")
    await registry.api_keys.create(WORKSPACE, "", "grace", made_by="ada")
    assert [key.user_name for key in await registry.api_keys.find_all(team.id)] == ["grace", "ada", "new"]


async def test_workspaces_have_different_names(registry: Registry) -> None:
    team = await registry.workspaces.create("team")
    with pytest.raises(WorkspaceExists):
        await registry.workspaces.create("team")
    assert [workspace.name for workspace in await registry.workspaces.find_all()] == ["default", "team"]
    assert await registry.workspaces.find_by_name("team") == team
