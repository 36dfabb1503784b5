"""How every kind of row is read: ids first on narrow columns, then whole rows and what belongs to them, in chunks."""

import asyncio
from asyncio import gather
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Generic, NamedTuple, Protocol, TypeVar

from msgspec.structs import replace

from weft.errors import NotFound
from weft.filters.compile import EVERYTHING, NEWEST_FIRST, SEARCH, Fragment, both
from weft.model.feedback_score import EntityType
from weft.model.page import Page
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.among import Among
from weft.store.columns import columns_of
from weft.store.contract import Scope, Selection
from weft.store.database import Database
from weft.store.engine import Engine
from weft.store.selecting import selection_params, selection_slots

Row = TypeVar("Row", Trace, Span)
Record = TypeVar("Record")

# Rows are read in chunks of at most so many, and of at most so many characters of payload.
CHUNK_ROWS = 250
CHUNK_CHARACTERS = 8_000_000

# For the slot of how many rows there are in all, besides those that are found.
COUNTED = "count(*) OVER ()"
NOT_COUNTED = "0"

# Columns that only merging needs. Each column costs a read about 0.1 ms.
_NOT_READ = {
    "create_stamp": "NULL",
    "patched": "weft_empty_list()",
    "tags_added": "weft_empty_list()",
    "tags_removed": "weft_empty_list()",
    "payload_bytes": "0",
}


class Findable(Protocol[Record]):
    """What can be found page by page: statements that find and count ids, what they always join, and how the records of
    some ids are read, in their order."""

    @property
    def entity_type(self) -> EntityType: ...

    @property
    def find(self) -> str: ...

    @property
    def count(self) -> str: ...

    @property
    def joined(self) -> frozenset[str]: ...

    async def read(self, db: Database, selection: Selection, ids: Sequence[str]) -> list[Record]: ...


@dataclass(frozen=True)
class Kind(Generic[Row, Record]):
    """One kind of row and its statements. `complete` reads what belongs to the rows of some ids, except for what is
    excluded, and returns how a row becomes a record."""

    entity_type: EntityType
    row: type[Row]
    find: str
    count: str
    get: str
    get_one: str
    complete: Callable[[Database, Scope, Among, frozenset[str]], Awaitable[Callable[[Row], Record]]]
    joined: frozenset[str] = frozenset()

    async def read(self, db: Database, selection: Selection, ids: Sequence[str]) -> list[Record]:
        scope = Scope(selection.workspace_id, selection.project_id)
        among = Among(ids, gapless=selection.where == EVERYTHING and selection.order.sql == NEWEST_FIRST.sql)
        columns = columns_of(self.row, _columns(selection))
        rows, record = await gather(
            db.run(self.get, scope._asdict() | among.params, columns=columns, where=among.condition("t.id")),
            self.complete(db, scope, among, selection.exclude),
        )
        by_id = {row.id: row for row in (self.row(*row) for row in rows)}
        return [record(by_id[id]) for id in ids if id in by_id]


class _Found(NamedTuple):
    id: str
    payload_bytes: int
    total: int


async def get_row(db: Database, kind: Kind[Row, Record], workspace_id: str, id: str) -> Row:
    """From whatever project it is in. Raises NotFound."""
    params = {"workspace_id": workspace_id, "id": id}
    rows = await db.run(kind.get_one, params, columns=columns_of(kind.row, _NOT_READ))
    if not rows:
        raise NotFound(entity=f"{kind.entity_type.capitalize()} id", id=id)
    return kind.row(*rows[0])


async def find_page(db: Database, kind: Findable[Record], selection: Selection) -> Page[Record]:
    total, found = await _find_and_count(db, kind, await _narrowed(db, kind, selection))
    items = [record for ids in _chunks(found) for record in await kind.read(db, selection, ids)]
    return Page(selection.paging.number, total, items)


async def stream(
    engine: Engine, db: Database, kind: Findable[Record], selection: Selection
) -> AsyncGenerator[Record, None]:
    """All from one state of the data, so that a row deleted meanwhile does not make the stream look complete."""
    async with engine.snapshot() as reader:
        db = db.on(reader)
        found = await _find(db, kind, await _narrowed(db, kind, selection))
        async with aclosing(_read_ahead(partial(kind.read, db, selection), _chunks(found))) as chunks:
            async for records in chunks:
                for record in records:
                    yield record


async def _read_ahead(
    read: Callable[[Sequence[str]], Awaitable[list[Record]]], chunks: Iterable[Sequence[str]]
) -> AsyncGenerator[list[Record], None]:
    """While one chunk is worked on, the next one is read."""
    reading: asyncio.Future[list[Record]] | None = None
    try:
        for ids in chunks:
            records = await reading if reading else None
            reading = asyncio.ensure_future(read(ids))
            if records is not None:
                yield records
        if reading:
            yield await reading
    finally:
        if reading:
            reading.cancel()
            await gather(reading, return_exceptions=True)


async def _narrowed(db: Database, kind: Findable[Record], selection: Selection) -> Selection:
    """With a condition before that of a search, for an engine to pass over most rows by. It finds the same."""
    text = selection.where.params.get(SEARCH)
    if not isinstance(text, str) or kind.entity_type == "thread":
        return selection
    condition = await db.reader.may_have(f"{kind.entity_type}s", text)
    return replace(selection, where=both(Fragment(condition), selection.where))


async def _find_and_count(db: Database, kind: Findable[Record], selection: Selection) -> tuple[int, list[_Found]]:
    """In one go where rows must be looked at to be counted, as that is most of the work of both."""
    params = selection_params(selection, kind.entity_type)
    slots = selection_slots(db, selection, kind.joined)
    count = db.known(kind.count, params, **slots)
    if count.rows is not None:
        total = int(count.rows[0][0])
        return total, await _find(db, kind, selection, total)
    if selection.where == EVERYTHING and not kind.joined:
        rows, found = await gather(db.run(kind.count, params, **slots), _find(db, kind, selection))
    else:
        found = await _find_within(db, kind, selection, COUNTED)
        is_beyond = not found and selection.paging.offset > 0
        rows = await db.run(kind.count, params, **slots) if is_beyond else [(found[0].total if found else 0,)]
    count.keep(rows)
    return int(rows[0][0]), found


async def _find(db: Database, kind: Findable[Record], selection: Selection, total: int | None = None) -> list[_Found]:
    """The newest are looked for where they probably are, and everywhere if not all are there. `total` is how many there
    are, if that is known."""
    from_id = await _likely_from(db, kind, selection, total)
    if from_id is not None:
        found = await _find_within(db, kind, replace(selection, from_id=from_id))
        if len(found) == selection.paging.limit:
            return found
    return await _find_within(db, kind, selection)


async def _likely_from(db: Database, kind: Findable[Record], selection: Selection, total: int | None) -> str | None:
    if kind.entity_type == "thread" or selection.order.sql != NEWEST_FIRST.sql:
        return None
    below = min(selection.before_id, selection.to_id)
    rows = selection.paging.offset + selection.paging.limit
    from_id = await db.reader.likely_from(f"{kind.entity_type}s", below, rows, total)
    return from_id if from_id is not None and from_id > selection.from_id else None


async def _find_within(
    db: Database, kind: Findable[Record], selection: Selection, total: str = NOT_COUNTED
) -> list[_Found]:
    params = selection_params(selection, kind.entity_type) | {
        "before_id": selection.before_id,
        "limit": selection.paging.limit,
        "offset": selection.paging.offset,
    }
    slots = selection_slots(db, selection, kind.joined | selection.order.needs)
    return [_Found(*row) for row in await db.run(kind.find, params, order=selection.order.sql, total=total, **slots)]


def _columns(selection: Selection) -> dict[str, str]:
    """What is read instead of some columns: payloads may be left out or cut."""
    cut = {
        "input": "weft_preview(t.input)",
        "output": "weft_preview(t.output)",
        "metadata": "weft_without_images(t.metadata)",
    }
    left_out = {name: "NULL" for name in cut if name in selection.exclude}
    return _NOT_READ | (cut if selection.truncate else {}) | left_out


def _chunks(found: Sequence[_Found]) -> Iterator[list[str]]:
    """Ids in order, grouped so that no group's payload is large unless one row's alone is."""
    ids: list[str] = []
    characters = 0
    for row in found:
        if ids and (len(ids) == CHUNK_ROWS or characters + row.payload_bytes > CHUNK_CHARACTERS):
            yield ids
            ids, characters = [], 0
        ids.append(row.id)
        characters += row.payload_bytes
    if ids:
        yield ids
