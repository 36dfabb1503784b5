"""What the registry promises of workspaces, on a SQLite file."""

from pathlib import Path

from weft.model.ids import new_id
from weft.model.workspace import WorkspaceConfiguration
from weft.registry import Registry, open_registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE

WHOLE = WorkspaceConfiguration(1800, False, {"quality": "#FF0000", "ton \U0001f9f6": "#00ff00"})
MINUTE_US = 60_000_000


async def test_nothing_is_configured_at_first(registry: Registry) -> None:
    assert await registry.workspaces.configuration(WORKSPACE) is None
    assert await registry.workspaces.inactive_after_us(WORKSPACE) == 15 * MINUTE_US


async def test_what_was_put_is_there_also_after_reopening(registry: Registry, path: Path) -> None:
    await registry.workspaces.put_configuration(WORKSPACE, WHOLE)
    assert await registry.workspaces.configuration(WORKSPACE) == WHOLE
    again = await open_registry(path)
    assert await again.workspaces.configuration(WORKSPACE) == WHOLE
    await again.close()


async def test_every_change_is_seen_by_the_next_read(registry: Registry) -> None:
    seen = []
    for seconds in (60, 120, None):
        await registry.workspaces.put_configuration(WORKSPACE, WorkspaceConfiguration(inactive_after_s=seconds))
        seen.append(await registry.workspaces.inactive_after_us(WORKSPACE))
    assert seen == [MINUTE_US, 2 * MINUTE_US, 15 * MINUTE_US]
    await registry.workspaces.delete_configuration(WORKSPACE)
    assert await registry.workspaces.configuration(WORKSPACE) is None


async def test_empty_is_not_the_same_as_none(registry: Registry) -> None:
    await registry.workspaces.put_configuration(WORKSPACE, WorkspaceConfiguration(color_map={}))
    assert await registry.workspaces.configuration(WORKSPACE) == WorkspaceConfiguration(color_map={})


async def test_another_workspace_is_not_touched(registry: Registry) -> None:
    await registry.workspaces.put_configuration(WORKSPACE, WHOLE)
    await registry.workspaces.delete_configuration(new_id())
    assert await registry.workspaces.configuration(WORKSPACE) == WHOLE
    assert await registry.workspaces.configuration(new_id()) is None
