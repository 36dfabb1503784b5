"""What runs tell, on disk before anyone is told: whoever comes back is told the rest, each event once and in order."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from itertools import groupby

import msgspec

from weft.model.run import RunEvent
from weft.registry import Registry

LOG = logging.getLogger("weft.agents")

RECENT = 64  # events of each run that are held for those who follow it; whoever is further behind reads the store
READ_TOGETHER = 256
MOST_UNWRITTEN = 4096  # a run that tells more than can be written waits


def first_event(run_id: str) -> RunEvent:
    """Managed Deep Agents' contract, D.2: what every run tells first."""
    return RunEvent(1, "metadata", msgspec.json.encode({"run_id": run_id, "attempt": 1}).decode())


class EventLog:
    """One run is told by one task. Any number may follow it, from any event on, while it goes on and afterwards."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._channels: dict[str, _Channel] = {}
        self._unwritten: list[tuple[_Channel, RunEvent]] = []
        self._writing: asyncio.Task[None] | None = None

    def open(self, run_id: str, written: Sequence[RunEvent] = ()) -> None:
        """Of a run that will tell something after what is written; whoever follows it from now on waits for that."""
        self._channels[run_id] = _Channel(run_id, written)

    async def append(self, run_id: str, event: str, data: object) -> None:
        """Returns before it is written. Raises what went wrong with writing earlier events of the run."""
        channel = self._channels[run_id]
        if channel.failure is not None:
            raise channel.failure
        self._unwritten.append((channel, channel.next_event(event, msgspec.json.encode(data).decode())))
        self._write_soon()
        if len(self._unwritten) >= MOST_UNWRITTEN:
            await channel.turn.wait()

    async def flush(self, run_id: str) -> None:
        """Returns when all that the run told is written, or cannot be."""
        channel = self._channels[run_id]
        while channel.unwritten and channel.failure is None:
            await channel.turn.wait()

    def close(self, run_id: str) -> None:
        """Those who follow the run come to its end. Flush it before."""
        channel = self._channels.pop(run_id)
        channel.ended = True
        channel.wake()

    async def follow(self, run_id: str, after: int = 0) -> AsyncGenerator[RunEvent, None]:
        """The events after that number, in order, to the end of the run. Raises what went wrong with writing them."""
        channel = self._channels.get(run_id) or _ended(run_id)
        while True:
            turn, ended = channel.turn, channel.ended
            events = channel.recent_after(after)
            if events is None:
                events = await self._registry.run_events.find_after(run_id, after, READ_TOGETHER)
            for event in events:
                yield event
                after = event.sequence
            if events:
                continue
            if channel.failure is not None:
                raise channel.failure
            if ended:
                return
            await turn.wait()

    def _write_soon(self) -> None:
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())

    async def _write_all(self) -> None:
        """One commit for all that has gathered, in whatever runs."""
        while self._unwritten:
            group = [entry for entry in self._unwritten if entry[0].failure is None]
            self._unwritten = []
            try:
                await self._write(group)
            except Exception:
                await self._write_run_by_run(group)
        self._writing = None

    async def _write_run_by_run(self, group: "Sequence[tuple[_Channel, RunEvent]]") -> None:
        in_order = sorted(group, key=lambda entry: entry[0].run_id)  # a stable sort: each run keeps its order
        for _, of_run in groupby(in_order, key=lambda entry: entry[0]):
            entries = list(of_run)
            try:
                await self._write(entries)
            except Exception as error:
                channel = entries[0][0]
                LOG.error("events not written", exc_info=error, extra={"fields": {"run_id": channel.run_id}})
                channel.fail(error)

    async def _write(self, group: "Sequence[tuple[_Channel, RunEvent]]") -> None:
        if group:
            await self._registry.run_events.put([(channel.run_id, event) for channel, event in group])
        for channel, event in group:
            channel.publish(event)
        for channel in {channel for channel, _ in group}:
            channel.wake()


class _Channel:
    """Where a run that goes on meets those who follow it."""

    def __init__(self, run_id: str, written: Sequence[RunEvent]) -> None:
        self.run_id = run_id
        self.turn = asyncio.Event()
        self.ended = False
        self.failure: Exception | None = None
        self._told = self._written = written[-1].sequence if written else 0
        self._recent: deque[RunEvent] = deque(written, maxlen=RECENT)

    @property
    def unwritten(self) -> bool:
        return self._written < self._told

    def next_event(self, event: str, data: str) -> RunEvent:
        self._told += 1
        return RunEvent(self._told, event, data)

    def recent_after(self, sequence: int) -> list[RunEvent] | None:
        """None if only the store has them."""
        if not self.ended and sequence >= self._written:
            return []
        if self._recent and self._recent[0].sequence <= sequence + 1:
            return [event for event in self._recent if event.sequence > sequence]
        return None

    def publish(self, event: RunEvent) -> None:
        self._recent.append(event)
        self._written = event.sequence

    def fail(self, error: Exception) -> None:
        self.failure = error
        self.wake()

    def wake(self) -> None:
        """For all who wait; the next turn has an event of its own."""
        self.turn.set()
        self.turn = asyncio.Event()


def _ended(run_id: str) -> _Channel:
    channel = _Channel(run_id, ())
    channel.ended = True
    return channel
