"""A thread as it is stored, and what is read with it: a conversation of traces that name the same `thread_id`."""

from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from weft.errors import TagLimitExceeded
from weft.model.comment import Comment
from weft.model.feedback_score import FoldedScore
from weft.model.ids import id_time_ms, new_id
from weft.model.merge import MAX_TAGS, Patch, edited_tags
from weft.model.trace import Trace


class Thread(Struct, frozen=True, omit_defaults=True):
    """The fields are the columns of table `threads`, in order. Stamps are microseconds since the epoch.

    `thread_id` is the client's own text; `id` is what Opik calls the thread model id, of version 7 and of the time of
    the thread's first trace. A thread is inactive while it is closed, or when `active_at` (its last new trace or
    opening) is longer ago than the workspace's timeout: computed when it is read, so nothing has to go and mark it.
    """

    workspace_id: str
    project_id: str
    thread_id: str
    id: str
    closed: bool = False
    active_at: int = 0
    tags: list[str] = field(default_factory=list)
    source: str | None = None
    environment: str | None = None
    created_at: int = 0
    created_by: str = ""
    last_updated_at: int = 0
    last_updated_by: str = ""


class ThreadTotals(Struct, frozen=True):
    """What the traces of one thread add up to. Times are ns since the epoch; the messages are JSON text."""

    trace_count: int
    start_time: int
    end_time: int | None = None
    first_message: str | None = None
    last_message: str | None = None
    total_estimated_cost: Decimal = Decimal(0)
    usage: dict[str, int] = field(default_factory=dict)


class ThreadRecord(Struct, frozen=True):
    """A thread with everything that a reader sees of it."""

    thread: Thread
    active: bool
    totals: ThreadTotals
    scores: tuple[FoldedScore, ...] = ()
    comments: tuple[Comment, ...] = ()


def new_thread(workspace_id: str, project_id: str, thread_id: str, at: int, by: str) -> Thread:
    """A thread that no trace has come to yet."""
    return Thread(
        workspace_id,
        project_id,
        thread_id,
        id=new_id(at // 1000),
        active_at=at,
        created_at=at,
        created_by=by,
        last_updated_at=at,
        last_updated_by=by,
    )


def first_thread(trace: Trace, thread_id: str, at: int) -> Thread:
    """The thread that its first trace makes."""
    return Thread(
        trace.workspace_id,
        trace.project_id,
        thread_id,
        id=new_id(id_time_ms(trace.id)),
        active_at=at,
        source=trace.source,
        environment=trace.environment,
        created_at=trace.created_at,
        created_by=trace.created_by,
        last_updated_at=trace.last_updated_at,
        last_updated_by=trace.last_updated_by,
    )


def touched(thread: Thread, trace: Trace, at: int) -> Thread:
    """The thread after a further trace: open, and as new as the newest of its traces (Opik's contract, B.20a)."""
    newest: Thread | Trace = trace if trace.last_updated_at > thread.last_updated_at else thread
    return replace(
        thread,
        closed=False,
        active_at=max(thread.active_at, at),
        last_updated_at=newest.last_updated_at,
        last_updated_by=newest.last_updated_by,
    )


def opened(thread: Thread, at: int, by: str) -> Thread:
    return replace(thread, closed=False, active_at=max(thread.active_at, at), last_updated_at=at, last_updated_by=by)


def closed(thread: Thread, at: int, by: str) -> Thread:
    return replace(thread, closed=True, last_updated_at=at, last_updated_by=by)


def tagged(thread: Thread, patch: Patch) -> Thread:
    """The thread with the tags that a patch gives it. Raises TagLimitExceeded as `merge_patch` does."""
    tags = patch.values.get("tags", thread.tags)
    if patch.tags_to_add or patch.tags_to_remove:
        tags = edited_tags(thread.tags, list(patch.tags_to_add), list(patch.tags_to_remove))
        if patch.tags_to_add and len(tags) > MAX_TAGS:
            raise TagLimitExceeded
    return replace(thread, tags=tags, last_updated_at=patch.at, last_updated_by=patch.by)
