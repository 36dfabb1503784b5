"""Writes the rows of a trace while the run that it is of goes on."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from msgspec.structs import replace

from weft.attachments.vault import Vault
from weft.core.ingest import record_spans, record_traces
from weft.model.span import Span
from weft.model.trace import Trace
from weft.registry import Registry
from weft.store.contract import Store

FIRST_WRITE_S = 0.25
WRITE_EVERY_S = 2.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TraceSink:
    """Where traces are written, with what their writing needs."""

    store: Store
    registry: Registry
    vault: Vault


class TraceWriter:
    """Writes what is put: soon after the start, every two seconds what has come since, and the rest at the end. All
    writers write at the same moments, so that one transaction takes what all runs have told. Of several rows with one
    id the last one counts. All go to one project, by its name, which is made if need be.

    What cannot be written is logged and tried again with the next rows; nothing is raised.
    """

    def __init__(self, sink: TraceSink, project_name: str, every_s: float = WRITE_EVERY_S) -> None:
        self._sink = sink
        self._project_name = project_name
        self._every_s = every_s
        self._rows: deque[Trace | Span] = deque()
        self._closing = asyncio.Event()
        self._task = asyncio.create_task(self._write_along())

    def put(self, row: Trace | Span) -> None:
        """Takes no time, in any thread. Which project the row names makes no difference."""
        self._rows.append(row)

    async def close(self) -> None:
        """Returns when all is written, or cannot be. Goes on if the caller is cancelled."""
        self._closing.set()
        await asyncio.shield(self._task)

    async def _write_along(self) -> None:
        wait_s = min(FIRST_WRITE_S, self._every_s)
        while not self._closing.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout_at(_next_multiple(wait_s)):
                    await self._closing.wait()
            await self._write()
            wait_s = self._every_s
        await self._write()

    async def _write(self) -> None:
        rows: dict[str, Trace | Span] = {}
        while self._rows:
            row = self._rows.popleft()
            rows[row.id] = row
        if not rows:
            return
        try:
            await self._record(rows)
        except Exception:
            _log.exception("cannot write traces of project %s", self._project_name)
            self._rows.extendleft(reversed(rows.values()))

    async def _record(self, rows: Mapping[str, Trace | Span]) -> None:
        """Traces and spans at the same time, so that one transaction takes them all."""
        store, registry, vault = self._sink.store, self._sink.registry, self._sink.vault
        first = next(iter(rows.values()))
        project = await registry.projects.ensure(first.workspace_id, self._project_name, first.created_by)
        traces = [replace(row, project_id=project.id) for row in rows.values() if isinstance(row, Trace)]
        spans = [replace(row, project_id=project.id) for row in rows.values() if isinstance(row, Span)]
        async with asyncio.TaskGroup() as writes:
            if traces:
                writes.create_task(record_traces(registry, store, vault, traces))
            if spans:
                writes.create_task(record_spans(registry, store, vault, spans))


def _next_multiple(seconds: float) -> float:
    """By the clock of the loop."""
    return (asyncio.get_running_loop().time() // seconds + 1) * seconds
