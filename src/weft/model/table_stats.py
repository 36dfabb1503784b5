"""How much a table of the store holds, and how much has come of late."""

from msgspec import Struct


class TableStats(Struct, frozen=True):
    """`bytes` are those of payloads and of attached files. `last_hour` and `last_day` are rows, by when they came."""

    table: str
    rows: int
    bytes: int
    last_hour: int
    last_day: int
