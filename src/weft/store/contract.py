"""What a store is: the verbs, the values that cross the seam, and what each verb promises.

One suite, `tests/contract/`, runs every promise on every engine.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from msgspec import Struct

from weft.filters.compile import Fragment
from weft.model.feedback_score import EntityType, FeedbackScore
from weft.model.ids import FIRST_ID, LAST_ID
from weft.model.merge import Patch
from weft.model.page import Page, Paging
from weft.model.span import Span, SpanRecord
from weft.model.trace import Trace, TraceRecord


class CannotOpenStore(Exception):
    """The data cannot be opened; the text says why, for whoever starts the server."""


class Selection(Struct, frozen=True, kw_only=True):
    """Which rows of a project, in which order, and how much of each.

    `where` and `order` come from the filter compiler. Ids from `from_id` to `to_id` inclusive, and below `before_id`.
    `exclude` names columns and parts of a record that need not be read; `truncate` cuts input and output to one
    character over what a reply may show, with images replaced (Opik's contract, C.8).
    """

    workspace_id: str
    project_id: str
    where: Fragment
    order: Fragment
    from_id: str = FIRST_ID
    to_id: str = LAST_ID
    before_id: str = LAST_ID
    paging: Paging = Paging()
    truncate: bool = False
    exclude: frozenset[str] = frozenset()


class Target(Struct, frozen=True):
    """What a patch is for. Without a `project_id` the trace or span is looked for in the whole workspace, and made in
    `default_project_id` if it is nowhere."""

    workspace_id: str
    id: str
    default_project_id: str
    project_id: str | None = None


class SpanParent(Struct, frozen=True):
    """The place in its trace that a patch of a span states."""

    trace_id: str
    parent_span_id: str | None = None


class Store(Protocol):
    """Every write is durable and visible to the next read when the call returns, or has raised and written nothing."""

    # Traces

    async def put_traces(self, traces: Sequence[Trace]) -> None:
        """Creates, each merged with what is stored (see `model/merge.py`)."""

    async def create_trace(self, trace: Trace) -> None:
        """As put, but raises TraceExists or ProjectMismatch if a create of this id came before; one that ends a trace
        which was only started is merged all the same."""

    async def patch_trace(self, target: Target, patch: Patch) -> None:
        """Merges a patch; makes the trace if it does not exist. Raises ProjectMismatch if it is in another project."""

    async def patch_traces(self, workspace_id: str, ids: Sequence[str], patch: Patch) -> None:
        """One patch for many; ids that do not exist are skipped. Raises TagLimitExceeded, with nothing written."""

    async def delete_traces(self, workspace_id: str, ids: Sequence[str], project_id: str | None = None) -> None:
        """With their spans and all scores of both; ids that do not exist are skipped."""

    async def get_trace(self, workspace_id: str, id: str) -> TraceRecord:
        """Raises NotFound."""

    async def find_traces(self, selection: Selection) -> Page[TraceRecord]: ...

    def stream_traces(self, selection: Selection) -> AsyncGenerator[TraceRecord, None]:
        """As find, without a total, in constant memory."""

    async def trace_exists(
        self, workspace_id: str, project_id: str, source: str | None = None, thread_only: bool = False
    ) -> bool: ...

    async def last_trace_times(self, workspace_id: str) -> dict[str, int]:
        """For each project with traces, when one was last written, in microseconds since the epoch."""

    # Spans

    async def put_spans(self, spans: Sequence[Span]) -> None:
        """Creates, each merged with what is stored. Their traces need not exist."""

    async def create_span(self, span: Span) -> None:
        """As for traces, but a repeated create changes nothing and is no error."""

    async def patch_span(self, target: Target, parent: SpanParent, patch: Patch) -> None:
        """As for traces. Raises ProjectMismatch or SpanMismatch."""

    async def patch_spans(self, workspace_id: str, ids: Sequence[str], patch: Patch) -> None: ...

    async def get_span(self, workspace_id: str, id: str) -> SpanRecord: ...

    async def find_spans(self, selection: Selection) -> Page[SpanRecord]: ...

    def stream_spans(self, selection: Selection) -> AsyncGenerator[SpanRecord, None]: ...

    async def span_exists(self, workspace_id: str, project_id: str, source: str | None = None) -> bool: ...

    # Feedback scores

    async def put_scores(self, scores: Sequence[FeedbackScore]) -> None:
        """Newest of each (entity, name, author, queue) wins. What is scored need not exist."""

    async def score_entity(self, score: FeedbackScore) -> None:
        """As put for one score, in the project of the trace or span that is scored; raises NotFound if it is nowhere.
        The score's own `project_id` is not looked at."""

    async def delete_score(
        self,
        workspace_id: str,
        entity_type: EntityType,
        entity_id: str,
        name: str,
        author: str | None = None,
        source_queue_id: str | None = None,
    ) -> None:
        """Without an author or queue, those of all authors or queues."""

    async def score_names(
        self,
        workspace_id: str,
        entity_type: EntityType,
        project_id: str | None = None,
        span_type: str | None = None,
    ) -> list[str]: ...

    # Projects

    async def delete_project(self, workspace_id: str, project_id: str) -> None:
        """All that is recorded in a project."""

    async def ping(self) -> None:
        """Raises if the engine does not answer."""

    async def close(self) -> None: ...
