"""What has been kept long enough: counted, and deleted a slice at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weft.model.retention import Cutoff, Expired
from weft.store.changes import Execute, Table
from weft.store.contract import Scope
from weft.store.database import Database
from weft.store.thread_changes import DeleteThreads
from weft.store.unit_of_work import UnitOfWork


async def count_expired(db: Database, scope: Scope, cutoff: Cutoff) -> Expired:
    params = scope._asdict() | {"before_id": cutoff.first_id, "before_us": cutoff.us}
    rows = await db.run("count_expired", params)
    return Expired(**{noun: int(count) for noun, count, _ in rows}, bytes=sum(int(size) for *_, size in rows))


async def expired_trace_ids(db: Database, scope: Scope, cutoff: Cutoff, limit: int) -> list[str]:
    params = scope._asdict() | {"before_id": cutoff.first_id, "limit": limit}
    return [id for (id,) in await db.run("expired_trace_ids", params)]


def delete_lost(scope: Scope, cutoff: Cutoff) -> Execute:
    """What was said before the cutoff of spans that never came."""
    return Execute(
        ("delete_scores_of_lost_spans", "delete_comments_of_lost_spans", "delete_attachments_of_lost_spans"),
        scope._asdict() | {"before_id": cutoff.first_id},
        frees=("places_of_lost_spans",),
    )


@dataclass(frozen=True)
class DeleteEmptyThreads:
    """Those that have no traces and were quiet since before an instant: how many went. A trace that comes meanwhile
    comes before or after."""

    scope: Scope
    before_us: int
    limit: int

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {}

    def apply(self, unit: UnitOfWork) -> int:
        params = self.scope._asdict() | {"before_us": self.before_us, "limit": self.limit}
        thread_ids = [thread_id for (thread_id,) in unit.read("expired_thread_ids", params)]
        if thread_ids:
            DeleteThreads(self.scope, thread_ids).apply(unit)
        return len(thread_ids)
