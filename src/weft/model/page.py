"""Pages: what is asked for (`Paging`) and what is found (`Page`)."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")

_MAX_ROWS = 2**63 - 1


class Paging(Struct, frozen=True):
    """A page by its number, from 1, and its size. `limit` and `offset` are cut to what a 64-bit engine takes."""

    number: int = 1
    size: int = 10

    @property
    def limit(self) -> int:
        return min(self.size, _MAX_ROWS)

    @property
    def offset(self) -> int:
        return min((self.number - 1) * self.size, _MAX_ROWS)

    def cut(self, items: Sequence[T]) -> list[T]:
        return list(items[self.offset : self.offset + self.limit])


class Page(Struct, Generic[T], frozen=True):
    """`total` counts all items there are, of which `items` are those on page number `page`."""

    page: int
    total: int
    items: list[T]
