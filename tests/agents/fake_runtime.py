"""A runtime without models or graphs, which does what the last message says. Its threads are in memory.

"hold" waits for `released`, "fail" raises, "ask" leaves something to be decided, anything else is said back.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from weft.agents.contract import Machinery, ThreadState, TracedRun
from weft.agents.job import Job
from weft.errors import ModelUnavailable
from weft.model.agent import AgentRevision
from weft.model.agent_thread import AgentThread

NO_MODEL = {"model": {"model_id": "none"}}
QUESTION = {"id": "question", "value": {"action_requests": []}}


class FakeRuntime:
    def __init__(self) -> None:
        self.released = asyncio.Event()
        self.holding = asyncio.Event()
        self.opening = asyncio.Event()
        self.may_open = asyncio.Event()
        self.may_open.set()
        self.openings = 0
        self.checking = asyncio.Event()
        self.checked: list[str] = []
        self.jobs: list[Job] = []
        self.traced: list[FakeTracer] = []
        self.closed = False
        self.forgotten: list[str] = []
        self.tells = ["values"]
        self._states: dict[str, list[ThreadState]] = {}

    def machinery(self) -> Machinery:
        return Machinery(self, self._trace)

    async def opened(self) -> Machinery:
        self.openings += 1
        self.opening.set()
        await self.may_open.wait()
        return self.machinery()

    async def close(self) -> None:
        self.closed = True

    async def check(self, revision: AgentRevision) -> None:
        self.checking.set()
        self.checked.append(revision.agent.id)
        if revision.agent.runtime == NO_MODEL:
            raise ModelUnavailable(model="none", reason="there is no such model")

    async def stream(self, job: Job) -> AsyncGenerator[tuple[str, object], None]:
        self.jobs.append(job)
        text = "resumed" if job.input is None else job.input["messages"][-1]["content"]
        self._reach(job, [*self._messages(job.thread.id), text])
        yield "values", self._states[job.thread.id][-1]["values"]
        for event in self.tells[1:]:
            yield event, {}
        if text == "hold":
            self.holding.set()
            await self.released.wait()
        if text == "fail":
            raise ValueError("as asked")
        if text == "ask":
            self._reach(job, self._messages(job.thread.id), [QUESTION])
            return
        self._reach(job, [*self._messages(job.thread.id), f"said {text}"])
        yield "values", self._states[job.thread.id][-1]["values"]

    async def delete_memories(self, agent_id: str) -> None:
        self.forgotten.append(agent_id)

    async def state(self, thread: AgentThread, checkpoint_id: str | None = None) -> ThreadState:
        return [_state("", 0, []), *self._states.get(thread.id, [])][-1]

    async def history(self, thread: AgentThread, limit: int, before: str | None) -> Sequence[ThreadState]:
        states = self._states.get(thread.id, [])
        older = [state for state in states if before is None or int(state["checkpoint_id"]) < int(before)]
        return older[::-1][:limit]

    async def update_state(self, thread: AgentThread, values: object, as_node: str | None) -> Mapping[str, Any]:
        return {}

    async def resolve_interrupt(self, thread: AgentThread) -> bool:
        return True

    async def copy(self, thread_id: str, new_id: str) -> None:
        self._states[new_id] = list(self._states.get(thread_id, []))

    async def delete(self, thread_id: str) -> None:
        self._states.pop(thread_id, None)

    async def rewind(self, thread_id: str, checkpoint_id: str | None) -> None:
        states = self._states.get(thread_id, [])
        self._states[thread_id] = [state for state in states if int(state["checkpoint_id"]) <= int(checkpoint_id or 0)]

    def _messages(self, thread_id: str) -> list[str]:
        states = self._states.get(thread_id)
        return states[-1]["values"]["messages"] if states else []

    def _reach(self, job: Job, messages: list[str], interrupts: Sequence[object] = ()) -> None:
        states = self._states.setdefault(job.thread.id, [])
        states.append(_state(job.run_id, len(states) + 1, messages, interrupts))

    def _trace(self, traced: TracedRun) -> "FakeTracer":
        tracer = FakeTracer(traced)
        self.traced.append(tracer)
        return tracer


class FakeTracer:
    def __init__(self, traced: TracedRun) -> None:
        self.traced = traced
        self.end: tuple[object, type[BaseException] | None, bool] | None = None

    async def finish(self, output: object, error: BaseException | None, interrupted: bool) -> None:
        self.end = (output, None if error is None else type(error), interrupted)


def _state(run_id: str, number: int, messages: list[str], interrupts: Sequence[object] = ()) -> ThreadState:
    return {
        "values": {"messages": messages},
        "tasks": [{"id": "task", "interrupts": list(interrupts)}],
        "metadata": {"run_id": run_id},
        "checkpoint_id": str(number),
    }
