"""How many OpenTelemetry spans a server takes in protobuf, by hand: `scripts/bench otlp [--spans N] [--url URL]`.

Starts a server of its own in a temporary folder unless a URL is given. Requests are made before the clock starts: what
is measured is the server, on cores that it shares with the client.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterator

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from benchmarks.recording import CONNECTIONS, SPANS_PER_TRACE, text
from benchmarks.serving import cpu_seconds, resident_mb, serving

BATCH = 512  # what the SDK's batch processor sends at once
TARGET = 5_000


def pair(key: str, value: str | int) -> KeyValue:
    return KeyValue(
        key=key, value=AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value)
    )


def llm_attributes() -> list[KeyValue]:
    return [
        pair("gen_ai.operation.name", "chat"),
        pair("gen_ai.provider.name", "openai"),
        pair("gen_ai.request.model", "gpt-4o"),
        pair("gen_ai.usage.input_tokens", random.randrange(50, 2000)),
        pair("gen_ai.usage.output_tokens", 100),
        pair("gen_ai.input.messages", json.dumps([{"role": "user", "content": text(1000)}])),
        pair("gen_ai.output.messages", '[{"role": "assistant", "content": "so"}]'),
    ]


def a_trace(start: int) -> Iterator[Span]:
    """A root with a model call and tool calls below."""
    trace_id, root_id = random.randbytes(16), random.randbytes(8)
    for number in range(SPANS_PER_TRACE):
        yield Span(
            trace_id=trace_id,
            span_id=random.randbytes(8) if number else root_id,
            parent_span_id=root_id if number else b"",
            name=f"step-{number}",
            start_time_unix_nano=start + number,
            end_time_unix_nano=start + 1_000_000,
            attributes=llm_attributes() if number == 1 else [pair("input.value", '{"a": 1}'), pair("tool.name", "t")],
        )


def requests(spans: int) -> list[bytes]:
    start = time.time_ns()
    made = []
    for first in range(0, spans, BATCH):
        request = ExportTraceServiceRequest()
        of_resource = request.resource_spans.add()
        of_resource.resource.attributes.append(pair("service.name", "bench"))
        of_scope = of_resource.scope_spans.add()
        of_scope.scope.name = "bench"
        for number in range(first, first + BATCH, SPANS_PER_TRACE):
            of_scope.spans.extend(a_trace(start + number * 1_000_000))
        made.append(request.SerializeToString())
    return made


async def ingest(url: str, spans: int, pid: int | None) -> None:
    prepared = requests(spans)
    queue = iter(prepared)
    headers = {"Content-Type": "application/x-protobuf", "projectName": "otlp"}

    async with httpx.AsyncClient(base_url=url, timeout=120) as client:

        async def connection() -> None:
            for body in queue:
                reply = await client.post("/api/v1/private/otel/v1/traces", content=body, headers=headers)
                assert (reply.status_code, reply.content) == (200, b""), reply.text

        began, cpu = time.perf_counter(), cpu_seconds(pid)
        await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
        seconds, sent = time.perf_counter() - began, len(prepared) * BATCH
    print(f"ingest      {sent / seconds:9.0f} spans/s ({sent} spans in {seconds:.1f} s; target >= {TARGET})")
    if pid:
        print(f"            {(cpu_seconds(pid) - cpu) / sent * 1e6:9.0f} us of server CPU a span")
        print(f"memory      {resident_mb(pid):9.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", type=int, default=100_000)
    parser.add_argument("--url", help="a server that runs already")
    parser.add_argument("--port", type=int, default=5998)
    options = parser.parse_args()
    random.seed(1)
    if options.url:
        asyncio.run(ingest(options.url, options.spans, None))
        return
    with serving(options.port) as server:
        asyncio.run(ingest(server.url, options.spans, server.pid))


if __name__ == "__main__":
    main()
