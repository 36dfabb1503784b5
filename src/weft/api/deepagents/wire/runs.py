"""Runs on the wire (the contract, B.3, C.8 and D)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from weft.agents.job import RunRequest
from weft.agents.runs import CancelAction
from weft.api.deepagents.wire.threads import NewThread
from weft.api.deepagents.wire.values import FreeObject, Instant, check_depth, stamp
from weft.errors import InvalidValue, MissingField
from weft.model.run import MultitaskStrategy, Run, RunStatus
from weft.registry.runs import RunQuery

StreamMode = Literal[
    "values", "updates", "messages-tuple", "messages", "tasks", "checkpoints", "debug", "events", "custom"
]

MAX_PAGE = 1000
MAX_MESSAGES = 2000  # of one run: clients of models take so long over more that everyone would wait
ROLES = frozenset(
    {"user", "human", "assistant", "ai", "system", "developer", "tool", "function", "remove", "AIMessageChunk"}
)
ALWAYS_TOLD = frozenset({"metadata", "error"})
FREE_OBJECTS = ("input", "command", "config", "context", "metadata")


class RunWrite(Struct, kw_only=True):
    """What a run is asked to do. `messages` is where the first generation of clients had them. What the runtime of
    the contract knows besides (`webhook`, `after_seconds`, …) means nothing here."""

    input: FreeObject | None = None
    messages: list[FreeObject] | None = None
    command: FreeObject | None = None
    config: FreeObject | None = None
    context: FreeObject | None = None
    metadata: FreeObject | None = None
    checkpoint_id: str | None = None
    stream_mode: StreamMode | list[StreamMode] | None = None
    stream_subgraphs: bool | None = None
    user_timezone: str | None = None
    multitask_strategy: MultitaskStrategy | None = None
    on_disconnect: Literal["continue", "cancel"] | None = None

    def __post_init__(self) -> None:
        for name in FREE_OBJECTS:
            check_depth(getattr(self, name), name)
        _check_config(self.config or {})
        _check_messages((self.all_input or {}).get("messages"))

    @property
    def all_input(self) -> FreeObject | None:
        return self.input if self.messages is None else {"messages": self.messages, **(self.input or {})}

    @property
    def cancel_on_disconnect(self) -> bool:
        return self.on_disconnect == "cancel"

    def request(self, agent_id: str | None, timezone: str | None) -> RunRequest:
        modes = [self.stream_mode] if isinstance(self.stream_mode, str) else self.stream_mode
        kwargs = {
            "input": self.all_input,
            "command": self.command,
            "config": _config(self.config, self.checkpoint_id),
            "context": self.context,
            "stream_mode": list(dict.fromkeys(modes or ["values"])),
            "stream_subgraphs": bool(self.stream_subgraphs),
            "user_timezone": timezone,
        }
        return RunRequest(agent_id, kwargs, self.metadata or {}, self.multitask_strategy or "enqueue")


class RunStart(RunWrite, kw_only=True):
    """Managed Deep Agents' contract: `assistant_id` is another name for the agent. Without either, it is that of the
    thread."""

    agent_id: UUID | None = None
    assistant_id: UUID | None = None

    @property
    def agent(self) -> str | None:
        id = self.agent_id or self.assistant_id
        return None if id is None else str(id)


class RunStream(RunWrite, kw_only=True):
    """Managed Deep Agents' contract: `assistant_id` is refused here, and without a command there are messages."""

    agent_id: UUID
    assistant_id: Any = None

    def request(self, agent_id: str | None, timezone: str | None) -> RunRequest:
        """Raises InvalidValue and MissingField."""
        if self.assistant_id is not None:
            raise InvalidValue(reason="`assistant_id` is reserved: send `agent_id`")
        if not self.command and not (self.all_input or {}).get("messages"):
            raise MissingField(
                reason="Object missing required field `messages`, of at least one message - at `$.input`"
            )
        return super().request(agent_id, timezone)


class ThreadRunStart(RunWrite, kw_only=True):
    """A run together with the thread that it is in."""

    agent_id: UUID
    thread: NewThread | None = None


class RunListQuery(Struct, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 10
    offset: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    status: RunStatus | None = None

    def query(self, workspace_id: str, thread_id: str) -> RunQuery:
        return RunQuery(workspace_id, thread_id, self.status, self.limit, self.offset)


class RunJoinQuery(Struct, kw_only=True):
    """As LangGraph's Agent Server does it, only events of the `stream_mode`, those of subgraphs among them, are told to
    whoever names one; how the run begins and fails is told in any case."""

    cancel_on_disconnect: bool = False
    stream_mode: list[StreamMode] | None = None

    def tells(self, event: str) -> bool:
        name = event.partition("|")[0]
        return not self.stream_mode or name in ALWAYS_TOLD or name in map(_event_of, self.stream_mode)


class RunCancelQuery(Struct, kw_only=True):
    wait: bool = False
    action: CancelAction = "interrupt"


class RunView(Struct, kw_only=True):
    id: str
    run_id: str
    thread_id: str
    agent_id: str
    assistant_id: str
    status: RunStatus
    metadata: FreeObject
    kwargs: FreeObject
    multitask_strategy: MultitaskStrategy
    trace_id: str | None
    error: FreeObject | None
    created_at: Instant
    updated_at: Instant


def run_view(run: Run) -> RunView:
    return RunView(
        id=run.id,
        run_id=run.id,
        thread_id=run.thread_id,
        agent_id=run.agent_id,
        assistant_id=run.agent_id,
        status=run.status,
        metadata=dict(run.metadata),
        kwargs=dict(run.kwargs),
        multitask_strategy=run.multitask_strategy,
        trace_id=run.trace_id,
        error=None if run.error is None else dict(run.error),
        created_at=stamp(run.created_at),
        updated_at=stamp(run.updated_at),
    )


def _event_of(mode: StreamMode) -> str:
    return "messages" if mode == "messages-tuple" else mode


def _config(config: FreeObject | None, checkpoint_id: str | None) -> FreeObject:
    """A checkpoint to go on from is one of the things that can be configured."""
    if checkpoint_id is None:
        return config or {}
    configurable = (config or {}).get("configurable") or {}
    return {**(config or {}), "configurable": {**configurable, "checkpoint_id": checkpoint_id}}


def _check_config(config: FreeObject) -> None:
    """Raises ValueError."""
    for name in ("configurable", "metadata"):
        if not isinstance(config.get(name), dict | None):
            raise ValueError(f"`config.{name}` must be an object")


def _check_messages(messages: object) -> None:
    """Raises ValueError. LangChain's messages have a `type` in place of a role."""
    if messages is None:
        return
    if not isinstance(messages, list):
        raise ValueError("`input.messages` must be an array")
    if len(messages) > MAX_MESSAGES:
        raise ValueError(f"`input.messages` has {len(messages)} messages, and at most {MAX_MESSAGES} go in one run")
    for place, message in enumerate(messages):
        role = (message.get("role") or message.get("type")) if isinstance(message, dict) else None
        if not isinstance(message, str) and role not in ROLES:
            raise ValueError(f"`input.messages[{place}]` must be a message with one of the roles {sorted(ROLES)}")
