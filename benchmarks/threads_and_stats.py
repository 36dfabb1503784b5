"""Stats, metrics and threads of one large project, by hand: `scripts/bench threads_and_stats [--traces N]`.

In process, on the embedded engine in a temporary folder. The machine drifts in speed: compare figures of one run only.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from weft.core.metrics import METRICS, cut
from weft.core.stats import everything
from weft.filters.compile import NEWEST_FIRST, compile_filters, compile_sorting
from weft.filters.fields import THREADS, TRACES
from weft.filters.syntax import Filter, Operator
from weft.model.feedback_score import FeedbackScore
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.merge import Patch
from weft.model.page import Paging
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.contract import Selection, Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

WORKSPACE, PROJECT = "workspace", new_id()
SPANS_PER_TRACE = 4
TRACES_PER_THREAD = 10
BATCH = 5000
MINUTE_MS = 60_000


def a_trace(number: int, at_ms: int) -> Trace:
    return Trace(
        WORKSPACE,
        PROJECT,
        new_id(at_ms),
        start_time=at_ms * 1_000_000,
        end_time=at_ms * 1_000_000 + random.randrange(10**9),
        name=f"agent-{number % 20}",
        thread_id=f"thread-{number // TRACES_PER_THREAD}",
        input='{"question":"' + "why " * 20 + '"}',
        output='{"answer":"' + "because " * 20 + '"}',
        tags=["bench", f"t{number % 7}"],
        error_info='{"exception_type":"ValueError"}' if number % 20 == 0 else None,
        create_stamp=1,
    )


def a_span(trace: Trace, number: int, at_ms: int) -> Span:
    tokens = random.randrange(50, 2000)
    llm = number == 0
    return Span(
        WORKSPACE,
        PROJECT,
        new_id(at_ms),
        trace.id,
        type="llm" if llm else "tool",
        start_time=at_ms * 1_000_000,
        end_time=at_ms * 1_000_000 + 10**8,
        input="x" * (1000 if llm else 20),
        usage={"prompt_tokens": tokens, "completion_tokens": 100, "total_tokens": tokens + 100} if llm else {},
        total_estimated_cost=Decimal("0.001") if llm else None,
        create_stamp=1,
    )


def a_score(trace: Trace) -> FeedbackScore:
    value = Decimal(random.randrange(100)) / 100
    return FeedbackScore(WORKSPACE, PROJECT, "trace", trace.id, "quality", "admin", value=value)


async def fill(store: Store, traces: int, start_ms: int) -> None:
    """One trace a minute; every tenth has a score."""
    for first in range(0, traces, BATCH):
        numbers = range(first, min(first + BATCH, traces))
        some = [a_trace(number, start_ms + number * MINUTE_MS) for number in numbers]
        await store.put_traces(some)
        await store.put_spans(
            [
                a_span(trace, of_trace, start_ms + number * MINUTE_MS)
                for number, trace in zip(numbers, some, strict=True)
                for of_trace in range(SPANS_PER_TRACE)
            ]
        )
        await store.put_scores([a_score(trace) for trace in some[::10]])


async def timed(
    name: str,
    target: str,
    act: Callable[[], Awaitable[object]],
    runs: int = 20,
    before: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """What is done `before` each run is not timed."""
    await act()
    times, cpu = [], []
    for _ in range(runs):
        if before is not None:
            await before()
        began, cpu_began = time.perf_counter(), time.process_time()
        await act()
        times.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - cpu_began) * 1000)
    p50, cpu_p50 = statistics.median(times), statistics.median(cpu)
    print(f"{name:38} p50 {p50:7.1f} ms  CPU {cpu_p50:7.1f} ms  (target {target})")


async def counted(records: AsyncIterator[object]) -> int:
    return len([None async for _ in records])


def a_patch() -> Patch:
    return Patch(now_us(), "admin", tags_to_add=(f"tag-{random.randrange(10**6)}",))


async def query(store: Store, start_ms: int, end_ms: int) -> None:
    all_of_it = everything(WORKSPACE, PROJECT)
    named = compile_filters([Filter("name", Operator.EQUAL, "", "agent-7")], TRACES)
    filtered = Selection(workspace_id=WORKSPACE, project_id=PROJECT, where=named, order=NEWEST_FIRST)
    newest = Selection(
        workspace_id=WORKSPACE,
        project_id=PROJECT,
        where=all_of_it.where,
        order=compile_sorting(None, THREADS),
        paging=Paging(1, 50),
    )

    async def a_write() -> None:
        await store.put_traces([a_trace(0, end_ms)])

    stats = partial(store.get_stats, "trace", all_of_it)
    await timed("stats of traces, just written to", "<= 60 ms", stats, before=a_write)
    await timed("stats of traces, not written to since", "<= 60 ms", stats)
    await timed("stats of a twentieth of the traces", "-", lambda: store.get_stats("trace", filtered), before=a_write)
    await timed("stats of spans", "-", lambda: store.get_stats("span", all_of_it), before=a_write)
    await timed("stats of threads", "-", lambda: store.get_stats("thread", all_of_it), before=a_write)
    days = cut("DAILY", start_ms, end_ms)
    for metric in ("TRACE_COUNT", "DURATION", "COST", "TOKEN_USAGE", "FEEDBACK_SCORES"):
        await timed(f"{metric} by day", "-", partial(METRICS[metric].read, store, all_of_it, days), before=a_write)
    await timed("newest 50 threads", "<= 60 ms", lambda: store.find_threads(newest), before=a_write)
    two_thousand = replace(newest, order=NEWEST_FIRST, paging=Paging(1, 2000))
    await timed("stream of 2,000 threads", "<= 600 ms", lambda: counted(store.stream_threads(two_thousand)), 5)
    threads = [record.thread.id async for record in store.stream_threads(replace(two_thousand, paging=Paging(1, 1000)))]
    await timed("tags of 1,000 threads", "<= 300 ms", lambda: store.patch_threads(WORKSPACE, threads, a_patch()), 5)
    last = replace(all_of_it, paging=Paging(1, 1000))
    traces = [record.trace.id async for record in store.stream_traces(last)]
    await timed("tags of 1,000 traces", "<= 300 ms", lambda: store.patch_traces(WORKSPACE, traces, a_patch()), 5)


async def run(traces: int) -> None:
    start_ms = int(time.time() * 1000) - traces * MINUTE_MS
    with tempfile.TemporaryDirectory() as folder:
        engine = await open_duckdb(Path(folder) / "bench", memory_limit="1GB", reader_threads=4, query_timeout_s=60)
        store = SqlStore(engine)
        began = time.perf_counter()
        await fill(store, traces, start_ms)
        print(f"{traces} traces and their spans stored in {time.perf_counter() - began:.0f} s")
        await query(store, start_ms, start_ms + traces * MINUTE_MS)
        await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=int, default=100_000)
    options = parser.parse_args()
    random.seed(1)
    asyncio.run(run(options.traces))


if __name__ == "__main__":
    main()
