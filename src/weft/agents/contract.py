"""What runs need from the machinery that builds and runs agents, which is loaded with the first of them."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from weft.agents.job import Job
from weft.model.agent import AgentRevision
from weft.model.agent_thread import AgentThread
from weft.model.run import Run

# As the contract of managed deep agents has them (D.7): `values`, `next`, `tasks`, `checkpoint`, `interrupts`, …
ThreadState = Mapping[str, Any]


class Runtime(Protocol):
    async def close(self) -> None: ...

    def stream(self, job: Job) -> AsyncGenerator[tuple[str, object], None]:
        """Names of events as on the wire, with data that JSON can hold. Raises whatever the run raises. Cancelled, it
        leaves the thread at its last checkpoint."""

    async def check(self, revision: AgentRevision) -> None:
        """Raises a WeftError of the 4xx kind for an agent that cannot run here."""

    async def state(self, thread: AgentThread, checkpoint_id: str | None = None) -> ThreadState:
        """At a checkpoint, or at the newest."""

    async def history(self, thread: AgentThread, limit: int, before: str | None) -> Sequence[ThreadState]:
        """The newest first, older than the checkpoint `before`."""

    async def update_state(self, thread: AgentThread, values: object, as_node: str | None) -> Mapping[str, Any]:
        """The new checkpoint."""

    async def resolve_interrupt(self, thread: AgentThread) -> bool:
        """Leaves what is waited for undone. False if nothing was."""

    async def copy(self, thread_id: str, new_id: str) -> None: ...

    async def delete(self, thread_id: str) -> None: ...

    async def delete_memories(self, agent_id: str) -> None:
        """What the agent has written down for all its threads."""

    async def rewind(self, thread_id: str, checkpoint_id: str | None) -> None:
        """Forgets what came after a checkpoint, or everything."""


class Tracer(Protocol):
    """Records one run as a trace. None of it may fail the run: failures are logged."""

    async def finish(self, output: object, error: BaseException | None, interrupted: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class TracedRun:
    run: Run
    revision: AgentRevision
    user: str
    test_run: bool = False


@dataclass(frozen=True, slots=True)
class Machinery:
    """`trace` makes the tracer of a run, which is one of the `callbacks` of its job."""

    runtime: Runtime
    trace: Callable[[TracedRun], Tracer]


OpenMachinery = Callable[[], Awaitable[Machinery]]
