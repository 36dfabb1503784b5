"""How soon streamed runs of agents tell something, by hand: `scripts/bench runs [--runs N] [--words N]`.

Starts a server in a temporary folder and `examples/local_model.py` beside it, and streams many runs at the same time,
each on a thread of its own. Connections are open and requests written down before the clock starts: what is measured is
the server, on cores that it shares with the model and the client. Afterwards each stream is read again, to see that
nothing was lost or told twice.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from benchmarks.serving import Server, cpu_seconds, resident_mb, serving

TARGET_MS = 150
MODEL_PORT = 8189
API = "/v1/deepagents"
FIELDS = {"event", "data", "id"}
LINE_BYTES = 2**20
KEY = {"X-Api-Key": "benchmark"}
MODES = ["values", "updates", "messages-tuple"]


@dataclass(frozen=True)
class Streamed:
    """Times are since the request; `lines` are those of the events."""

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


def request_of(agent_id: str, thread_id: str, text: str) -> bytes:
    body = {"agent_id": agent_id, "input": {"messages": [{"role": "user", "content": text}]}, "stream_mode": MODES}
    content = json.dumps(body)
    head = (
        f"POST {API}/threads/{thread_id}/runs/stream HTTP/1.1",
        "Host: 127.0.0.1",
        f"X-Api-Key: {KEY['X-Api-Key']}",
        "Connection: close",
        f"Content-Length: {len(content)}",
    )
    return "\r\n".join((*head, "", content)).encode()


async def stream(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> Streamed:
    reader, writer = connection
    began = time.perf_counter()
    writer.write(request)
    times: dict[str, float] = {}
    lines: list[str] = []
    location = ""
    async for raw in reader:
        line = raw.decode().rstrip()
        name, _, value = line.partition(": ")
        if name in FIELDS:
            times.setdefault(line, (time.perf_counter() - began) * 1000)
            lines.append(line)
        elif name == "location":
            location = value
    total = (time.perf_counter() - began) * 1000
    writer.close()
    return Streamed(location, times["event: metadata"], times["event: messages"], total, lines)


async def check(client: httpx.AsyncClient, streamed: Streamed) -> None:
    ids = [int(line.removeprefix("id: ")) for line in streamed.lines if line.startswith("id: ")]
    assert ids == list(range(1, len(ids) + 1)), "events were lost or told twice"
    again = await client.get(streamed.location, headers={"Last-Event-ID": "-1"})
    assert [line for line in again.text.splitlines() if line] == streamed.lines, "the run reads otherwise afterwards"


async def measure(server: Server, port: int, runs: int, words: int) -> None:
    async with httpx.AsyncClient(base_url=server.url + API, headers=KEY, timeout=120) as client:
        agent = {"name": "benchmark", "runtime": {"model": {"model_id": "openai:local"}}}
        agent_id = (await client.post("/agents", json=agent)).json()["id"]
        made = [await client.post("/threads", json={"agent_id": agent_id}) for _ in range(runs + 1)]
        first_id, *thread_ids = [reply.json()["id"] for reply in made]
        connections = [await asyncio.open_connection("127.0.0.1", port, limit=LINE_BYTES) for _ in made]
        first = await stream(connections.pop(), request_of(agent_id, first_id, "say once"))
        print(f"cold        {first.first_event_ms:9.0f} ms to the first event of the first run")
        said = "say " + " ".join(["word"] * words)
        requests = [request_of(agent_id, thread_id, said) for thread_id in thread_ids]
        cpu, began = cpu_seconds(server.pid), time.perf_counter()
        streams = await asyncio.gather(*map(stream, connections, requests))
        seconds, cpu = time.perf_counter() - began, cpu_seconds(server.pid) - cpu
        for streamed in streams:
            await check(client, streamed)
    report(streams, seconds, cpu, resident_mb(server.pid))


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
        asyncio.run(measure(server, options.port, options.runs, options.words))


if __name__ == "__main__":
    main()
