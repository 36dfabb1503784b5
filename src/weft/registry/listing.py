"""What lists of named things have in common: a part of a name, a sort, a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select, true

from weft.filters.sorting import Sort
from weft.model.names import name_key
from weft.model.page import Paging

Sortable = Mapping[str, ColumnElement[object]]


def read_page(
    connection: Connection,
    columns: Sequence[ColumnElement[object]],
    where: ColumnElement[bool],
    order: Sequence[ColumnElement[object]],
    paging: Paging,
) -> tuple[int, Sequence[Row[*tuple[Any, ...]]]]:
    """How many rows there are, and those of the page."""
    total = connection.execute(select(func.count()).where(where)).scalar_one()
    page = select(*columns).where(where).order_by(*order).limit(paging.limit).offset(paging.offset)
    return total, connection.execute(page).all()


def name_contains(table: Table, text: str | None) -> ColumnElement[bool]:
    """Whatever the case. Not LIKE, which has characters of its own and, in SQLite, a limit on its pattern."""
    part = name_key(text or "")
    return func.replace(table.c.name_key, part, "") != table.c.name_key if part else true()


def ordered(sort: Sort | None, sortable: Sortable) -> list[ColumnElement[object]]:
    """Nothing for a field that is not in `sortable`."""
    if sort is None or sort.field not in sortable:
        return []
    column = sortable[sort.field]
    return [column.desc() if sort.direction == "DESC" else column.asc()]
