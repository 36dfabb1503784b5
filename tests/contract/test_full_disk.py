"""A disk that fills up: what was acknowledged is kept, and the engine works again once there is room."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.factories import a_trace
from weft.errors import StoreUnavailable
from weft.model.ids import new_id
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

LIMIT_BYTES = 24_000_000


@contextmanager
def no_file_larger_than(limit: int) -> Iterator[None]:
    """As good as a full disk: the kernel refuses to let a file grow, with an error instead of a signal."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


async def test_writes_fail_while_the_disk_is_full_and_work_again_after(tmp_path: Path) -> None:
    engine = await open_duckdb(tmp_path / "x.duckdb", memory_limit="500MB", reader_threads=1, query_timeout_s=30)
    store = SqlStore(engine)
    acknowledged: list[str] = []

    async def write_on() -> None:
        for _ in range(100):
            batch = [a_trace(id=new_id(), output=f'"{os.urandom(4000).hex()}"') for _ in range(100)]
            await store.put_traces(batch)
            acknowledged.extend(trace.id for trace in batch)

    with no_file_larger_than(LIMIT_BYTES), pytest.raises(StoreUnavailable):
        await write_on()
    assert acknowledged
    await store.put_traces([a_trace(id=new_id())])
    rows = await engine.read("SELECT CAST(id AS VARCHAR) FROM traces", {})
    assert set(acknowledged) <= {id for (id,) in rows}
    await store.close()
