"""Rows on their way to a store, and traces whose run was cut off."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.factories import a_span, a_trace
from tests.unit.agents.traced_runs import WORKSPACE, a_run, an_agent
from weft.agents.trace_writer import TraceSink, TraceWriter
from weft.agents.tracing import end_abandoned_trace
from weft.errors import NotFound
from weft.model.ids import new_id
from weft.model.trace import Trace
from weft.store.contract import Scope

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOMEWHERE = Scope(WORKSPACE, "")
RESTARTED = {"error": "ServerRestarted", "message": "the server was restarted"}


class Flaky:
    """A store that cannot write the first time."""

    def __init__(self) -> None:
        self.written: list[Sequence[Trace]] = []
        self.asked = asyncio.Event()

    async def put_traces(self, traces: Sequence[Trace]) -> None:
        if not self.asked.is_set():
            self.asked.set()
            raise OSError("no space left")
        self.written.append(traces)


async def test_last_row_of_an_id_counts(sink: TraceSink) -> None:
    trace, name = a_trace(SOMEWHERE), f"project {new_id()}"
    span = a_span(SOMEWHERE, trace_id=trace.id)
    writer = TraceWriter(sink, name)
    for row in (trace, span, a_trace(SOMEWHERE, id=trace.id, name="ended")):
        writer.put(row)
    await writer.close()
    written = (await sink.store.get_trace(WORKSPACE, trace.id)).trace
    project = await sink.registry.projects.find_by_name(WORKSPACE, name)
    assert project
    assert (written.name, written.project_id) == ("ended", project.id)
    assert (await sink.store.get_span(WORKSPACE, span.id)).span.project_id == project.id


async def test_rows_are_written_while_more_may_come(sink: TraceSink) -> None:
    writer = TraceWriter(sink, f"project {new_id()}", every_s=0.001)
    for trace in (a_trace(SOMEWHERE), a_trace(SOMEWHERE)):
        writer.put(trace)
        while not await _exists(sink, trace.id):
            pass
    await writer.close()


async def test_what_could_not_be_written_is_tried_again(sink: TraceSink, caplog: pytest.LogCaptureFixture) -> None:
    store: Any = Flaky()
    writer = TraceWriter(TraceSink(store, sink.registry, sink.vault), "project", every_s=0.001)
    first, second = a_trace(SOMEWHERE), a_trace(SOMEWHERE)
    writer.put(first)
    await store.asked.wait()
    writer.put(second)
    await writer.close()
    assert [[trace.id for trace in traces] for traces in store.written] == [[first.id, second.id]]
    assert [record.message for record in caplog.records] == ["cannot write traces of project project"]


class TestAbandonedTrace:
    async def test_ends_with_the_reason(self, sink: TraceSink) -> None:
        run = a_run(an_agent(), "thread")
        await sink.store.put_traces([a_trace(await _project(sink), id=run.trace_id, name="ledger")])
        await end_abandoned_trace(sink, run, RESTARTED)
        assert run.trace_id
        trace = (await sink.store.get_trace(WORKSPACE, run.trace_id)).trace
        assert trace.end_time
        assert trace.name == "ledger"
        assert json.loads(trace.error_info or "")["exception_type"] == "ServerRestarted"

    async def test_that_has_ended_stays_as_it_is(self, sink: TraceSink) -> None:
        run = a_run(an_agent(), "thread")
        await sink.store.put_traces(
            [a_trace(await _project(sink), id=run.trace_id, end_time=1_700_000_001_000_000_000)]
        )
        await end_abandoned_trace(sink, run, RESTARTED)
        assert run.trace_id
        assert (await sink.store.get_trace(WORKSPACE, run.trace_id)).trace.error_info is None

    async def test_that_was_never_begun_is_not_made(self, sink: TraceSink) -> None:
        run = a_run(an_agent(), "thread")
        await end_abandoned_trace(sink, run, RESTARTED)
        assert run.trace_id
        assert not await _exists(sink, run.trace_id)


async def _project(sink: TraceSink) -> Scope:
    return Scope(WORKSPACE, (await sink.registry.projects.ensure(WORKSPACE, f"project {new_id()}", "admin")).id)


async def _exists(sink: TraceSink, trace_id: str) -> bool:
    try:
        await sink.store.get_trace(WORKSPACE, trace_id)
    except NotFound:
        return False
    return True
