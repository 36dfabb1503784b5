"""Lists that are read on from where the last page ended, whatever has been added or taken away since."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, tuple_

from weft.errors import InvalidCursor


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order by `column`, and by `id` where that is equal. `name` tells it from other orders of the same list."""

    name: str
    column: ColumnElement[Any]
    id: ColumnElement[str]
    descending: bool

    def page(
        self, connection: Connection, query: Select[*tuple[Any, ...]], size: int, cursor: str | None
    ) -> tuple[list[Row[*tuple[Any, ...]]], str | None]:
        """At most `size` rows after `cursor`, and the cursor of the next page if there is one. Raises InvalidCursor for
        a text that is not a cursor of this order."""
        if cursor:
            query = query.where(self._after(*self._read(cursor)))
        columns = (self.column, self.id)
        order = [column.desc() if self.descending else column.asc() for column in columns]
        keyed = query.add_columns(*(column.label(f"key_{place}") for place, column in enumerate(columns)))
        rows = connection.execute(keyed.order_by(*order).limit(size + 1)).all()
        if len(rows) <= size:
            return list(rows), None
        last = rows[size - 1]
        return list(rows[:size]), self._cursor(last.key_0, last.key_1)

    def _after(self, value: object, id: str) -> ColumnElement[bool]:
        here, there = tuple_(self.column, self.id), tuple_(value, id)
        return here < there if self.descending else here > there

    def _cursor(self, value: object, id: str) -> str:
        return urlsafe_b64encode(json.dumps([self._order, value, id]).encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> tuple[int | str, str]:
        try:
            order, value, id = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidCursor() from error
        if order != self._order or type(value) is not self.column.type.python_type or not isinstance(id, str):
            raise InvalidCursor()
        if isinstance(value, int) and abs(value) >= 1 << 63:
            raise InvalidCursor()
        return value, id

    @property
    def _order(self) -> str:
        return f"{self.name} {'desc' if self.descending else 'asc'}"
