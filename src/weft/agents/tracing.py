"""A run as a trace: what the trace says of it."""

import logging
import time
import traceback
from collections.abc import Mapping

from msgspec.structs import replace

from weft.agents.contract import TracedRun
from weft.agents.trace_steps import sized, stamps
from weft.agents.trace_writer import TraceSink
from weft.core.ingest import record_trace_patch
from weft.errors import NotFound
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.merge import Patch
from weft.model.names import storable
from weft.model.payload import payload_of
from weft.model.run import Run
from weft.model.trace import Trace
from weft.store.contract import Target

# As Opik's SDK calls them.
INTERRUPT = "__interrupt__"
RESUME = "__resume__"
INTERRUPTED = "_langgraph_interrupt"
PARENT_COMMAND = "_langgraph_parent_command"

CANCELLED = "cancelled"

_log = logging.getLogger(__name__)


def started_trace(traced: TracedRun) -> Trace:
    """The trace of a run that starts now."""
    run, now = traced.run, now_us()
    trace = Trace(
        workspace_id=run.workspace_id,
        project_id="",
        id=run.trace_id or new_id(),
        start_time=time.time_ns(),
        name=traced.revision.agent.name,
        thread_id=run.thread_id,
        input=payload_of(_input(run)),
        metadata=payload_of(_metadata(traced)),
        tags=_tags(traced),
        source="sdk",
        created_at=now,
        created_by=traced.user,
        last_updated_at=now,
        last_updated_by=traced.user,
        create_stamp=now,
    )
    return sized(trace)


def ended_trace(
    trace: Trace, traced: TracedRun, *, output: str | None, error_info: str | None, metadata: Mapping[str, object]
) -> Trace:
    """The trace of a run that has ended now. `metadata` is what is known of the end."""
    all_metadata = payload_of({**_metadata(traced), **metadata})
    ended = replace(
        trace,
        end_time=time.time_ns(),
        output=output,
        error_info=error_info,
        metadata=all_metadata,
        **stamps(trace),
    )
    return sized(ended)


def error_info(error: BaseException) -> str | None:
    text = "".join(traceback.format_exception(error))
    return error_info_text(type(error).__name__, str(error), text)


def error_info_text(exception_type: str, message: str, trace: str) -> str | None:
    """Opik's contract, F.7: type and traceback are not blank."""
    texts = {"exception_type": exception_type, "message": message, "traceback": trace or exception_type}
    return payload_of({name: storable(text) for name, text in texts.items()})


async def end_abandoned_trace(sink: TraceSink, run: Run, error: Mapping[str, str]) -> None:
    """Ends the trace of a run that the server was killed in, unless it has ended or was never begun. `error` is
    `{"error", "message"}`, as in the record of the run. Nothing is raised."""
    if run.trace_id is None:
        return
    try:
        trace = (await sink.store.get_trace(run.workspace_id, run.trace_id)).trace
        if trace.end_time is None:
            await _end_as_failed(sink, trace, error)
    except NotFound:
        return
    except Exception:
        _log.exception("cannot end the trace of run %s", run.id)


async def _end_as_failed(sink: TraceSink, trace: Trace, error: Mapping[str, str]) -> None:
    failure = error_info_text(error["error"], error["message"], error["message"])
    patch = Patch(now_us(), trace.created_by, {"end_time": time.time_ns(), "error_info": failure})
    target = Target(trace.workspace_id, trace.id, trace.project_id, trace.project_id)
    await record_trace_patch(sink.registry, sink.store, sink.vault, target, patch)


def _input(run: Run) -> Mapping[str, object]:
    """What the run was given. With a command, its input means nothing (Managed Deep Agents' contract, D.3)."""
    command = run.kwargs.get("command")
    if command:
        return {RESUME: command["resume"]} if "resume" in command else {"command": command}
    given = run.kwargs.get("input")
    return given if isinstance(given, Mapping) else {}


def _metadata(traced: TracedRun) -> dict[str, object]:
    """What the caller said of the run, and which run of what it is."""
    run, agent = traced.run, traced.revision.agent
    given = _config(run).get("metadata")
    return {
        **run.metadata,
        **(given if isinstance(given, Mapping) else {}),
        "run_id": run.id,
        "thread_id": run.thread_id,
        "agent_id": agent.id,
        "assistant_id": agent.id,
        "revision": agent.revision,
    }


def _tags(traced: TracedRun) -> list[str]:
    own = ["agent run", "test run"] if traced.test_run else ["agent run"]
    given = _config(traced.run).get("tags")
    return list(dict.fromkeys([*own, *(str(tag) for tag in given)])) if isinstance(given, list) else own


def _config(run: Run) -> Mapping[str, object]:
    config = run.kwargs.get("config")
    return config if isinstance(config, Mapping) else {}
