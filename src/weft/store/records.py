"""How every kind of row is read: ids first on narrow columns, then whole rows and what belongs to them, in chunks."""

from asyncio import gather
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from weft.errors import NotFound
from weft.model.feedback_score import EntityType
from weft.model.page import Page
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.columns import columns_of
from weft.store.contract import Selection
from weft.store.database import Database
from weft.store.engine import Engine

Row = TypeVar("Row", Trace, Span)
Record = TypeVar("Record")

# Rows are read in chunks of at most so many, and of at most so many characters of payload.
CHUNK_ROWS = 250
CHUNK_CHARACTERS = 8_000_000


class Scope(NamedTuple):
    """The project that rows are read from."""

    workspace_id: str
    project_id: str


@dataclass(frozen=True)
class Kind(Generic[Row, Record]):
    """One kind of row: its statements, and how rows become records. `complete` keeps the order of the rows, and need
    not read what `exclude` names."""

    entity_type: EntityType
    row: type[Row]
    find: str
    count: str
    get: str
    load: str
    complete: Callable[[Database, Scope, Sequence[Row], frozenset[str]], Awaitable[list[Record]]]


class _Found(NamedTuple):
    id: str
    payload_bytes: int


async def get_one(db: Database, kind: Kind[Row, Record], workspace_id: str, id: str) -> Record:
    """From whatever project it is in. Raises NotFound."""
    rows = [kind.row(*row) for row in await db.run(kind.load, {"ids": [id]}, columns=columns_of(kind.row))]
    here = [row for row in rows if row.workspace_id == workspace_id][:1]
    if not here:
        raise NotFound(entity=f"{kind.entity_type.capitalize()} id", id=id)
    return (await kind.complete(db, Scope(workspace_id, here[0].project_id), here, frozenset()))[0]


async def find_page(db: Database, kind: Kind[Row, Record], selection: Selection) -> Page[Record]:
    total, found = await gather(_count(db, kind, selection), _find(db, kind, selection))
    items = [record for ids in _chunks(found) for record in await _get(db, kind, selection, ids)]
    return Page(selection.paging.number, total, items)


async def stream(
    engine: Engine, db: Database, kind: Kind[Row, Record], selection: Selection
) -> AsyncGenerator[Record, None]:
    """All from one state of the data, so that a row deleted meanwhile does not make the stream look complete."""
    async with engine.snapshot() as reader:
        db = db.on(reader)
        for ids in _chunks(await _find(db, kind, selection)):
            for record in await _get(db, kind, selection, ids):
                yield record


async def _find(db: Database, kind: Kind[Row, Record], selection: Selection) -> list[_Found]:
    params = _params(kind, selection) | {
        "before_id": selection.before_id,
        "limit": selection.paging.limit,
        "offset": selection.paging.offset,
    }
    slots = {
        "joins": _joins(db, selection.where.needs | selection.order.needs),
        "where": selection.where.sql,
        "order": selection.order.sql,
    }
    return [_Found(*row) for row in await db.run(kind.find, params, **slots)]


async def _count(db: Database, kind: Kind[Row, Record], selection: Selection) -> int:
    slots = {"joins": _joins(db, selection.where.needs), "where": selection.where.sql}
    rows = await db.run(kind.count, _params(kind, selection), **slots)
    return int(rows[0][0])


async def _get(db: Database, kind: Kind[Row, Record], selection: Selection, ids: list[str]) -> list[Record]:
    """The records of these ids, in their order."""
    scope = Scope(selection.workspace_id, selection.project_id)
    columns = columns_of(kind.row, _payload_columns(selection))
    rows = await db.run(kind.get, scope._asdict() | {"ids": ids}, columns=columns)
    by_id = {row.id: row for row in (kind.row(*row) for row in rows)}
    return await kind.complete(db, scope, [by_id[id] for id in ids if id in by_id], selection.exclude)


def _params(kind: Kind[Row, Record], selection: Selection) -> dict[str, object]:
    return {
        "workspace_id": selection.workspace_id,
        "project_id": selection.project_id,
        "from_id": selection.from_id,
        "to_id": selection.to_id,
        "entity_type": kind.entity_type,
        "sort_key": "",
        **selection.where.params,
        **selection.order.params,
    }


def _joins(db: Database, needs: frozenset[str]) -> str:
    return "\n".join(db.statements[f"join_{need}"] for need in sorted(needs))


def _payload_columns(selection: Selection) -> dict[str, str]:
    """How the payload columns are read: left out, cut, or (not named here) as they are."""
    cut = {
        "input": "weft_preview(t.input)",
        "output": "weft_preview(t.output)",
        "metadata": "weft_without_images(t.metadata)",
    }
    left_out = {name: "NULL" for name in cut if name in selection.exclude}
    return (cut if selection.truncate else {}) | left_out


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
