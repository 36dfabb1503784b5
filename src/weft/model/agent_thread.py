"""Threads of agents: conversations that runs go on with. What the trace store knows of them is `model.thread`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

ThreadStatus = Literal["idle", "busy", "interrupted", "error"]
Interrupts = Mapping[str, Sequence[Mapping[str, Any]]]

# Keys of metadata that mean something here. They are the only place where it is kept.
IS_PINNED = "is_pinned"
IS_TEST_RUN = "is_test_run"
READ_STATUS = "read_status"
SKIP_MEMORY_WRITE_PROTECTION = "skip_memory_write_protection"

# Keys that runs write.
AGENT_NAME = "agent_name"
ASSISTANT_ID = "assistant_id"
FIRST_MESSAGE_PREVIEW = "first_message_preview"
GRAPH_ID = "graph_id"

# Keys that say whose the thread is.
OWNER_ID = "ls_user_id"
TENANT_ID = "tenant_id"

DEEP_AGENT = "deep_agent"  # the graph of every agent
NOT_FOR_CALLERS = frozenset({ASSISTANT_ID, GRAPH_ID, OWNER_ID, TENANT_ID})


class AgentThread(Struct, frozen=True):
    """`interrupts` maps the id of a task to what it waits for, each `{"id", "value"}`; `error` is
    `{"error", "message"}` of the last run, if it failed. Instants are microseconds since the epoch; `state_updated_at`
    is that of the conversation, which edits of title and metadata leave alone."""

    id: str
    workspace_id: str
    agent_id: str
    owner_id: str
    title: str | None
    status: ThreadStatus
    metadata: Mapping[str, Any]
    interrupts: Interrupts
    error: Mapping[str, Any] | None
    created_at: int
    updated_at: int
    state_updated_at: int

    @property
    def is_pinned(self) -> bool:
        return self.metadata.get(IS_PINNED) is True

    @property
    def is_test_run(self) -> bool:
        return self.metadata.get(IS_TEST_RUN) is True

    @property
    def has_run(self) -> bool:
        """Nothing of a thread that has not is anywhere but in its own row."""
        return ASSISTANT_ID in self.metadata

    @property
    def needs_attention(self) -> bool:
        """Of a human: it waits, it failed, or it has said something that nobody has read."""
        if self.status == "idle":
            return self.metadata.get(READ_STATUS) is False
        return self.status in {"interrupted", "error"}


class ThreadChanges(Struct, frozen=True):
    """An edit by hand: what is UNSET stays. `metadata` is merged by its top keys; a key with None goes."""

    title: str | UnsetType | None = UNSET
    metadata: Mapping[str, Any] | UnsetType = UNSET


class ThreadProgress(Struct, frozen=True):
    """Where a conversation has come to, at an instant in microseconds since the epoch. What a run tells of itself goes
    into metadata: the first preview stays, the name of the agent is the newest."""

    status: ThreadStatus
    at: int
    interrupts: Interrupts = {}
    error: Mapping[str, Any] | None = None
    first_message_preview: str | None = None
    agent_name: str | None = None


def new_thread(
    id: str, workspace_id: str, agent_id: str, owner_id: str, metadata: Mapping[str, Any], at: int
) -> AgentThread:
    own = {OWNER_ID: owner_id, TENANT_ID: workspace_id}
    return AgentThread(
        id=id,
        workspace_id=workspace_id,
        agent_id=agent_id,
        owner_id=owner_id,
        title=None,
        status="idle",
        metadata=merged({}, metadata) | own,
        interrupts={},
        error=None,
        created_at=at,
        updated_at=at,
        state_updated_at=at,
    )


def edited(thread: AgentThread, changes: ThreadChanges, at: int) -> AgentThread:
    """Nothing to change leaves `updated_at` as well."""
    if changes == ThreadChanges():
        return thread
    title = thread.title if changes.title is UNSET else changes.title
    metadata = thread.metadata if changes.metadata is UNSET else merged(thread.metadata, changes.metadata)
    return replace(thread, title=title, metadata=metadata, updated_at=at)


def progressed(thread: AgentThread, progress: ThreadProgress) -> AgentThread:
    """A run that ends makes the thread unread."""
    metadata: dict[str, Any] = {**thread.metadata, ASSISTANT_ID: thread.agent_id, GRAPH_ID: DEEP_AGENT}
    if progress.first_message_preview is not None:
        metadata.setdefault(FIRST_MESSAGE_PREVIEW, progress.first_message_preview)
    if progress.agent_name is not None:
        metadata[AGENT_NAME] = progress.agent_name
    if thread.status == "busy" and progress.status != "busy":
        metadata[READ_STATUS] = False
    return replace(
        thread,
        status=progress.status,
        metadata=metadata,
        interrupts=progress.interrupts,
        error=progress.error,
        updated_at=progress.at,
        state_updated_at=progress.at,
    )


def copied(thread: AgentThread, id: str, at: int) -> AgentThread:
    """Without its runs, a copy is idle, unless it waits for a human as the other does."""
    status: ThreadStatus = "interrupted" if thread.interrupts else "idle"
    return replace(thread, id=id, status=status, error=None, created_at=at, updated_at=at, state_updated_at=at)


def merged(metadata: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """By top keys, so that nested values are replaced; None takes a key away. Keys that are not for callers stay."""
    allowed = {key: value for key, value in changes.items() if key not in NOT_FOR_CALLERS}
    return {key: value for key, value in {**metadata, **allowed}.items() if value is not None}
