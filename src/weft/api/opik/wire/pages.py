"""The envelope of every list that is read page by page, and the query parameters that ask for a page."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from weft.model.page import Paging

T = TypeVar("T")


class PageQuery(Struct, kw_only=True):
    """Opik's contract: pages count from 1, and their size has no upper bound."""

    page: int = 1
    size: int = 10

    @property
    def paging(self) -> Paging:
        return Paging(self.page, self.size)

    def violations(self) -> list[str]:
        return [
            f"query param {name} must be greater than or equal to 1"
            for name, value in (("page", self.page), ("size", self.size))
            if value < 1
        ]


class PageView(Struct, Generic[T], kw_only=True, omit_defaults=True):
    """Opik's contract: `size` is the number of items on this page, not the size that was asked for."""

    page: int
    size: int
    total: int
    content: Sequence[T]
    sortable_by: Sequence[str]
