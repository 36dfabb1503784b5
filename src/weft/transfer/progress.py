"""How far a transfer has come, on a terminal."""

import time
from collections import Counter
from typing import Protocol, TextIO

_BAR = 24
_EVERY_S = 0.2


class Progress(Protocol):
    def begin(self, name: str, total: int | None, done: int = 0) -> None:
        """A part of the work, of which so much is done already."""

    def advance(self, amount: int = 1) -> None: ...

    def end(self) -> None: ...


class Silent:
    """Only counts: `counts` has what was done now, by name."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._name = ""

    def begin(self, name: str, total: int | None, done: int = 0) -> None:
        self._name = name

    def advance(self, amount: int = 1) -> None:
        self.counts[self._name] += amount

    def end(self) -> None: ...


class Bar(Silent):
    """One line for each part, drawn over itself."""

    def __init__(self, terminal: TextIO) -> None:
        super().__init__()
        self._terminal = terminal
        self._total: int | None = None
        self._done = self._before = 0
        self._began = self._drawn = 0.0

    def begin(self, name: str, total: int | None, done: int = 0) -> None:
        super().begin(name, total, done)
        self._total, self._done, self._before = total, done, done
        self._began = time.monotonic()
        self._draw()

    def advance(self, amount: int = 1) -> None:
        super().advance(amount)
        self._done += amount
        if time.monotonic() - self._drawn > _EVERY_S:
            self._draw()

    def end(self) -> None:
        self._draw()
        self._terminal.write("\n")
        self._terminal.flush()

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        rate = (self._done - self._before) / max(self._drawn - self._began, 0.001)
        self._terminal.write(f"\r{bar_line(self._name, self._done, self._total, rate)}\x1b[K")
        self._terminal.flush()


def bar_line(name: str, done: int, total: int | None, rate: float) -> str:
    """`traces       [############            ] 1,234 of 2,468, 500/s`"""
    if not total:
        return f"{name:<12} {done:,}, {rate:,.0f}/s"
    filled = min(_BAR, _BAR * done // total)
    return f"{name:<12} [{'#' * filled}{' ' * (_BAR - filled)}] {done:,} of {total:,}, {rate:,.0f}/s"
