"""The words of blocks of rows, by which a search passes over the blocks that cannot have its text (decision 0018).

Every row of traces and spans is in the block that was open when it was last written. Once a block is full, no row comes
to it any more, and its words can be collected at leisure. A block without words is read by every search, and the rows
of the others are still compared with the whole text: words that are missing or too many cost nothing but time.

A word is what stands between spaces and quotation marks, in lower case. If a text has another text inside, each word of
that one is inside one of its words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from weft.filters.fields import SPANS, TRACES, Field, FieldType
from weft.model.ids import may_be_in_id
from weft.store.engine import Reader

BLOCK_ROWS = 4096
MAX_RANGES = 200
EVERYWHERE = "true"

MAX_WORDS = 4_000_000  # characters of a block, beyond which its words would be no less than its rows

_WORDS = """string_split(replace(lower({text}), '"', ' '), ' ')"""


def _searched(fields: Sequence[Field]) -> str:
    """The texts of a row. Ids are left out: they would be the most words by far, and are found without."""
    texts = [
        f"array_to_string({field.sql}, ' ')" if field.type is FieldType.LIST else field.sql
        for field in fields
        if field.id_column is None
    ]
    return f"concat_ws(' ', {', '.join(texts)})"


# By table, what the words are of.
SEARCHED: Mapping[str, str] = {"traces": _searched(TRACES.searchable), "spans": _searched(SPANS.searchable)}

# Beyond those that have words, too: a new row in one of them would be passed over.
_NEXT_BLOCK = """
    SELECT 1 + greatest(-1, (SELECT max(block) FROM traces), (SELECT max(block) FROM spans),
                        (SELECT max(block) FROM search_words))
"""
_WITHOUT_WORDS = """
    SELECT DISTINCT t.block FROM {table} AS t
    WHERE t.block < $full AND t.block NOT IN (SELECT w.block FROM search_words AS w WHERE w.source = '{table}')
"""
_COLLECT = f"""
    INSERT INTO search_words
    SELECT '{{table}}', $block, CASE WHEN sum(strlen(word)) <= {MAX_WORDS} THEN string_agg(word, ' ') END
    FROM (SELECT DISTINCT unnest({_WORDS.format(text="{texts}")}) AS word FROM {{table}} AS t WHERE t.block = $block)
"""
_FORGET = "DELETE FROM search_words WHERE source = '{table}' AND block NOT IN (SELECT t.block FROM {table} AS t)"
_PASSED_OVER = f"""
    SELECT w.block FROM search_words AS w
    WHERE w.source = $source AND len(list_filter(
        {_WORDS.format(text="$text")}, lambda word: NOT contains(w.words, word))) > 0
"""
_BUT_OF_ID = (
    " AND w.block NOT IN (SELECT t.block FROM {table} AS t WHERE contains(CAST(t.id AS VARCHAR), lower($text)))"
)


class Blocks:
    """Moved on by the one writer, read by all. No row comes to a block below `full`, and none is on its way there."""

    def __init__(self, cursor: DuckDBPyConnection) -> None:
        self.full: int = cursor.execute(_NEXT_BLOCK).fetchall()[0][0]
        self._open: int = self.full
        self._rows = 0

    def take(self, rows: int) -> int:
        """The block of some new rows."""
        block = self._open
        self._rows += rows
        if self._rows >= BLOCK_ROWS:
            self._rows = 0
            self._open += 1
        return block

    def settle(self) -> None:
        """After a transaction has been committed or rolled back."""
        self.full = self._open


class _Block(NamedTuple):
    table: str
    number: int


def collect_words(cursor: DuckDBPyConnection, full: int) -> None:
    """Of all full blocks that have none yet, the newest first. Forgets those of blocks that have no rows any more."""
    for table, number in _without_words(cursor, full):
        cursor.execute(_COLLECT.format(table=table, texts=SEARCHED[table]), {"block": number})
    for table in SEARCHED:
        cursor.execute(_FORGET.format(table=table))


async def block_condition(reader: Reader, full: int, table: str, text: str) -> str:
    """Holds for every row `t` that may have the text, now and when it is written again. `full` is that of before."""
    sql = _PASSED_OVER + (_BUT_OF_ID.format(table=table) if may_be_in_id(text) else "")
    rows = await reader.read(sql, {"source": table, "text": text})
    passed_over = {block for (block,) in rows if block < full}
    ranges = list(_between(passed_over, full))
    if not passed_over or len(ranges) > MAX_RANGES:
        return EVERYWHERE
    single = ", ".join(str(first) for first, last in ranges if first == last)
    conditions = [f"t.block BETWEEN {first} AND {last}" for first, last in ranges if first < last]
    conditions += [f"t.block IN ({single})"] if single else []
    return f"({' OR '.join([*conditions, f't.block >= {full}'])})"


def _without_words(cursor: DuckDBPyConnection, full: int) -> list[_Block]:
    found = [
        _Block(table, number)
        for table in SEARCHED
        for (number,) in cursor.execute(_WITHOUT_WORDS.format(table=table), {"full": full}).fetchall()
    ]
    return sorted(found, key=lambda block: -block.number)


def _between(passed_over: Iterable[int], full: int) -> Iterator[tuple[int, int]]:
    """The ranges of blocks that are left, each with its first and last one."""
    for before, after in pairwise([-1, *sorted(passed_over), full]):
        if after - before > 1:
            yield before + 1, after - 1
