"""What the registry promises of feedback definitions, on a SQLite file."""

import asyncio
from dataclasses import replace

import pytest
from msgspec.structs import replace as with_changes

from weft.errors import FeedbackDefinitionExists, FeedbackDefinitionNotFound
from weft.filters.sorting import Sort
from weft.model.feedback_definition import FeedbackRule
from weft.model.ids import new_id
from weft.model.page import Paging
from weft.registry import Registry
from weft.registry.feedback_definitions import DefinitionQuery
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE

RULE = FeedbackRule("quality", "how good", "numerical", '{"min":0.0,"max":1.0}')
ALL = DefinitionQuery()


async def make(registry: Registry, *names: str) -> list[str]:
    rules = [with_changes(RULE, name=name) for name in names]
    return [await registry.feedback_definitions.create(WORKSPACE, rule, "admin") for rule in rules]


async def found(registry: Registry, query: DefinitionQuery) -> list[str]:
    page = await registry.feedback_definitions.find(WORKSPACE, query)
    return [definition.name for definition in page.items]


async def test_what_was_created_is_there(registry: Registry) -> None:
    (id,) = await make(registry, " quality\n")
    definition = await registry.feedback_definitions.get(WORKSPACE, id)
    assert FeedbackRule(definition.name, definition.description, definition.type, definition.details) == RULE
    assert (definition.created_by, definition.last_updated_by) == ("admin", "admin")
    assert definition.created_at == definition.last_updated_at


async def test_of_many_with_one_name_one_is_created(registry: Registry) -> None:
    made = await asyncio.gather(
        *(make(registry, name) for name in ("quality", "Quality", " QUALITY ")), return_exceptions=True
    )
    assert sum(isinstance(one, FeedbackDefinitionExists) for one in made) == 2


async def test_newest_first_page_by_page(registry: Registry) -> None:
    await make(registry, "a", "b", "c")
    page = await registry.feedback_definitions.find(WORKSPACE, replace(ALL, paging=Paging(2, 2)))
    assert (page.page, page.total, [definition.name for definition in page.items]) == (2, 3, ["a"])


async def test_sorted_and_by_any_part_of_a_name(registry: Registry) -> None:
    await make(registry, "b 100%", "A 100%", "c")
    assert await found(registry, replace(ALL, sort=Sort("name"))) == ["A 100%", "b 100%", "c"]
    assert await found(registry, replace(ALL, sort=Sort("unknown"))) == ["c", "A 100%", "b 100%"]
    assert await found(registry, replace(ALL, name="0%", sort=Sort("name", "DESC"))) == ["b 100%", "A 100%"]


async def test_replaced_by_another_type(registry: Registry) -> None:
    (id,) = await make(registry, "quality")
    rule = FeedbackRule("Quality", None, "boolean", "{}")
    await registry.feedback_definitions.replace(WORKSPACE, id, rule, "other")
    definition = await registry.feedback_definitions.get(WORKSPACE, id)
    assert FeedbackRule(definition.name, definition.description, definition.type, definition.details) == rule
    assert (definition.created_by, definition.last_updated_by) == ("admin", "other")


async def test_a_name_of_another_is_refused_and_changes_nothing(registry: Registry) -> None:
    first, _ = await make(registry, "a", "b")
    with pytest.raises(FeedbackDefinitionExists):
        await registry.feedback_definitions.replace(WORKSPACE, first, with_changes(RULE, name="B"), "admin")
    assert await found(registry, ALL) == ["b", "a"]


async def test_unknown_or_in_another_workspace(registry: Registry) -> None:
    (id,) = await make(registry, "quality")
    for workspace, unknown in ((new_id(), id), (WORKSPACE, new_id())):
        with pytest.raises(FeedbackDefinitionNotFound):
            await registry.feedback_definitions.get(workspace, unknown)
        with pytest.raises(FeedbackDefinitionNotFound):
            await registry.feedback_definitions.replace(workspace, unknown, RULE, "admin")
        await registry.feedback_definitions.delete_many(workspace, [unknown])
    assert await found(registry, ALL) == ["quality"]


async def test_a_deleted_name_is_free(registry: Registry) -> None:
    ids = await make(registry, "a", "b")
    await registry.feedback_definitions.delete_many(WORKSPACE, [*ids, new_id()])
    assert await found(registry, ALL) == []
    await make(registry, "a")
