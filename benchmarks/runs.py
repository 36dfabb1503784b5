"""How soon streamed runs of agents tell something, by hand: `scripts/bench runs [--runs N] [--words N]`.

Starts a server in a temporary folder and `examples/local_model.py` beside it, and streams many runs at the same time,
each on a thread of its own. Afterwards each stream is read again, to see that nothing was lost or told twice.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from benchmarks.serving import cpu_seconds, resident_mb, serving

TARGET_MS = 150
MODEL_PORT = 8189
KEY = {"X-Api-Key": "benchmark"}
MODES = ["values", "updates", "messages-tuple"]


@dataclass(frozen=True)
class Streamed:
    """Times are since the request; `lines` are all that came."""

    location: str
    first_event_ms: float
    first_word_ms: float
    total_ms: float
    lines: Sequence[str]


@contextmanager
def local_model() -> Iterator[None]:
    """In a process of its own; servers that are started within know it as `openai:…`."""
    os.environ |= {"OPENAI_BASE_URL": f"http://127.0.0.1:{MODEL_PORT}/v1", "OPENAI_API_KEY": "none"}
    command = [sys.executable, "examples/local_model.py", str(MODEL_PORT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.terminate()


async def stream(client: httpx.AsyncClient, agent_id: str, thread_id: str, text: str) -> Streamed:
    body = {"agent_id": agent_id, "input": {"messages": [{"role": "user", "content": text}]}, "stream_mode": MODES}
    began = time.perf_counter()
    lines: list[str] = []
    first: dict[str, float] = {}
    async with client.stream("POST", f"/threads/{thread_id}/runs/stream", json=body) as reply:
        async for line in reply.aiter_lines():
            if line.startswith("event: "):
                first.setdefault(line, (time.perf_counter() - began) * 1000)
            lines.append(line)
    total = (time.perf_counter() - began) * 1000
    location = reply.headers["location"]
    return Streamed(location, first["event: metadata"], first["event: messages"], total, lines)


async def check(client: httpx.AsyncClient, streamed: Streamed) -> None:
    ids = [int(line.removeprefix("id: ")) for line in streamed.lines if line.startswith("id: ")]
    assert ids == list(range(1, len(ids) + 1)), "events were lost or told twice"
    again = await client.get(streamed.location, headers={"Last-Event-ID": "-1"})
    told = [line for line in streamed.lines if line and not line.startswith(":")]
    assert [line for line in again.text.splitlines() if line] == told, "the run reads otherwise afterwards"


async def measure(url: str, pid: int, runs: int, words: int) -> None:
    limits = httpx.Limits(max_connections=runs)
    base = f"{url}/v1/deepagents"
    async with httpx.AsyncClient(base_url=base, headers=KEY, timeout=120, limits=limits) as client:
        agent = {"name": "benchmark", "runtime": {"model": {"model_id": "openai:local"}}}
        agent_id = (await client.post("/agents", json=agent)).json()["id"]
        made = [await client.post("/threads", json={"agent_id": agent_id}) for _ in range(runs + 1)]
        thread_ids = [reply.json()["id"] for reply in made]
        first = await stream(client, agent_id, thread_ids.pop(), "say once")
        print(f"cold        {first.first_event_ms:9.0f} ms to the first event of the first run")
        cpu, began = cpu_seconds(pid), time.perf_counter()
        said = "say " + " ".join(["word"] * words)
        streams = await asyncio.gather(*(stream(client, agent_id, thread_id, said) for thread_id in thread_ids))
        seconds, cpu = time.perf_counter() - began, cpu_seconds(pid) - cpu
        for streamed in streams:
            await check(client, streamed)
    report(streams, seconds, cpu, resident_mb(pid))


def report(streams: Sequence[Streamed], seconds: float, cpu: float, resident: float) -> None:
    events = sum(line.startswith("event: ") for streamed in streams for line in streamed.lines)
    figures = {
        "first event": [streamed.first_event_ms for streamed in streams],
        "first word": [streamed.first_word_ms for streamed in streams],
        "whole run": [streamed.total_ms for streamed in streams],
    }
    for name, values in figures.items():
        worst = max(values)
        print(f"{name:11} {statistics.median(values):9.0f} ms p50 {worst:9.0f} ms at most")
    print(f"target      {TARGET_MS:9} ms p50 to the first event")
    print(f"{len(streams)} runs in {seconds:.2f} s, {events} events, {cpu:.2f} s of CPU, {resident:.0f} MB resident")
    print("no event was lost or told twice")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--words", type=int, default=50)
    parser.add_argument("--port", type=int, default=5199)
    options = parser.parse_args()
    with local_model(), serving(options.port) as server:
        asyncio.run(measure(server.url, server.pid, options.runs, options.words))


if __name__ == "__main__":
    main()
