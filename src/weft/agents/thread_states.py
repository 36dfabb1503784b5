"""What runs leave of their threads: states at checkpoints, which can be read, changed, copied and deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from weft.agents.contract import ThreadState
from weft.agents.outcome import ended
from weft.agents.runs import Runs
from weft.errors import ThreadNotInterrupted
from weft.model.agent_thread import AgentThread
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.registry import Registry


class ThreadStates:
    def __init__(self, registry: Registry, runs: Runs) -> None:
        self._registry = registry
        self._runs = runs

    async def get(self, thread: AgentThread, checkpoint_id: str | None = None) -> ThreadState:
        machinery = await self._runs.machinery()
        return await machinery.runtime.state(thread, checkpoint_id)

    async def history(self, thread: AgentThread, limit: int, before: str | None = None) -> Sequence[ThreadState]:
        """The newest first, older than the checkpoint `before`."""
        machinery = await self._runs.machinery()
        return await machinery.runtime.history(thread, limit, before)

    async def update(self, thread: AgentThread, values: object, as_node: str | None) -> Mapping[str, Any]:
        """The new checkpoint. Raises ThreadBusy."""
        machinery = await self._runs.machinery()
        async with self._runs.at_rest(thread.id):
            checkpoint = await machinery.runtime.update_state(thread, values, as_node)
            now = ended(await machinery.runtime.state(thread))
            await self._registry.agent_threads.set_state(
                thread.id,
                status=now.thread_status,
                interrupts=now.interrupts,
                error=None,
                at=now_us(),
                values=now.values,
            )
            return checkpoint

    async def resolve_interrupt(self, thread: AgentThread) -> None:
        """Leaves undone what the thread waits for. Raises ThreadBusy and ThreadNotInterrupted."""
        machinery = await self._runs.machinery()
        async with self._runs.at_rest(thread.id):
            now = await self._registry.agent_threads.get(thread.workspace_id, thread.id)
            if now.status != "interrupted":
                raise ThreadNotInterrupted(id=thread.id, status=now.status)
            await machinery.runtime.resolve_interrupt(now)
            await self._registry.agent_threads.set_state(
                thread.id, status="idle", interrupts={}, error=None, at=now_us()
            )

    async def copy(self, thread: AgentThread) -> AgentThread:
        """Raises ThreadBusy."""
        machinery = await self._runs.machinery()
        async with self._runs.at_rest(thread.id):
            id = new_id()
            await machinery.runtime.copy(thread.id, id)
            return await self._registry.agent_threads.copy_row(thread.workspace_id, thread.id, id)
