"""The cache of graphs, which takes anything for one."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from weft.agents.runtime.builder import Blueprint
from weft.agents.runtime.graphs import Graphs


def blueprint(revision: str) -> Blueprint:
    return Blueprint("agent", revision, "helper", "openai:local", True, ())


class Builder:
    """Builds when it may, and counts."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.may = asyncio.Event()
        self.may.set()

    def of(self, name: str) -> Callable[[], Coroutine[Any, Any, str]]:
        async def build() -> str:
            self.built.append(name)
            await self.may.wait()
            return name

        return build


async def test_what_is_there_is_not_built_again() -> None:
    graphs, builder = Graphs[str](2), Builder()
    assert await graphs.get(blueprint("a"), builder.of("one")) == "one"
    assert await graphs.get(blueprint("a"), builder.of("two")) == "one"
    assert builder.built == ["one"]


async def test_the_one_that_was_not_used_for_longest_goes() -> None:
    graphs, builder = Graphs[str](2), Builder()
    for name in ("a", "b", "a", "c", "a", "b"):
        await graphs.get(blueprint(name), builder.of(name))
    assert builder.built == ["a", "b", "c", "b"]


async def test_many_at_once_wait_for_one_builder_though_the_first_leaves() -> None:
    graphs, builder = Graphs[str](2), Builder()
    builder.may.clear()
    first, second = (asyncio.ensure_future(graphs.get(blueprint("a"), builder.of("a"))) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    builder.may.set()
    assert await second == "a"
    assert builder.built == ["a"]


async def test_what_failed_is_tried_again() -> None:
    graphs, builder = Graphs[str](2), Builder()

    async def failing() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await graphs.get(blueprint("a"), failing)
    assert await graphs.get(blueprint("a"), builder.of("a")) == "a"
