"""What DuckDB has acknowledged survives SIGKILL at any moment, and no batch is ever half there."""

import asyncio
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.contract.endless_writer import BATCH, open_store
from tests.factories import SOMEWHERE, a_selection
from weft.model.page import Paging

ROOT = Path(__file__).parents[2]
KILLED_AFTER = (1, 50, 150)


def acknowledged_before_a_kill(path: Path, count: int) -> list[str]:
    """The names that a writer printed until it was killed, soon after it had printed so many."""
    command = [sys.executable, "-m", "tests.contract.endless_writer", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(count)]
        writer.kill()
        lines += writer.stdout.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]


async def stored_batches(path: Path) -> tuple[Counter[str | None], Counter[str | None]]:
    """How many traces there are of each batch, and how many that have been patched."""
    store = await open_store(path)
    everything = a_selection(SOMEWHERE, paging=Paging(1, 100_000))
    traces = [record.trace async for record in store.stream_traces(everything)]
    await store.close()
    return Counter(trace.name for trace in traces), Counter(trace.name for trace in traces if trace.tags)


async def test_what_was_acknowledged_survives_being_killed_while_writing(tmp_path: Path) -> None:
    path = tmp_path / "weft.duckdb"
    acknowledged: list[str] = []
    for count in KILLED_AFTER:
        acknowledged += await asyncio.to_thread(acknowledged_before_a_kill, path, count)
        put, patched = await stored_batches(path)
        assert len(acknowledged) >= count
        assert set(acknowledged) <= patched.keys()
        assert set(put.values()) | set(patched.values()) == {BATCH}
