"""A span as it is stored, and what is read together with it."""

from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from weft.model.comment import Comment
from weft.model.feedback_score import FoldedScore

# What a client says something cost is below this, so that sums of costs fit in a DECIMAL(38, 12) as well.
COST_LIMIT = Decimal(10**15)


class Span(Struct, frozen=True, omit_defaults=True, gc=False):
    """The fields are the columns of table `spans`, in order. Units and merge fields are as in `Trace`.

    A non-empty `total_estimated_cost_version` says that the cost was computed here, and from which prices; a cost
    that the client sent has none.
    """

    workspace_id: str
    project_id: str
    id: str
    trace_id: str
    parent_span_id: str | None = None
    type: str = "general"
    start_time: int = 0
    end_time: int | None = None
    name: str | None = None
    input: str | None = None
    output: str | None = None
    metadata: str | None = None
    model: str | None = None
    provider: str | None = None
    tags: list[str] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)
    error_info: str | None = None
    total_estimated_cost: Decimal | None = None
    total_estimated_cost_version: str | None = None
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

    def costing(self, cost: Decimal | None, version: str | None) -> "Span":
        return replace(self, total_estimated_cost=cost, total_estimated_cost_version=version)


class SpanRecord(Struct, frozen=True):
    """A span with everything that a reader sees of it."""

    span: Span
    scores: tuple[FoldedScore, ...] = ()
    comments: tuple[Comment, ...] = ()
