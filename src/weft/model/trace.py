"""A trace as it is stored, and what is read together with it."""

from decimal import Decimal

from msgspec import Struct, field

from weft.model.comment import Comment
from weft.model.feedback_score import FoldedScore
from weft.model.guardrail import Guardrail


class Trace(Struct, frozen=True, omit_defaults=True, gc=False):
    """The fields are the columns of table `traces`, in order.

    `start_time` and `end_time` are ns since the epoch, `created_at`, `last_updated_at` and `create_stamp` are
    microseconds; payloads and `error_info` are JSON text. `create_stamp` is the `last_updated_at` of the newest create
    merged in; None while only patches have arrived (`start_time` is then 0). What `patched`, `tags_added` and
    `tags_removed` are for is told in `model/merge.py`.
    """

    workspace_id: str
    project_id: str
    id: str
    start_time: int = 0
    end_time: int | None = None
    name: str | None = None
    thread_id: str | None = None
    input: str | None = None
    output: str | None = None
    metadata: str | None = None
    tags: list[str] = field(default_factory=list)
    error_info: str | None = None
    ttft: float | None = None
    source: str | None = None
    environment: str | None = None
    created_at: int = 0
    created_by: str = ""
    last_updated_at: int = 0
    last_updated_by: str = ""
    create_stamp: int | None = None
    patched: list[str] = field(default_factory=list)
    tags_added: list[str] = field(default_factory=list)
    tags_removed: list[str] = field(default_factory=list)
    payload_bytes: int = 0


class SpanTotals(Struct, frozen=True):
    """What the spans of one trace add up to."""

    span_count: int = 0
    llm_span_count: int = 0
    has_tool_spans: bool = False
    total_estimated_cost: Decimal = Decimal(0)
    providers: tuple[str, ...] = ()
    usage: dict[str, int] = field(default_factory=dict)


class TraceRecord(Struct, frozen=True):
    """A trace with everything that a reader sees of it."""

    trace: Trace
    totals: SpanTotals
    scores: tuple[FoldedScore, ...] = ()
    span_scores: tuple[FoldedScore, ...] = ()
    comments: tuple[Comment, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
