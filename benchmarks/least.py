"""The least that a server could do with batches of spans: read them, store them durably, answer. It checks nothing,
merges nothing and finds nothing again. `benchmarks/ingest.py` compares Weft with it."""

import asyncio
import json
import os
import zlib

import duckdb
import msgspec
from msgspec import Raw, Struct
from starlette.types import Receive, Scope, Send

NOTHING = Raw(b"null")


class Record(Struct):
    id: str
    trace_id: str = ""
    parent_span_id: str | None = None
    project_name: str = ""
    thread_id: str | None = None
    name: str = ""
    type: str = ""
    start_time: str = ""
    end_time: str = ""
    input: Raw = NOTHING
    output: Raw = NOTHING
    metadata: Raw = NOTHING
    usage: Raw = NOTHING
    model: str = ""
    provider: str = ""


class Batch(Struct):
    spans: list[Record] = []
    traces: list[Record] = []


COLUMNS = Record.__struct_fields__
PAYLOADS = ("input", "output", "metadata", "usage")
STRUCTURE = json.dumps([{name: "JSON" if name in PAYLOADS else "VARCHAR" for name in COLUMNS}])
INSERT = f"INSERT INTO records SELECT unnest(from_json($1::VARCHAR, '{STRUCTURE}'), recursive := true)"


class Least:
    def __init__(self) -> None:
        self._database = duckdb.connect(os.environ["LEAST_FILE"])
        self._database.execute(f"CREATE TABLE records ({', '.join(f'{name} VARCHAR' for name in COLUMNS)})")
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        if body:
            await self._store(msgspec.json.decode(zlib.decompress(body, 31), type=Batch))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _store(self, batch: Batch) -> None:
        lines = b",".join(map(msgspec.json.encode, batch.spans + batch.traces))
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((lines, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit())
        await done

    async def _commit(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            rows = b"[" + b",".join(lines for lines, _ in group) + b"]"
            await asyncio.to_thread(self._database.execute, INSERT, [rows.decode()])
            for _, done in group:
                done.set_result(None)


def app() -> Least:
    return Least()
