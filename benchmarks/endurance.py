"""Memory of a running server over many requests, by hand: `scripts/bench endurance [--requests N]`.

Sends small creates, patches, reads, searches and refused requests over a few kept-alive connections and prints the
server's resident memory after every tenth. It should stop growing soon after the start.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import httpx

from benchmarks.recording import stamp
from benchmarks.serving import cpu_seconds, resident_mb, serving
from weft.model.ids import new_id

CONNECTIONS = 4
IDS = 2000  # so that the data stay small and only leaks can grow


async def create(client: httpx.AsyncClient, ids: list[str]) -> None:
    trace = {
        "id": random.choice(ids),
        "project_name": "p",
        "start_time": stamp(time.time()),
        "name": "n",
        "input": {"a": 1},
    }
    await client.post("/v1/private/traces/batch", json={"traces": [trace]})


async def patch(client: httpx.AsyncClient, ids: list[str]) -> None:
    await client.patch(f"/v1/private/traces/{random.choice(ids)}", json={"project_name": "p", "output": {"b": 2}})


async def get(client: httpx.AsyncClient, ids: list[str]) -> None:
    await client.get(f"/v1/private/traces/{random.choice(ids)}")


async def search(client: httpx.AsyncClient, ids: list[str]) -> None:
    filters = [{"field": "name", "operator": "contains", "value": str(random.random())}]
    await client.post("/v1/private/traces/search", json={"project_name": "p", "limit": 10, "filters": filters})


async def refused(client: httpx.AsyncClient, ids: list[str]) -> None:
    await client.post("/v1/private/traces/batch", content=b'{"traces": [' + str(random.random()).encode())


async def ping(client: httpx.AsyncClient, ids: list[str]) -> None:
    await client.get(f"/is-alive/ping?{random.random()}")


MIX: list[tuple[Callable[[httpx.AsyncClient, list[str]], Awaitable[None]], int]] = [
    (create, 10),
    (patch, 10),
    (get, 10),
    (search, 5),
    (refused, 15),
    (ping, 50),
]


async def run(url: str, requests: int, pid: int) -> None:
    acts, weights = zip(*MIX, strict=True)
    ids = [new_id() for _ in range(IDS)]
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        for tenth in range(10):
            began, cpu = time.perf_counter(), cpu_seconds(pid)

            async def connection() -> None:
                for act in random.choices(acts, weights, k=requests // 10 // CONNECTIONS):
                    await act(client, ids)

            await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
            seconds = time.perf_counter() - began
            each = (cpu_seconds(pid) - cpu) / (requests / 10) * 1e6
            print(
                f"{(tenth + 1) * requests // 10:9} requests  {resident_mb(pid):6.0f} MB  "
                f"{requests / 10 / seconds:6.0f} requests/s  {each:6.0f} us CPU each",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--port", type=int, default=5998)
    options = parser.parse_args()
    random.seed(1)
    with serving(options.port) as server:
        print(f"{0:9} requests  {resident_mb(server.pid):6.0f} MB")
        asyncio.run(run(server.url, options.requests, server.pid))


if __name__ == "__main__":
    main()
