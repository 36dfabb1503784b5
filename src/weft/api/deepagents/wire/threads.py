"""Threads of agents on the wire (the contract, B.2 and C.6)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from weft.api.deepagents.wire.values import FreeObject, Instant, check_depth, stamp
from weft.model.agent_thread import (
    IS_PINNED,
    IS_TEST_RUN,
    READ_STATUS,
    SKIP_MEMORY_WRITE_PROTECTION,
    AgentThread,
    Interrupts,
    ThreadChanges,
    ThreadStatus,
)
from weft.model.names import storable
from weft.registry.agent_thread_queries import ThreadQuery

MAX_PAGE = 20
MAX_TITLE = 255
FLAGS = (IS_PINNED, IS_TEST_RUN, READ_STATUS, SKIP_MEMORY_WRITE_PROTECTION)

Title = Annotated[str, Meta(max_length=MAX_TITLE)]


class AgentThreadOptions(Struct, kw_only=True):
    test_run: bool | None = None
    skip_memory_write_protection: bool | None = None


class NewThread(Struct, kw_only=True):
    """A thread that is made, by itself or together with its first run."""

    thread_id: UUID | None = None
    if_exists: Literal["raise", "do_nothing"] | None = None
    metadata: FreeObject | None = None
    options: AgentThreadOptions | None = None

    def __post_init__(self) -> None:
        _check_metadata(self.metadata or {})

    @property
    def id_text(self) -> str | None:
        return None if self.thread_id is None else str(self.thread_id)

    @property
    def keep_existing(self) -> bool:
        return self.if_exists == "do_nothing"

    @property
    def all_metadata(self) -> dict[str, Any]:
        """With what `options` say, which is kept there."""
        options = self.options or AgentThreadOptions()
        said = {
            IS_TEST_RUN: options.test_run,
            SKIP_MEMORY_WRITE_PROTECTION: options.skip_memory_write_protection,
        }
        defaults = dict.fromkeys(said, False)
        return {**defaults, **(self.metadata or {}), **{key: flag for key, flag in said.items() if flag is not None}}


class AgentThreadCreate(NewThread, kw_only=True):
    agent_id: UUID


class AgentThreadUpdate(Struct, kw_only=True):
    """What is absent stays. Null clears the title, and under a key of `metadata` that key."""

    title: Title | UnsetType | None = UNSET
    metadata: FreeObject | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        _check_metadata(self.metadata or {})

    @property
    def changes(self) -> ThreadChanges:
        title = storable(self.title) if isinstance(self.title, str) else self.title
        return ThreadChanges(title, UNSET if self.metadata is None else self.metadata)


class AgentThreadListQuery(Struct, kw_only=True):
    agent_id: UUID
    page_size: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = MAX_PAGE
    cursor: str | None = None
    status: ThreadStatus | None = None
    is_pinned: bool | None = None
    test_run: bool = False
    requires_attention: bool = False

    def violations(self) -> list[str]:
        both = self.requires_attention and self.status is not None
        return ["query params requires_attention and status cannot be combined"] if both else []

    @property
    def query(self) -> ThreadQuery:
        return ThreadQuery(
            str(self.agent_id),
            self.page_size,
            self.cursor,
            status=self.status,
            is_pinned=self.is_pinned,
            is_test_run=self.test_run,
            needs_attention=self.requires_attention or None,
        )


class AgentThreadCountQuery(Struct, kw_only=True):
    agent_id: UUID | None = None


class AttentionCount(Struct):
    attention_count: int


class AgentThreadView(Struct, kw_only=True):
    id: str
    agent_id: str
    status: ThreadStatus
    metadata: Mapping[str, Any]
    created_at: Instant
    updated_at: Instant


class AgentThreadSummary(AgentThreadView, kw_only=True):
    title: str | None
    has_interrupts: bool
    state_updated_at: Instant


class AgentThreadPage(Struct, kw_only=True):
    threads: list[AgentThreadSummary]
    next_cursor: str | None


class AgentThreadDetail(AgentThreadSummary, kw_only=True):
    """`values` are those at the end of the last run."""

    thread_id: str
    interrupts: Interrupts
    values: FreeObject
    error: Mapping[str, Any] | None


def thread_view(thread: AgentThread) -> AgentThreadView:
    return AgentThreadView(**_basics(thread))


def thread_summary(thread: AgentThread) -> AgentThreadSummary:
    return AgentThreadSummary(**_summary(thread))


def thread_page(threads: list[AgentThread], next_cursor: str | None) -> AgentThreadPage:
    return AgentThreadPage(threads=[thread_summary(thread) for thread in threads], next_cursor=next_cursor)


def thread_detail(thread: AgentThread, values: FreeObject | None) -> AgentThreadDetail:
    return AgentThreadDetail(
        **_summary(thread),
        thread_id=thread.id,
        interrupts=thread.interrupts,
        values=values or {},
        error=thread.error,
    )


def _basics(thread: AgentThread) -> dict[str, Any]:
    return {
        "id": thread.id,
        "agent_id": thread.agent_id,
        "status": thread.status,
        "metadata": thread.metadata,
        "created_at": stamp(thread.created_at),
        "updated_at": stamp(thread.updated_at),
    }


def _summary(thread: AgentThread) -> dict[str, Any]:
    return _basics(thread) | {
        "title": thread.title,
        "has_interrupts": bool(thread.interrupts),
        "state_updated_at": stamp(thread.state_updated_at),
    }


def _check_metadata(metadata: FreeObject) -> None:
    """Raises ValueError."""
    check_depth(metadata, "metadata")
    for key in FLAGS:
        if not isinstance(metadata.get(key), bool | None):
            raise ValueError(f"`metadata.{key}` must be true, false or null")
