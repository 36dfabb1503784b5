"""From where the newest rows of a table probably are. DuckDB sorts all rows that it is asked for the newest of, in the
order of ids from the oldest on, which is the slowest there is: 0.2 us a row. It helps to ask for fewer."""

from time import monotonic
from typing import NamedTuple

from weft.model.ids import first_id_at, id_time_ms
from weft.store.engine import Reader

FRESH_S = 10.0
SMALL = 20_000  # rows that are sorted as quickly as a guess is made
ROOM = 20  # times as many rows as are wanted, for those of other projects and those that a condition leaves out
ROOM_OF_TOTAL = 2  # the same where it is known how many there are of all that are wanted, for times with fewer
LARGE = 0.5  # of all rows: to look at more than these twice would be slower


class _Extent(NamedTuple):
    rows: int
    oldest_ms: int
    newest_ms: int
    asked_at: float


class Extents:
    """How many rows tables have and of what time, as it was a moment ago."""

    def __init__(self) -> None:
        self._of: dict[str, _Extent] = {}

    async def likely_from(self, reader: Reader, table: str, below: str, rows: int, total: int | None) -> str | None:
        extent = self._of.get(table)
        if extent is None or monotonic() - extent.asked_at > FRESH_S:
            extent = self._of[table] = await _ask(reader, table)
        share = ROOM_OF_TOTAL * rows / max(total, 1) if total is not None else ROOM * rows / max(extent.rows, 1)
        if extent.rows <= SMALL or share > LARGE:
            return None
        newest_ms = min(id_time_ms(below), extent.newest_ms)
        return first_id_at(newest_ms - int(share * (extent.newest_ms - extent.oldest_ms)))


async def _ask(reader: Reader, table: str) -> _Extent:
    sql = f"SELECT count(*), CAST(min(id) AS VARCHAR), CAST(max(id) AS VARCHAR) FROM {table}"
    ((rows, oldest, newest),) = await reader.read(sql, {})
    return _Extent(rows, id_time_ms(oldest), id_time_ms(newest), monotonic()) if rows else _Extent(0, 0, 0, monotonic())
