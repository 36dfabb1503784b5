"""What runs tell while they go on, event by event. They go with their run."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from weft.model.run import RunEvent
from weft.registry.database import Database
from weft.registry.tables import RUN_EVENTS

_COLUMNS = tuple(RUN_EVENTS.c[name] for name in RunEvent.__struct_fields__)
_INSERT = RUN_EVENTS.insert()


class RunEvents:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, events: Sequence[tuple[str, RunEvent]]) -> None:
        """All of them or none, each with the id of its run."""
        await self._database.write(lambda c: put_events(c, events))

    async def find_after(self, run_id: str, sequence: int, limit: int) -> list[RunEvent]:
        """In their order."""
        later = (RUN_EVENTS.c.run_id == run_id) & (RUN_EVENTS.c.sequence > sequence)
        query = select(*_COLUMNS).where(later).order_by(RUN_EVENTS.c.sequence).limit(limit)
        return await self._database.read(lambda c: [RunEvent(*row) for row in c.execute(query)])

    async def last_sequence(self, run_id: str) -> int:
        """0 if there are none."""
        query = select(func.coalesce(func.max(RUN_EVENTS.c.sequence), 0)).where(RUN_EVENTS.c.run_id == run_id)
        return await self._database.read(lambda c: c.execute(query).scalar_one())


def put_events(connection: Connection, events: Sequence[tuple[str, RunEvent]]) -> None:
    """As `RunEvents.put`, in a transaction of the caller's."""
    if events:
        connection.execute(_INSERT, [{"run_id": run_id, **_row(event)} for run_id, event in events])


def _row(event: RunEvent) -> dict[str, object]:
    return {"sequence": event.sequence, "event": event.event, "data": event.data}
