"""Graphs that have been built, the last used of them."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from weft.agents.runtime.builder import Blueprint

Built = TypeVar("Built")


class Graphs(Generic[Built]):
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._built: OrderedDict[Blueprint, asyncio.Task[Built]] = OrderedDict()

    async def get(self, blueprint: Blueprint, build: Callable[[], Awaitable[Built]]) -> Built:
        """Built once, though many ask for it at the same time, and whoever of them leaves. What could not be built is
        tried again by the next."""
        task = self._built.get(blueprint)
        if task is None:
            task = self._built[blueprint] = asyncio.ensure_future(_awaited(build))
            task.add_done_callback(lambda done: self._forget_failed(blueprint, done))
        self._built.move_to_end(blueprint)
        while len(self._built) > self._limit:
            self._built.popitem(last=False)
        return await asyncio.shield(task)

    async def close(self) -> None:
        for task in self._built.values():
            task.cancel()
        await asyncio.gather(*self._built.values(), return_exceptions=True)
        self._built.clear()

    def _forget_failed(self, blueprint: Blueprint, task: "asyncio.Task[Built]") -> None:
        if (task.cancelled() or task.exception()) and self._built.get(blueprint) is task:
            del self._built[blueprint]


async def _awaited(build: Callable[[], Awaitable[Built]]) -> Built:
    return await build()
