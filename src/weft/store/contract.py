"""What a store is: the verbs, the values that cross the seam, and what each verb promises.

One suite, `tests/contract/`, runs every promise on every engine.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from msgspec import Struct

from weft.filters.compile import EVERYTHING, Fragment
from weft.model.attachment import Attachment, AttachmentQuery
from weft.model.comment import Comment
from weft.model.feedback_score import EntityType, FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.ids import FIRST_ID, LAST_ID
from weft.model.merge import Patch
from weft.model.outcome import Outcome
from weft.model.page import Page, Paging
from weft.model.restored import Restored
from weft.model.retention import Cutoff, Expired
from weft.model.span import Span, SpanRecord
from weft.model.stats import Buckets, Figures, Stats, Totals
from weft.model.table_stats import TableStats
from weft.model.thread import ThreadRecord
from weft.model.trace import Trace, TraceRecord


class CannotOpenStore(Exception):
    """The data cannot be opened; the text says why, for whoever starts the server."""


class Selection(Struct, frozen=True, kw_only=True):
    """Which rows of a project, in which order, and how much of each.

    `where` and `order` come from the filter compiler. Ids from `from_id` to `to_id` inclusive, and below `before_id`.
    `exclude` names columns and parts of a record that need not be read; `truncate` cuts input and output to one
    character over what a reply may show, with images replaced (Opik's contract, C.8).

    For threads, `from_id`, `to_id` and `of_traces` say which traces make up a thread. Threads of before `active_since`
    (microseconds since the epoch) are inactive.
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
    of_traces: Fragment = EVERYTHING
    active_since: int = 0


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


class Scope(NamedTuple):
    """One project of a workspace."""

    workspace_id: str
    project_id: str


class Occasion(NamedTuple):
    """When something is done, in microseconds since the epoch, and by whom."""

    at: int
    by: str


class ThreadScore(NamedTuple):
    """A score for the thread of this `thread_id`. The score's own `entity_id` is not looked at."""

    thread_id: str
    score: FeedbackScore


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

    async def patch_traces(
        self, workspace_id: str, ids: Sequence[str], patch: Patch, each_alone: bool = False
    ) -> list[Outcome]:
        """One patch for many, and what became of each id, in their order: NotFound for one that does not exist.

        Raises TagLimitExceeded, with nothing written; with `each_alone` that is an outcome, too, and stops no other.
        """

    async def delete_traces(self, workspace_id: str, ids: Sequence[str], project_id: str | None = None) -> None:
        """With their spans, guardrail results, and all scores and comments; ids that do not exist are skipped."""

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

    async def patch_spans(
        self, workspace_id: str, ids: Sequence[str], patch: Patch, each_alone: bool = False
    ) -> list[Outcome]: ...

    async def get_span(self, workspace_id: str, id: str) -> SpanRecord: ...

    async def find_spans(self, selection: Selection) -> Page[SpanRecord]: ...

    def stream_spans(self, selection: Selection) -> AsyncGenerator[SpanRecord, None]: ...

    async def span_exists(self, workspace_id: str, project_id: str, source: str | None = None) -> bool: ...

    # Threads. A create of a trace with a thread, or a patch that names one, makes the thread or opens it again.

    async def open_thread(self, scope: Scope, thread_id: str, occasion: Occasion) -> None:
        """Makes the thread if it does not exist."""

    async def close_threads(self, scope: Scope, thread_ids: Sequence[str], occasion: Occasion) -> None:
        """Raises ThreadWithoutTraces, with none closed, if any of them has no traces."""

    async def patch_thread(self, workspace_id: str, id: str, patch: Patch) -> None:
        """Sets the tags of a thread, by its model id. Raises NotFound and TagLimitExceeded."""

    async def patch_threads(
        self, workspace_id: str, ids: Sequence[str], patch: Patch, each_alone: bool = False
    ) -> list[Outcome]:
        """By model ids; otherwise as for traces."""

    async def delete_threads(self, scope: Scope, thread_ids: Sequence[str]) -> None:
        """With all their traces and what belongs to those, their scores and comments; unknown ones are skipped."""

    async def get_thread(self, selection: Selection, thread_id: str) -> ThreadRecord:
        """Of the traces that are selected. Raises NotFound, also for a thread without any of them."""

    async def find_threads(self, selection: Selection) -> Page[ThreadRecord]:
        """Threads that have some of the selected traces."""

    def stream_threads(self, selection: Selection) -> AsyncGenerator[ThreadRecord, None]: ...

    async def thread_model_id(self, scope: Scope, thread_id: str) -> str | None: ...

    async def put_thread_scores(self, scores: Sequence[ThreadScore]) -> None:
        """As put for scores; makes threads that do not exist."""

    async def delete_thread_scores(
        self,
        scope: Scope,
        thread_id: str,
        names: Sequence[str],
        author: str | None = None,
        source_queue_id: str | None = None,
    ) -> None:
        """Without an author or queue, those of all authors or queues."""

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

    # Comments

    async def add_comment(self, comment: Comment) -> None:
        """In the project of the trace, span or thread (by its thread model id) that it is on; raises NotFound if that
        is nowhere. The comment's own `project_id` is not looked at."""

    async def get_comment(self, workspace_id: str, entity_type: EntityType, entity_id: str, id: str) -> Comment:
        """Raises NotFound, also for a comment on something else."""

    async def update_comment(self, workspace_id: str, entity_type: EntityType, id: str, patch: Patch) -> None:
        """Raises NotFound, also for a comment on another kind of entity."""

    async def delete_comments(self, workspace_id: str, entity_type: EntityType, ids: Sequence[str]) -> None:
        """Ids that do not exist are skipped."""

    # Guardrails

    async def add_guardrails(self, guardrails: Sequence[Guardrail]) -> None:
        """Results of checks, all of them new. The traces and spans that were checked need not exist."""

    # Attachments: a store knows where their bytes are, and says when no row refers to them any more

    async def put_attachments(self, attachments: Sequence[Attachment]) -> None:
        """One of the same name on the same entity is replaced. The traces and spans need not exist."""

    async def find_attachments(self, query: AttachmentQuery) -> Page[Attachment]:
        """By name."""

    async def get_attachments(self, query: AttachmentQuery, file_names: Sequence[str]) -> list[Attachment]:
        """Those of these names that exist, whatever the page."""

    async def attachments_of_project(
        self, scope: Scope, after: tuple[str, str, str] | None, limit: int
    ) -> list[Attachment]:
        """By entity type, entity id and file name: those after these three, or the first ones."""

    async def known_places(self, places: Sequence[str]) -> list[str]:
        """Those of these places of bytes that an attachment has, in whatever workspace."""

    async def delete_attachments(self, query: AttachmentQuery, file_names: Sequence[str]) -> None:
        """Those of these names, whatever the page; names that do not exist are skipped."""

    async def project_score_names(self, workspace_id: str, project_ids: Sequence[str]) -> list[str]:
        """Distinct and sorted, of traces, spans and threads; of the whole workspace if no project is given."""

    # Restoring

    async def restore(self, records: Restored) -> None:
        """Puts rows as they are, with their stamps and authors. What is stored and no older stays as it is, and a
        stored thread keeps its id. Threads that traces name and that do not exist are made."""

    # Stats: of all that a selection selects, whatever its page. With buckets, by the number of the bucket that the time
    # inside an id is in, for those buckets that are not empty; none of the selected ids is of before the first bucket.

    async def get_stats(self, entity_type: EntityType, selection: Selection) -> Stats | None:
        """None if nothing is selected."""

    async def get_figures(
        self, entity_type: EntityType, selection: Selection, names: Collection[str], buckets: Buckets
    ) -> dict[int, Figures]:
        """`names` are the fields of `Figures` that are read; a span and a thread do not have all of them."""

    async def get_usage(self, entity_type: EntityType, selection: Selection, buckets: Buckets) -> dict[int, Totals]: ...

    async def get_mean_scores(
        self, entity_type: EntityType, selection: Selection, buckets: Buckets
    ) -> dict[int, Totals]: ...

    async def count_failed_guardrails(self, selection: Selection, buckets: Buckets) -> dict[int, int]:
        """Of traces."""

    async def usage_names(self, workspace_id: str, project_id: str) -> list[str]:
        """Distinct and sorted."""

    # Projects

    async def projects_of(
        self, workspace_id: str, entity_type: EntityType, ids: Sequence[str]
    ) -> list[tuple[str, str]]:
        """The id and the project of each of these traces or spans that exists; one may live in several projects."""

    async def delete_project(self, workspace_id: str, project_id: str) -> None:
        """All that is recorded in a project."""

    # Retention: a trace and what belongs to it are as old as the time inside its id

    async def count_expired(self, scope: Scope, cutoff: Cutoff) -> Expired: ...

    async def expired_trace_ids(self, scope: Scope, cutoff: Cutoff, limit: int) -> list[str]:
        """The oldest of before the cutoff, and those that never came themselves but of which something else did."""

    async def delete_lost(self, scope: Scope, cutoff: Cutoff) -> None:
        """What was said before the cutoff of spans that never came."""

    async def delete_empty_threads(self, scope: Scope, cutoff: Cutoff, limit: int) -> int:
        """Threads without traces that were quiet since before the cutoff: how many were deleted."""

    # Operating

    async def table_stats(self, now_us: int) -> list[TableStats]:
        """Of all workspaces, the largest table first. The last hour and day are those before `now_us`."""

    async def copy_to(self, path: Path) -> None:
        """Makes a file of all data as they are at one moment, while writes go on. Raises StoreUnavailable, also where
        an engine has means of its own for that."""

    async def ping(self) -> None:
        """Raises if the engine does not answer."""

    async def close(self) -> None: ...
