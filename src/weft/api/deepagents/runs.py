"""Runs of threads (the contract, B.3; what it leaves to LangGraph's Agent Server, D.5 to D.7)."""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from weft.agents.timezones import known_timezone
from weft.api.deepagents.identity import user_id
from weft.api.deepagents.wire.runs import (
    RunCancelQuery,
    RunJoinQuery,
    RunListQuery,
    RunStart,
    RunStream,
    RunView,
    RunWrite,
    ThreadRunStart,
    run_view,
)
from weft.api.deepagents.wire.threads import NewThread
from weft.api.deepagents.wire.values import FreeObject, path_id
from weft.api.http.call import Call
from weft.api.http.event_stream import Event, EventStream
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.errors import (
    AgentGone,
    AgentNotFound,
    AgentThreadExists,
    AgentThreadNotFound,
    InvalidEventId,
    MissingField,
    RunNotFound,
    ThreadBusy,
    ThreadNotInterrupted,
)
from weft.model.agent_thread import AgentThread
from weft.model.run import Run


async def create_thread_and_run(call: Call, body: ThreadRunStart) -> Json[RunView]:
    """Answers at once. If the run cannot start, there is no new thread either."""
    agent = await call.services.registry.agents.get(call.caller.workspace_id, str(body.agent_id))
    thread, is_new = await _made_thread(call, agent.id, body.thread or NewThread())
    try:
        return Json(run_view(await _start(call, thread, agent.id, body)))
    except BaseException:
        if is_new:
            await call.services.registry.agent_threads.delete(thread.workspace_id, thread.id)
        raise


async def create_run(call: Call, thread_id: str, body: RunStart) -> Json[RunView]:
    """Answers at once."""
    thread = await thread_at(call, thread_id)
    return Json(run_view(await _start(call, thread, body.agent, body)))


async def stream_run(call: Call, thread_id: str, body: RunStream) -> EventStream:
    """The run goes on when the client leaves, unless `on_disconnect` says otherwise."""
    thread = await thread_at(call, thread_id)
    run = await _start(call, thread, str(body.agent_id), body)
    return _follow(call, run, 0, body.cancel_on_disconnect)


async def wait_for_run(call: Call, thread_id: str, body: RunStart) -> Json[FreeObject]:
    """The values of the state at the end, or `{"__error__": …}`."""
    thread = await thread_at(call, thread_id)
    run = await _start(call, thread, body.agent, body)
    return Json(dict(await call.services.runs.result(run)))


async def find_runs(call: Call, thread_id: str, query: RunListQuery) -> Json[list[RunView]]:
    """The newest first."""
    thread = await thread_at(call, thread_id)
    runs = await call.services.registry.runs.find(query.query(thread.workspace_id, thread.id))
    return Json([run_view(run) for run in runs])


async def get_run(call: Call, thread_id: str, run_id: str) -> Json[RunView]:
    return Json(run_view(await _run_at(call, thread_id, run_id)))


async def join_run(call: Call, thread_id: str, run_id: str) -> Json[FreeObject]:
    """As waiting for a run that one starts."""
    return Json(dict(await call.services.runs.result(await _run_at(call, thread_id, run_id))))


async def follow_run(call: Call, thread_id: str, run_id: str, query: RunJoinQuery) -> EventStream:
    """What comes after the event that `Last-Event-ID` names; everything, without one."""
    run = await _run_at(call, thread_id, run_id)
    return _follow(call, run, _last_event(call), query.cancel_on_disconnect, query.tells)


async def cancel_run(call: Call, thread_id: str, run_id: str, query: RunCancelQuery) -> Json[FreeObject]:
    """Of a run that has ended, nothing happens."""
    run = await _run_at(call, thread_id, run_id)
    await call.services.runs.cancel(run, query.action, wait=query.wait)
    return Json({})


async def delete_run(call: Call, thread_id: str, run_id: str) -> NoContent:
    """Its record; what it did to its thread stays. One that goes on is cancelled first."""
    await call.services.runs.delete(await _run_at(call, thread_id, run_id))
    return NoContent()


async def resolve_interrupt(call: Call, thread_id: str) -> NoContent:
    """What the thread waits for is left undone."""
    await call.services.thread_states.resolve_interrupt(await thread_at(call, thread_id))
    return NoContent()


async def thread_at(call: Call, thread_id: str) -> AgentThread:
    """Raises AgentThreadNotFound."""
    id = path_id(thread_id, AgentThreadNotFound)
    return await call.services.registry.agent_threads.get(call.caller.workspace_id, id)


async def _run_at(call: Call, thread_id: str, run_id: str) -> Run:
    thread = await thread_at(call, thread_id)
    return await call.services.registry.runs.get(thread.workspace_id, thread.id, path_id(run_id, RunNotFound))


async def _made_thread(call: Call, agent_id: str, new: NewThread) -> tuple[AgentThread, bool]:
    """With whether it was made just now. Raises AgentThreadExists."""
    threads, workspace_id = call.services.registry.agent_threads, call.caller.workspace_id
    if new.id_text is not None and new.keep_existing:
        try:
            return await threads.get(workspace_id, new.id_text), False
        except AgentThreadNotFound:
            pass
    owner = user_id(call.caller)
    return await threads.create(workspace_id, agent_id, owner, id=new.id_text, metadata=new.all_metadata), True


async def _start(call: Call, thread: AgentThread, agent_id: str | None, body: RunWrite) -> Run:
    if not (agent_id or thread.agent_id):
        raise MissingField(reason="Object missing required field `agent_id`")
    named = body.user_timezone or call.request.headers.get("x-user-timezone")
    request = body.request(agent_id, known_timezone(named) if named else None)
    return await call.services.runs.start(thread, call.caller.user_name, request)


def _everything(event: str) -> bool:
    return True


def _follow(
    call: Call, run: Run, after: int, cancel_on_disconnect: bool, tells: Callable[[str], bool] = _everything
) -> EventStream:
    """Managed Deep Agents' contract, D.1: the headers name paths below the base URL."""
    path = f"/threads/{run.thread_id}/runs/{run.id}"

    async def leave() -> None:
        if cancel_on_disconnect:
            await call.services.runs.cancel(run, wait=False)

    return EventStream(
        _events(call, run, after, tells), {"Content-Location": path, "Location": f"{path}/stream"}, on_leave=leave
    )


async def _events(call: Call, run: Run, after: int, tells: Callable[[str], bool]) -> AsyncGenerator[Event, None]:
    async with aclosing(call.services.runs.follow(run.id, after)) as events:
        async for event in events:
            if tells(event.event):
                yield Event(str(event.sequence), event.event, event.data)


def _last_event(call: Call) -> int:
    """0 without the header, or with -1, which is the start to the Agent Server. Raises InvalidEventId."""
    text = call.request.headers.get("last-event-id", "-1").strip()
    if text == "-1":
        return 0
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
        raise InvalidEventId(id=text)
    return int(text)


_MISSING = (AgentThreadNotFound, RunNotFound)
_STARTING = (AgentThreadNotFound, AgentGone, ThreadBusy)

ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/deepagents/threads/runs", create_thread_and_run, errors=(AgentNotFound, AgentThreadExists)),
    Route("POST", "/v1/deepagents/threads/{thread_id}/runs", create_run, errors=_STARTING),
    Route("POST", "/v1/deepagents/threads/{thread_id}/runs/stream", stream_run, errors=_STARTING),
    Route("POST", "/v1/deepagents/threads/{thread_id}/runs/wait", wait_for_run, errors=_STARTING),
    Route("GET", "/v1/deepagents/threads/{thread_id}/runs", find_runs, errors=(AgentThreadNotFound,)),
    Route("GET", "/v1/deepagents/threads/{thread_id}/runs/{run_id}", get_run, errors=_MISSING),
    Route("DELETE", "/v1/deepagents/threads/{thread_id}/runs/{run_id}", delete_run, errors=_MISSING),
    Route("GET", "/v1/deepagents/threads/{thread_id}/runs/{run_id}/join", join_run, errors=_MISSING),
    Route(
        "GET", "/v1/deepagents/threads/{thread_id}/runs/{run_id}/stream", follow_run, errors=(*_MISSING, InvalidEventId)
    ),
    Route("POST", "/v1/deepagents/threads/{thread_id}/runs/{run_id}/cancel", cancel_run, errors=_MISSING),
    Route(
        "POST",
        "/v1/deepagents/threads/{thread_id}/resolve-interrupt",
        resolve_interrupt,
        errors=(AgentThreadNotFound, ThreadBusy, ThreadNotInterrupted),
    ),
)
