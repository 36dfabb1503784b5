"""Ingest beside the least that a server could do, by hand: `scripts/bench ingest [--traces N] [--rounds N]`.

Machines differ, and one machine drifts: the ratio of the two is what stays. Each round starts each of the two anew, in
turn, and sends it the same batches over 4 connections; the client shares their cores.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import httpx

from benchmarks.recording import batches, send
from benchmarks.serving import cpu_seconds, process, serving

Batches = Sequence[tuple[str, int, bytes]]


async def send_all(url: str, prepared: Batches) -> float:
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        return await send(client, prepared)


def measure(name: str, url: str, pid: int, prepared: Batches) -> float:
    """Spans a second."""
    spans = sum(spans for _, spans, _ in prepared)
    cpu, rate = cpu_seconds(pid), spans / asyncio.run(send_all(url, prepared))
    print(f"{name:6} {rate:8.0f} spans/s  {(cpu_seconds(pid) - cpu) / spans * 1e6:5.0f} us of CPU a span", flush=True)
    return rate


def measure_least(port: int, prepared: Batches) -> float:
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"LEAST_FILE": str(Path(folder) / "least.duckdb")}
        command = [sys.executable, "-m", "uvicorn", "--factory", "benchmarks.least:app", "--port", str(port)]
        with process([*command, "--lifespan", "off", "--log-level", "warning"], port, env) as server:
            return measure("least", f"http://127.0.0.1:{port}", server.pid, prepared)


def measure_weft(port: int, prepared: Batches) -> float:
    with serving(port) as server:
        return measure("Weft", server.url, server.pid, prepared)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--port", type=int, default=5996)
    options = parser.parse_args()
    random.seed(1)
    prepared = list(batches(options.traces))
    ratios = []
    for _ in range(options.rounds):
        least, weft = measure_least(options.port, prepared), measure_weft(options.port + 1, prepared)
        ratios.append(weft / least)
    print(f"Weft does {statistics.median(ratios):.2f} of the least (median; {min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
