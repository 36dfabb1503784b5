"""Runs agents: builds their graphs, streams what those tell, and reads and changes the states of threads."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Any

from langgraph.errors import InvalidUpdateError
from langgraph.graph import END
from langgraph.types import Command, Send, StateSnapshot

from weft.agents.contract import ThreadState
from weft.agents.job import Job
from weft.agents.runtime.builder import Blueprint, Graph, build, build_reader, check_backend
from weft.agents.runtime.checkpoints import Checkpoints, open_checkpoints
from weft.agents.runtime.decisions import check_decisions
from weft.agents.runtime.events import Event, events_of
from weft.agents.runtime.graphs import Graphs
from weft.agents.runtime.models import chat_model, model_id_of
from weft.agents.runtime.run_config import config_of, place
from weft.agents.runtime.states import interrupts_of, place_of, thread_state
from weft.agents.runtime.tools import McpAccess, open_toolbox, servers_of
from weft.agents.tree import parts_of
from weft.errors import CheckpointNotFound, InvalidState
from weft.model.agent import AgentRevision
from weft.model.agent_thread import SKIP_MEMORY_WRITE_PROTECTION, AgentThread

MAX_GRAPHS = 64


class Runtime:
    """Made by `open_runtime`."""

    def __init__(
        self, checkpoints: Checkpoints, reader: Graph, servers: McpAccess, default_model: str, opened: AsyncExitStack
    ) -> None:
        self._checkpoints = checkpoints
        self._reader = reader
        self._servers = servers
        self._default_model = default_model
        self._opened = opened
        self._graphs: Graphs[Graph] = Graphs(MAX_GRAPHS)

    async def close(self) -> None:
        await self._graphs.close()
        await self._opened.aclose()

    async def stream(self, job: Job) -> AsyncGenerator[Event, None]:
        """Names of events as on the wire, with data that JSON can hold. Raises whatever the run raises. Cancelled, it
        leaves the thread at its last checkpoint. An answer to what nobody asked makes no event."""
        graph = await self._graph(job)
        if job.command is not None and (answer := job.command.get("resume")) is not None:
            snapshot = await self._snapshot(job.thread.id)
            if not snapshot.interrupts:
                return
            check_decisions(answer, snapshot.interrupts)
        input = dict(job.input or {}) if job.command is None else _command(job.command)
        events = events_of(graph, input, config_of(job), job.stream_modes, job.subgraphs)
        async with aclosing(events):
            async for event in events:
                yield event

    async def check(self, revision: AgentRevision) -> None:
        """Raises ModelUnavailable, SandboxUnavailable or InvalidFile."""
        check_backend(revision.agent)
        subagents = parts_of(revision.tree).subagents
        models = {model_id_of(revision.agent, self._default_model), *(sub.model_id for sub in subagents)}
        for model_id in filter(None, models):
            await asyncio.to_thread(chat_model, model_id)

    async def state(self, thread: AgentThread, checkpoint_id: str | None = None) -> ThreadState:
        """Raises CheckpointNotFound."""
        return thread_state(await self._snapshot(thread.id, checkpoint_id))

    async def history(self, thread: AgentThread, limit: int, before: str | None) -> Sequence[ThreadState]:
        """The newest first, older than the checkpoint `before`."""
        older = place(thread.id, before) if before else None
        found = self._reader.aget_state_history(place(thread.id), limit=limit, before=older)
        return [thread_state(snapshot) async for snapshot in found]

    async def update_state(self, thread: AgentThread, values: object, as_node: str | None) -> Mapping[str, Any]:
        """The new checkpoint. Raises InvalidState."""
        try:
            config = await self._reader.aupdate_state(place(thread.id), values, as_node)
        except (InvalidUpdateError, ValueError, TypeError, KeyError, NotImplementedError) as error:
            raise InvalidState(reason=str(error) or type(error).__name__) from error
        return place_of(config) or {}

    async def pending(self, thread: AgentThread) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """What the thread waits for, by the id of the task that asks."""
        snapshot = await self._snapshot(thread.id)
        return interrupts_of(snapshot.tasks) if snapshot.interrupts else {}

    async def resolve_interrupt(self, thread: AgentThread) -> bool:
        """Leaves what is waited for undone. False if nothing was."""
        snapshot = await self._snapshot(thread.id)
        if not snapshot.interrupts:
            return False
        await self._reader.aupdate_state(place(thread.id), None, as_node=END)
        return True

    async def copy(self, thread_id: str, new_id: str) -> None:
        await self._checkpoints.copy(thread_id, new_id)

    async def delete(self, thread_id: str) -> None:
        """The states of a thread. Memories are the agent's."""
        await self._checkpoints.delete(thread_id)

    async def rewind(self, thread_id: str, checkpoint_id: str | None) -> None:
        """Forgets what came after a checkpoint, or everything."""
        await self._checkpoints.rewind(thread_id, checkpoint_id)

    async def delete_memories(self, agent_id: str) -> None:
        await self._checkpoints.delete_memories(agent_id)

    async def _snapshot(self, thread_id: str, checkpoint_id: str | None = None) -> StateSnapshot:
        snapshot = await self._reader.aget_state(place(thread_id, checkpoint_id))
        if checkpoint_id and snapshot.created_at is None:
            raise CheckpointNotFound(id=checkpoint_id)
        return snapshot

    async def _graph(self, job: Job) -> Graph:
        agent = job.revision.agent
        check_backend(agent)
        parts = parts_of(job.revision.tree)
        blueprint = Blueprint(
            agent_id=agent.id,
            revision=agent.revision,
            name=agent.name,
            model_id=model_id_of(agent, self._default_model),
            protected=not job.thread.metadata.get(SKIP_MEMORY_WRITE_PROTECTION),
            servers=await servers_of(parts, agent.workspace_id, job.thread.owner_id, self._servers),
        )

        async def made() -> Graph:
            toolbox = await open_toolbox(blueprint.servers, self._servers.rule)
            return await asyncio.to_thread(build, blueprint, job.revision, toolbox, self._checkpoints)

        return await self._graphs.get(blueprint, made)


async def open_runtime(folder: Path, servers: McpAccess, default_model: str = "") -> Runtime:
    """`default_model` is that of agents which name none."""
    async with AsyncExitStack() as opened:
        checkpoints = await opened.enter_async_context(open_checkpoints(folder))
        reader = await asyncio.to_thread(build_reader, checkpoints)
        return Runtime(checkpoints, reader, servers, default_model, opened.pop_all())


def _command(command: Mapping[str, Any]) -> "Command[Any]":
    """Raises ValueError for a `goto` that names no nodes."""
    goto = command.get("goto") or ()
    nodes = goto if isinstance(goto, Sequence) and not isinstance(goto, str) else [goto]
    return Command(resume=command.get("resume"), update=command.get("update"), goto=[_node(node) for node in nodes])


def _node(node: object) -> str | Send:
    if isinstance(node, str):
        return node
    if isinstance(node, Mapping) and isinstance(node.get("node"), str):
        return Send(node["node"], node.get("input"))
    raise ValueError(f"goto must name nodes, not {node!r}")
