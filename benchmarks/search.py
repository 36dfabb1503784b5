"""Full-text search over many spans of a kilobyte, and what its words cost: `scripts/bench search [--spans N]`.

Starts a server of its own. Searches for a word that one span has, for one that none has, and for a text without words,
which is what every search was before there were words. Then collects all words anew, alone, and compares that with the
server's CPU time of the whole ingest, which has it inside.
"""

import argparse
import asyncio
import gzip
import json
import os
import random
import secrets
import signal
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import httpx

from benchmarks.recording import stamp, text
from benchmarks.serving import cpu_seconds, serving
from weft.model.ids import new_id
from weft.store.duckdb.search_words import collect_words

BATCH = 1000
CONNECTIONS = 4
PROJECT = "search"
RARE = "xylophone7"
RUNS = 15


def batches(spans: int) -> Iterator[bytes]:
    texts = [text(430) for _ in range(2000)]
    start = time.time() - spans / 1000
    for first in range(0, spans, BATCH):
        numbers = range(first, min(first + BATCH, spans))
        body = [a_span(start + number / 1000, texts, RARE if number == spans // 3 else "") for number in numbers]
        yield gzip.compress(json.dumps({"spans": body}).encode(), 1)


def a_span(at: float, texts: list[str], word: str) -> dict[str, object]:
    return {
        "id": new_id(int(at * 1000)),
        "trace_id": new_id(int(at * 1000)),
        "project_name": PROJECT,
        "name": "step",
        "type": "tool",
        "start_time": stamp(at),
        "end_time": stamp(at + 0.1),
        "input": {"question": random.choice(texts), "run": secrets.token_hex(8)},
        "output": {"answer": f"{random.choice(texts)} {word}"},
        "source": "sdk",
    }


async def ingest(client: httpx.AsyncClient, spans: int) -> float:
    """Seconds."""
    queue = batches(spans)

    async def connection() -> None:
        for body in queue:
            reply = await client.post("/v1/private/spans/batch", content=body, headers={"Content-Encoding": "gzip"})
            assert reply.status_code == 204, reply.text

    began = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return time.perf_counter() - began


async def idle(pid: int) -> float:
    """The server's CPU seconds, once it does nothing any more."""
    used = -1.0
    while (now := cpu_seconds(pid)) - used > 0.05:
        used = now
        await asyncio.sleep(1)
    return now


async def search(client: httpx.AsyncClient, name: str, wanted: str, found: int) -> None:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        reply = await client.get("/v1/private/spans", params={"project_name": PROJECT, "search": wanted})
        times.append((time.perf_counter() - began) * 1000)
        assert reply.json()["total"] == found, reply.text
    times.sort()
    print(f"search {name:27} p50 {statistics.median(times):7.0f} ms  p90 {times[int(RUNS * 0.9)]:7.0f} ms")


async def run(url: str, pid: int, spans: int) -> float:
    """The server's CPU seconds for the ingest."""
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        before = await idle(pid)
        seconds = await ingest(client, spans)
        cpu = await idle(pid) - before
        print(f"ingest {spans / seconds:9.0f} spans/s, {cpu / spans * 1e6:6.0f} us of server CPU a span")
        await search(client, "for a word of one span", RARE, 1)
        await search(client, "for a word of none", "zzyzx", 0)
        await search(client, "for a text without words", '"   "', 0)
    return cpu


def opened(path: Path) -> duckdb.DuckDBPyConnection:
    """As soon as the server has closed it."""
    while True:
        try:
            return duckdb.connect(str(path), config={"memory_limit": "1GB"})
        except duckdb.IOException:
            time.sleep(0.2)


def collect_alone(path: Path, spans: int, ingest_cpu_s: float) -> None:
    with opened(path) as connection:
        (size,) = connection.execute("SELECT sum(strlen(words)) FROM search_words").fetchall()[0]
        connection.execute("DELETE FROM search_words")
        began = time.process_time()
        collect_words(connection, 2**62)
        cpu = time.process_time() - began
    print(
        f"words  {cpu / spans * 1e6:9.1f} us of CPU a span, {cpu / (ingest_cpu_s - cpu) * 100:.0f} % of ingest without"
    )
    print(f"words  {size / spans:9.0f} bytes a span")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", type=int, default=1_000_000)
    parser.add_argument("--port", type=int, default=5998)
    options = parser.parse_args()
    random.seed(1)
    with serving(options.port) as server:
        cpu = asyncio.run(run(server.url, server.pid, options.spans))
        os.kill(server.pid, signal.SIGTERM)
        collect_alone(server.data_dir / "traces.duckdb", options.spans, cpu)


if __name__ == "__main__":
    main()
