"""Reads a text piece by piece, and says where it is not what was expected."""

import re
from collections.abc import Iterable

from weft.errors import InvalidQueryText

_SPACE = re.compile(r"\s*")
_PIECE = re.compile(r"\w+|\"[^\"]*\"?|'[^']*'?|\S")
_SHOWN = 40  # characters of the line before and after the place of an error


class Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def at(self) -> int:
        """Where the next piece begins, behind white space."""
        match = _SPACE.match(self._text, self._at)
        return match.end() if match else self._at

    @property
    def at_end(self) -> bool:
        return self.at == len(self._text)

    def take(self, piece: re.Pattern[str]) -> str | None:
        """The next piece if it matches, after white space."""
        self._at = self.at
        return self.take_here(piece)

    def take_here(self, piece: re.Pattern[str]) -> str | None:
        """The same with no white space before it."""
        match = piece.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[0]

    def unexpected(self, allowed: Iterable[str], at: int | None = None) -> InvalidQueryText:
        """What would be allowed at the next piece, or where something stands that was read already."""
        at, allowed = self.at if at is None else at, list(allowed)
        piece = _PIECE.match(self._text, at)
        found = piece[0][:_SHOWN] if piece else "the end"
        return self.error(f"expected {_either(allowed)}, found {found}", at, allowed)

    def error(self, reason: str, at: int, allowed: Iterable[str] = ()) -> InvalidQueryText:
        start = self._text.rfind("\n", 0, at) + 1
        return InvalidQueryText(
            line=self._text.count("\n", 0, at) + 1,
            column=at - start + 1,
            reason=reason,
            offset=at,
            excerpt=self._excerpt(start, at),
            allowed=tuple(allowed),
        )

    def _excerpt(self, line_start: int, at: int) -> str:
        """The part of the line around a place, and a caret under the place."""
        line = self._text[line_start:].partition("\n")[0].replace("\t", " ")
        column = at - line_start
        start = max(0, column - _SHOWN)
        return f"{line[start : column + _SHOWN]}\n{' ' * (column - start)}^"


def _either(allowed: list[str]) -> str:
    *others, last = allowed
    return f"{', '.join(others)} or {last}" if others else last
