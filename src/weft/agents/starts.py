"""Who has just come is answered first: runs work when none is about to begin."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PATIENCE_S = 0.25  # of work, while others begin


class Starts:
    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextmanager
    def begin(self) -> Iterator[None]:
        self._count += 1
        self._none.clear()
        try:
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
