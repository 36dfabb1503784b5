"""Opens what runs agents before the first run has to wait for it, on a server that has an agent."""

import asyncio
import logging

from weft.agents.runs import Runs
from weft.registry import Registry

LOG = logging.getLogger("weft.agents")

AFTER_S = 1.0  # whoever has just come is answered first


class WarmUp:
    """Once started, and once there is an agent. A run that comes meanwhile waits for the same."""

    def __init__(self, registry: Registry, runs: Runs, after_s: float = AFTER_S) -> None:
        self._registry = registry
        self._runs = runs
        self._after_s = after_s
        self._made = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._open())

    def agent_made(self) -> None:
        self._made.set()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _open(self) -> None:
        """What goes wrong is for the first run to tell."""
        try:
            if await self._registry.agents.newest() is None:
                await self._made.wait()
            await asyncio.sleep(self._after_s)
            if (newest := await self._registry.agents.newest()) is not None:
                await self._runs.prepare(newest)
        except Exception as error:
            LOG.info("agents not opened ahead of runs", exc_info=error)
