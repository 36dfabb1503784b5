"""How much each table holds."""

from weft.model.table_stats import TableStats
from weft.store.database import Database

_HOUR_US = 3600 * 1_000_000


async def table_stats(db: Database, now_us: int) -> list[TableStats]:
    """The largest table first."""
    rows = await db.run("table_stats", {"hour_us": now_us - _HOUR_US, "day_us": now_us - 24 * _HOUR_US})
    tables = [TableStats(table, *map(int, figures)) for table, *figures in rows]
    return sorted(tables, key=lambda stats: (-stats.rows, stats.table))
