"""The search for threads, which is that of LangGraph's Agent Server (the contract, D.7)."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from weft.api.deepagents.wire.values import FreeObject, Instant, check_depth, stamp
from weft.model.agent_thread import AgentThread, Interrupts, ThreadStatus
from weft.registry.agent_thread_queries import SortField, ThreadSearch

MAX_PAGE = 1000
MAX_EXTRACTS = 10

Field = Literal[
    "thread_id",
    "agent_id",
    "title",
    "created_at",
    "updated_at",
    "state_updated_at",
    "metadata",
    "status",
    "config",
    "context",
    "values",
    "error",
    "interrupts",
]
Path = Annotated[str, Meta(pattern=r"^[^.\[\]]+(\.[^.\[\]]+|\[-?[0-9]{1,9}\])*$")]

_VALUES = re.compile(r"values(?![^.\[])")
_STEP = re.compile(r"[^.\[\]]+|\[(?P<index>-?[0-9]+)\]")


class AgentThreadCount(Struct, kw_only=True):
    metadata: FreeObject | None = None
    values: FreeObject | None = None
    status: ThreadStatus | None = None

    def __post_init__(self) -> None:
        for name in ("metadata", "values"):
            check_depth(getattr(self, name), name)

    @property
    def search(self) -> ThreadSearch:
        return ThreadSearch(status=self.status, metadata=self.metadata or {}, values=self.values or {})


class AgentThreadSearch(AgentThreadCount, kw_only=True):
    """`extract` names paths into what is found, e.g. `{"last": "values.messages[-1].content"}`. `agent_id` is
    Weft's own: also threads that have not run are found by it."""

    agent_id: UUID | None = None
    ids: Annotated[list[UUID], Meta(max_length=MAX_PAGE)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 10
    offset: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    sort_by: SortField | None = None
    sort_order: Literal["asc", "desc"] | None = None
    select: list[Field] | None = None
    extract: Annotated[dict[str, Path], Meta(max_length=MAX_EXTRACTS)] | None = None

    @property
    def search(self) -> ThreadSearch:
        return ThreadSearch(
            ids=None if self.ids is None else [str(id) for id in self.ids],
            agent_id=None if self.agent_id is None else str(self.agent_id),
            status=self.status,
            metadata=self.metadata or {},
            values=self.values or {},
            sort_by=self.sort_by or "created_at",
            descending=self.sort_order != "asc",
            limit=self.limit,
            offset=self.offset,
        )

    @property
    def shows_values(self) -> bool:
        """Or takes something out of them."""
        return not self.select or "values" in self.select or any(map(_VALUES.match, (self.extract or {}).values()))


class FoundAgentThread(Struct, kw_only=True):
    """Only what `select` names, and `extracted` only for those who extract."""

    thread_id: str | UnsetType = UNSET
    agent_id: str | UnsetType = UNSET
    title: str | UnsetType | None = UNSET
    created_at: Instant | UnsetType = UNSET
    updated_at: Instant | UnsetType = UNSET
    state_updated_at: Instant | UnsetType = UNSET
    metadata: Mapping[str, Any] | UnsetType = UNSET
    status: ThreadStatus | UnsetType = UNSET
    config: FreeObject | UnsetType = UNSET
    context: FreeObject | UnsetType = UNSET
    values: FreeObject | UnsetType = UNSET
    error: Mapping[str, Any] | UnsetType | None = UNSET
    interrupts: Interrupts | UnsetType = UNSET
    extracted: FreeObject | UnsetType = UNSET


def found_thread(thread: AgentThread, values: FreeObject | None, wanted: AgentThreadSearch) -> FoundAgentThread:
    whole = _whole(thread, values)
    shown = {name: whole[name] for name in wanted.select or whole}
    if not wanted.extract:
        return FoundAgentThread(**shown)
    return FoundAgentThread(**shown, extracted={name: extracted(whole, path) for name, path in wanted.extract.items()})


def extracted(document: Any, path: str) -> Any:
    """What is at the path, None where there is nothing. Indexes below zero count from the end."""
    for step in _STEP.finditer(path):
        document = _member(document, step)
    return document


def _member(document: Any, step: re.Match[str]) -> Any:
    if step["index"] is None:
        return document.get(step[0]) if isinstance(document, Mapping) else None
    index = int(step["index"])
    inside = isinstance(document, list) and -len(document) <= index < len(document)
    return document[index] if inside else None


def _whole(thread: AgentThread, values: FreeObject | None) -> dict[str, Any]:
    return {
        "thread_id": thread.id,
        "agent_id": thread.agent_id,
        "title": thread.title,
        "created_at": stamp(thread.created_at),
        "updated_at": stamp(thread.updated_at),
        "state_updated_at": stamp(thread.state_updated_at),
        "metadata": thread.metadata,
        "status": thread.status,
        "config": {},
        "context": {},
        "values": values or {},
        "error": thread.error,
        "interrupts": thread.interrupts,
    }
