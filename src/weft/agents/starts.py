"""Who has just come is answered first: runs begin one after the other, and work when none is about to begin."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

AT_ONCE = 4  # more would only make each other late
PATIENCE_S = 0.25  # of work, while others begin


class Starts:
    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        self._count += 1
        self._none.clear()
        try:
            async with self._places:
                yield
        finally:
            self._count -= 1
            if self._count == 0:
                self._none.set()

    async def none(self) -> None:
        """Returns when none is about to begin, or after a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._none.wait()
