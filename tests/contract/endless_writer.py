"""Puts and then patches batches of traces until it is killed, and prints the name of each that was acknowledged.

Run as a program: `python -m tests.contract.endless_writer <file>`.
"""

import asyncio
import sys
from pathlib import Path

from tests.factories import SOMEWHERE, a_patch, a_trace
from weft.model.ids import new_id
from weft.store.contract import Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

WRITERS = 8
BATCH = 5


async def open_store(path: Path) -> SqlStore:
    return SqlStore(await open_duckdb(path, memory_limit="1GB", reader_threads=1, query_timeout_s=30))


async def write_batches(store: Store) -> None:
    while True:
        name = new_id()
        batch = [a_trace(name=name) for _ in range(BATCH)]
        await store.put_traces(batch)
        await store.patch_traces(SOMEWHERE.workspace_id, [trace.id for trace in batch], a_patch(add=("patched",)))
        print(name, flush=True)


async def main(path: Path) -> None:
    store = await open_store(path)
    await asyncio.gather(*(write_batches(store) for _ in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
