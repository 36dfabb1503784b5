"""A thread as it is stored, and what is read with it: a conversation of traces that name the same `thread_id`."""

from decimal import Decimal

from msgspec import Struct, field

from weft.model.comment import Comment
from weft.model.feedback_score import FoldedScore


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
