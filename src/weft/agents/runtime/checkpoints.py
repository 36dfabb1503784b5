"""Where the states of threads and the memories of agents are kept."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import aiosqlite
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.store.sqlite.aio import AsyncSqliteStore

BUSY_TIMEOUT_S = 30.0
MEMORIES = "memories"
PAGE = 200

_COPY = (
    "INSERT INTO checkpoints"
    " (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata)"
    " SELECT :new, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata"
    " FROM checkpoints WHERE thread_id = :thread",
    "INSERT INTO writes (thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value)"
    " SELECT :new, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value"
    " FROM writes WHERE thread_id = :thread",
)
# Ids of checkpoints are in the order of their making. Those of subagents come after the one where their agent waits for
# them; the run that made both tells them from what came later. Answers, and what came of them, are kept beside the
# question: they go too.
_RUN = "json_extract(CAST(metadata AS TEXT), '$.run_id')"
_FORGET = (
    f"""
    DELETE FROM checkpoints
    WHERE thread_id = :thread AND checkpoint_id > :last AND (checkpoint_ns = '' OR {_RUN} IS NOT (
        SELECT {_RUN} FROM checkpoints
        WHERE thread_id = :thread AND checkpoint_ns = '' AND checkpoint_id = :last
    ))
    """,
    """
    DELETE FROM writes
    WHERE thread_id = :thread AND (checkpoint_ns, checkpoint_id) NOT IN (
        SELECT checkpoint_ns, checkpoint_id FROM checkpoints WHERE thread_id = :thread
    )
    """,
    """
    DELETE FROM writes
    WHERE thread_id = :thread AND checkpoint_id >= :last
    AND (channel = '__resume__' OR channel <> '__interrupt__' AND (checkpoint_ns, checkpoint_id, task_id) IN (
        SELECT checkpoint_ns, checkpoint_id, task_id FROM writes
        WHERE thread_id = :thread AND channel = '__interrupt__'
    ))
    """,
)


class Checkpoints:
    """`saver` and `store` are what graphs are compiled with."""

    def __init__(self, saver: AsyncSqliteSaver, store: AsyncSqliteStore) -> None:
        self.saver = saver
        self.store = store

    async def copy(self, thread_id: str, new_id: str) -> None:
        await self._change(_COPY, {"thread": thread_id, "new": new_id})

    async def rewind(self, thread_id: str, checkpoint_id: str | None) -> None:
        """Forgets what came after a checkpoint, or everything."""
        if checkpoint_id is None:
            await self.delete(thread_id)
        else:
            await self._change(_FORGET, {"thread": thread_id, "last": checkpoint_id})

    async def delete(self, thread_id: str) -> None:
        await self.saver.adelete_thread(thread_id)

    async def delete_memories(self, agent_id: str) -> None:
        while items := await self.store.asearch(memories_of(agent_id), limit=PAGE):
            for item in items:
                await self.store.adelete(item.namespace, item.key)

    async def _change(self, statements: tuple[str, ...], parameters: Mapping[str, str]) -> None:
        async with self.saver.lock:
            try:
                for statement in statements:
                    await self.saver.conn.execute(statement, parameters)
                await self.saver.conn.commit()
            except BaseException:
                await self.saver.conn.rollback()
                raise


def memories_of(agent_id: str) -> tuple[str, str]:
    return (agent_id, MEMORIES)


@asynccontextmanager
async def open_checkpoints(folder: Path) -> AsyncIterator[Checkpoints]:
    """In two files: their writers would wait for each other in one. The folder is made if it is not there."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with (
        _connected(folder / "checkpoints.sqlite", "DEFERRED") as states,
        _connected(folder / "memories.sqlite", None) as memories,
    ):
        saver, store = AsyncSqliteSaver(states), AsyncSqliteStore(memories)
        await saver.setup()
        await store.setup()
        try:
            yield Checkpoints(saver, store)
        finally:
            await _stop(store)


async def _stop(store: AsyncSqliteStore) -> None:
    """Its task ends by itself only when nothing refers to the store any more."""
    if task := store._task:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def _connected(path: Path, isolation_level: Literal["DEFERRED"] | None) -> AsyncIterator[aiosqlite.Connection]:
    """What is committed outlives a SIGKILL; a power failure may take the last moments."""
    async with aiosqlite.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=isolation_level) as connection:
        await connection.execute("PRAGMA journal_mode=WAL")
        await connection.execute("PRAGMA synchronous=NORMAL")
        yield connection
