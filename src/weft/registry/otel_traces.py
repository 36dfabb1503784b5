"""Which trace each OpenTelemetry trace has become: settled by the first batch that brings a span of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection, and_, select
from sqlalchemy.exc import IntegrityError

from weft.registry.cache import RecentlyUsed
from weft.registry.database import Database, insert_new
from weft.registry.tables import OTEL_TRACES

_CACHED = 65_536
_READ_TOGETHER = 500


class OtelTraces:
    """A mapping never changes, so what was read once is answered from memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: RecentlyUsed[tuple[str, str], str] = RecentlyUsed(_CACHED)

    async def ensure(self, workspace_id: str, proposed: Mapping[str, str]) -> dict[str, str]:
        """Trace ids by OpenTelemetry trace id: the one that is known already or else the one that is proposed, which
        is kept. Any number may ask at once, in any number of processes: all get the same ones."""
        found = {otel_id: self._known.get((workspace_id, otel_id)) for otel_id in proposed}
        unknown = {otel_id: proposed[otel_id] for otel_id, id in found.items() if id is None}
        settled = await self._settle(workspace_id, unknown) if unknown else {}
        return {otel_id: id or settled[otel_id] for otel_id, id in found.items()}

    async def _settle(self, workspace_id: str, proposed: Mapping[str, str]) -> dict[str, str]:
        epoch = self._known.epoch
        settled = await self._database.write(lambda c: _insert_or_read(c, workspace_id, proposed))
        for otel_id, id in settled.items():
            self._known.put((workspace_id, otel_id), id, epoch)
        return settled


def _insert_or_read(connection: Connection, workspace_id: str, proposed: Mapping[str, str]) -> dict[str, str]:
    known = _read(connection, workspace_id, proposed)
    fresh = [otel_id for otel_id in proposed if otel_id not in known]
    if not fresh:
        return known
    _insert(connection, [_row(workspace_id, otel_id, proposed[otel_id]) for otel_id in fresh])
    return known | _read(connection, workspace_id, fresh)


def _read(connection: Connection, workspace_id: str, otel_ids: Iterable[str]) -> dict[str, str]:
    columns = (OTEL_TRACES.c.otel_trace_id, OTEL_TRACES.c.trace_id)
    found: dict[str, str] = {}
    for some in _parts(otel_ids):
        where = and_(OTEL_TRACES.c.workspace_id == workspace_id, OTEL_TRACES.c.otel_trace_id.in_(some))
        found |= {row.otel_trace_id: row.trace_id for row in connection.execute(select(*columns).where(where))}
    return found


def _insert(connection: Connection, rows: Sequence[Mapping[str, str]]) -> None:
    try:
        with connection.begin_nested():
            connection.execute(OTEL_TRACES.insert(), rows)
    except IntegrityError:
        # Another process was quicker with some of them: theirs stay.
        for row in rows:
            insert_new(connection, OTEL_TRACES, row)


def _row(workspace_id: str, otel_id: str, id: str) -> dict[str, str]:
    return {"workspace_id": workspace_id, "otel_trace_id": otel_id, "trace_id": id}


def _parts(otel_ids: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(otel_ids)
    while part := list(islice(remaining, _READ_TOGETHER)):
        yield part
