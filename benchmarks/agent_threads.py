"""Lists and bulk edits of agents' threads of a running server, by hand: `scripts/bench agent_threads [--threads N]`.

Starts a server of its own in a temporary folder, whose registry is filled behind its back. Half of the threads are of
one agent. Client and server share the machine's cores, so compare figures of one run only.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid5

import httpx
from msgspec.structs import replace

from benchmarks.serving import Server, cpu_seconds, serving
from weft.api.auth import DEFAULT_CALLER
from weft.model.agent_thread import AgentThread, ThreadProgress, ThreadStatus, new_thread, progressed
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.registry.agent_threads import row_of
from weft.registry.database import Database
from weft.registry.tables import AGENT_THREADS

AGENTS = [new_id() for _ in range(2)]
STATUSES: tuple[ThreadStatus, ...] = ("idle", "idle", "idle", "busy", "interrupted", "error")
OWNER = str(uuid5(UUID(DEFAULT_CALLER.workspace_id), DEFAULT_CALLER.user_name))
THREADS = "/v1/deepagents/threads"
RUNS = 40


def a_thread(number: int, at: int) -> AgentThread:
    metadata = {"is_pinned": number % 50 == 0, "is_test_run": number % 20 == 1, "team": f"t{number % 7}"}
    thread = new_thread(new_id(), DEFAULT_CALLER.workspace_id, AGENTS[number % 2], OWNER, metadata, at)
    progress = ThreadProgress(random.choice(STATUSES), at, first_message_preview="What is left to do in the ledger?")
    return progressed(replace(thread, status="busy"), progress)


async def fill(data_dir: Path, threads: int) -> list[str]:
    """The ids of the first agent's threads."""
    start = now_us() - threads * 1_000_000
    made = [a_thread(number, start + number * 1_000_000) for number in range(threads)]
    database = Database(data_dir / "registry.sqlite")
    await database.write(lambda c: c.execute(AGENT_THREADS.insert(), [row_of(thread) for thread in made]))
    await database.close()
    return [thread.id for thread in made if thread.agent_id == AGENTS[0]]


async def timed(pid: int, name: str, target: str, act: Callable[[], Awaitable[httpx.Response]]) -> None:
    (await act()).raise_for_status()
    times = []
    cpu = cpu_seconds(pid)
    for _ in range(RUNS):
        began = time.perf_counter()
        (await act()).raise_for_status()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    print(
        f"{name:34} p50 {statistics.median(times):7.1f} ms  p90 {times[int(RUNS * 0.9)]:7.1f} ms  "
        f"CPU {(cpu_seconds(pid) - cpu) / RUNS * 1000:6.1f} ms  (target {target})"
    )


def edits(ids: list[str]) -> Iterator[dict[str, object]]:
    number = 0
    while True:
        number += 1
        data = {"title": f"Q{number}", "metadata": {"read_status": bool(number % 2), "team": None}}
        yield {"thread_ids": random.sample(ids, 50), "data": data}


async def run(server: Server, threads: int) -> None:
    ids = await fill(server.data_dir, threads)
    next_edit = edits(ids)
    listed = {"agent_id": AGENTS[0]}
    part = {"metadata": {"ls_user_id": OWNER, "is_test_run": False, "graph_id": "deep_agent"}, "limit": 50}
    newest = {"limit": 50, "sort_by": "state_updated_at"}
    rare = {"metadata": {"team": "none"}, "limit": 50}
    async with httpx.AsyncClient(base_url=server.url, headers={"X-Api-Key": "any"}, timeout=60) as client:
        cursor = (await client.get(THREADS, params=listed)).raise_for_status().json()["next_cursor"]
        operations: tuple[tuple[str, str, Callable[[], Awaitable[httpx.Response]]], ...] = (
            ("list page", "<= 60 ms", lambda: client.get(THREADS, params=listed)),
            ("list page by cursor", "<= 60 ms", lambda: client.get(THREADS, params={**listed, "cursor": cursor})),
            ("list page of pinned", "-", lambda: client.get(THREADS, params={**listed, "is_pinned": "true"})),
            ("bulk-modify of 50", "<= 60 ms", lambda: client.post(f"{THREADS}/bulk-modify", json=next(next_edit))),
            ("patch of one", "-", lambda: client.patch(f"{THREADS}/{random.choice(ids)}", json={"title": "x"})),
            ("count of attention", "-", lambda: client.get(f"{THREADS}/count")),
            ("search, newest 50", "-", lambda: client.post(f"{THREADS}/search", json=newest)),
            ("search, 50 by metadata", "-", lambda: client.post(f"{THREADS}/search", json=part)),
            ("search, rare metadata", "-", lambda: client.post(f"{THREADS}/search", json=rare)),
        )
        for name, target, act in operations:
            await timed(server.pid, name, target, act)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=10_000)
    parser.add_argument("--port", type=int, default=5997)
    options = parser.parse_args()
    random.seed(1)
    with serving(options.port) as server:
        asyncio.run(run(server, options.threads))


if __name__ == "__main__":
    main()
