"""Ingest and query cost of a running server, by hand: `scripts/bench recording [--traces N] [--url URL]`.

Starts a server of its own in a temporary folder unless a URL is given. Client and server share the machine's cores, and
the machine's speed drifts, so compare figures of one run only.
"""

import argparse
import asyncio
import gzip
import json
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx

from benchmarks.serving import cpu_seconds, resident_mb, serving
from weft.model.ids import new_id

SPANS_PER_TRACE = 4
BATCH = 500
CONNECTIONS = 4
PROJECTS = [f"project-{number}" for number in range(10)]
WORDS = Path(__file__).read_text().split()


def text(characters: int) -> str:
    """Words that compress about as prompts do."""
    words: list[str] = []
    while sum(map(len, words)) + len(words) < characters:
        words.append(random.choice(WORDS))
    return " ".join(words)[:characters]


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def a_trace(project: str, at: float, number: int) -> dict[str, object]:
    return {
        "id": new_id(int(at * 1000)),
        "project_name": project,
        "name": f"agent-{number % 20}",
        "start_time": stamp(at),
        "end_time": stamp(at + random.random()),
        "input": {"question": text(60)},
        "output": {"answer": text(60)},
        "metadata": {"customer": f"c{number % 5000}", "number": number},
        "tags": ["bench", f"t{number % 7}"],
        "thread_id": f"thread-{number // 10}",
        "last_updated_at": stamp(at),
        "source": "sdk",
    }


def a_span(trace: dict[str, object], at: float, number: int) -> dict[str, object]:
    span = {
        "id": new_id(int(at * 1000)),
        "trace_id": trace["id"],
        "project_name": trace["project_name"],
        "name": f"step-{number % 4}",
        "type": "tool",
        "start_time": stamp(at),
        "end_time": stamp(at + 0.1),
        "input": {"a": number},
        "output": {"b": number},
        "last_updated_at": stamp(at),
        "source": "sdk",
    }
    if number % SPANS_PER_TRACE:
        return span
    tokens = random.randrange(50, 2000)
    return span | {
        "type": "llm",
        "model": "gpt-4o",
        "provider": "openai",
        "input": {"messages": [{"role": "user", "content": text(1000)}]},
        "output": {"content": text(1000)},
        "usage": {"prompt_tokens": tokens, "completion_tokens": 100, "total_tokens": tokens + 100},
    }


def batches(traces: int) -> Iterator[tuple[str, int, bytes]]:
    """(path, spans in it, gzipped body): the traces of a batch and then their spans, as an SDK sends them."""
    start = time.time() - traces / 1000
    for first in range(0, traces, BATCH):
        numbers = range(first, min(first + BATCH, traces))
        some = [a_trace(random.choice(PROJECTS), start + number / 1000, number) for number in numbers]
        yield "/traces/batch", 0, zipped({"traces": some})
        spans = [
            a_span(trace, start + number / 1000, i)
            for number, trace in zip(numbers, some, strict=True)
            for i in range(SPANS_PER_TRACE)
        ]
        for at in range(0, len(spans), BATCH):
            yield "/spans/batch", len(spans[at : at + BATCH]), zipped({"spans": spans[at : at + BATCH]})


def zipped(document: object) -> bytes:
    return gzip.compress(json.dumps(document).encode(), 6)


async def send(client: httpx.AsyncClient, prepared: Sequence[tuple[str, int, bytes]]) -> float:
    """Seconds until all batches are answered."""
    queue = iter(prepared)

    async def connection() -> None:
        for path, _, body in queue:
            headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
            reply = await client.post(f"/api/v1/private{path}", content=body, headers=headers)
            assert reply.status_code == 204, reply.text

    began = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return time.perf_counter() - began


async def ingest(client: httpx.AsyncClient, traces: int, pid: int | None) -> None:
    prepared = list(batches(traces))
    print(f"prepared {len(prepared)} batches, {sum(len(body) for *_, body in prepared) / 1e6:.0f} MB gzipped")
    cpu = cpu_seconds(pid)
    seconds = await send(client, prepared)
    spans = sum(count for _, count, _ in prepared)
    print(f"ingest      {spans / seconds:9.0f} spans/s ({spans} spans and {traces} traces in {seconds:.1f} s)")
    print(f"            {(cpu_seconds(pid) - cpu) / spans * 1e6:9.0f} us of server CPU a span")


async def timed(pid: int | None, name: str, target: str, act: Callable[[], Awaitable[object]], runs: int = 40) -> None:
    await act()
    times = []
    cpu = cpu_seconds(pid)
    for _ in range(runs):
        began = time.perf_counter()
        await act()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    print(
        f"{name:34} p50 {statistics.median(times):7.1f} ms  p90 {times[int(runs * 0.9)]:7.1f} ms  "
        f"CPU {(cpu_seconds(pid) - cpu) / runs * 1000:6.1f} ms  (target {target})"
    )


async def query(client: httpx.AsyncClient, pid: int | None) -> None:
    base = "/api/v1/private"

    async def get(path: str, **params: str) -> httpx.Response:
        reply = await client.get(base + path, params=params)
        assert reply.status_code == 200, reply.text
        return reply

    async def search(path: str, **body: object) -> int:
        reply = await client.post(base + path, json=body)
        assert reply.status_code == 200, reply.text
        return reply.content.count(b"\r\n")

    trace = a_trace(PROJECTS[0], time.time(), 0)
    ids = [
        json.loads(line)["id"]
        for line in (
            await client.post(base + "/traces/search", json={"project_name": PROJECTS[0], "limit": 200})
        ).text.split("\r\n")
        if line
    ]
    metadata = json.dumps([{"field": "metadata", "key": "customer", "operator": "=", "value": "c77"}])
    cost = json.dumps([{"field": "total_estimated_cost", "operator": ">", "value": "0.001"}])
    project = PROJECTS[0]
    await timed(pid, "get one trace", "<= 5 ms", lambda: get(f"/traces/{random.choice(ids)}"))
    await timed(
        pid, "newest 50 with scores and usage", "<= 20 ms", lambda: get("/traces", project_name=project, size="50")
    )
    await timed(
        pid,
        "filter on a metadata key",
        "<= 30 ms",
        lambda: get("/traces", project_name=project, size="50", filters=metadata),
    )
    await timed(pid, "filter on cost", "-", lambda: get("/traces", project_name=project, size="50", filters=cost))
    await timed(pid, "search a word", "-", lambda: get("/traces", project_name=project, size="50", search="nowhere"))
    await timed(pid, "newest 50 spans", "-", lambda: get("/spans", project_name=project, size="50"))
    await timed(
        pid,
        "search stream of 2,000 traces",
        "<= 400 ms",
        lambda: search("/traces/search", project_name=project, limit=2000),
        10,
    )
    await timed(
        pid,
        "search stream of 2,000 spans",
        "<= 400 ms",
        lambda: search("/spans/search", project_name=project, limit=2000),
        10,
    )
    await timed(pid, "ping", "-", lambda: client.get("/is-alive/ping"), 200)
    numbers = count(1)

    async def create(path: str, document: dict[str, object]) -> None:
        reply = await client.post(base + path, json=document)
        assert reply.status_code == 201, reply.text

    await timed(pid, "create one trace", "-", lambda: create("/traces", a_trace(project, time.time(), next(numbers))))
    await timed(pid, "create one span", "-", lambda: create("/spans", a_span(trace, time.time(), next(numbers))))


async def run(url: str, traces: int, pid: int | None) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        if pid:
            print(f"memory      {resident_mb(pid):9.0f} MB idle")
        if traces:
            await ingest(client, traces, pid)
        if pid:
            print(f"memory      {resident_mb(pid):9.0f} MB after ingest")
        await query(client, pid)
        if pid:
            print(f"memory      {resident_mb(pid):9.0f} MB after queries")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=int, default=100_000)
    parser.add_argument("--url", help="a server that runs already")
    parser.add_argument("--port", type=int, default=5999)
    options = parser.parse_args()
    random.seed(1)
    if options.url:
        asyncio.run(run(options.url, options.traces, None))
        return
    with serving(options.port) as server:
        asyncio.run(run(server.url, options.traces, server.pid))
        size = sum(file.stat().st_size for file in server.data_dir.rglob("*") if file.is_file())
        print(f"disk        {size / 1e6:9.0f} MB")


if __name__ == "__main__":
    main()
