"""The stock OpenTelemetry SDK, exporting as its users configure it."""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote

import httpx
import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.trace import Tracer
from opik import Opik

from tests.api.otlp import json_request
from tests.compat.server import Server


@pytest.fixture(params=[Compression.NoCompression, Compression.Gzip], ids=["plain", "gzip"])
def exporter(
    request: pytest.FixtureRequest, server: Server, project: str, monkeypatch: pytest.MonkeyPatch
) -> OTLPSpanExporter:
    """Both names are from the environment, where values are written as in a URL."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"{server.api}/v1/private/otel")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"projectName={quote(project)},Comet-Workspace=default")
    return OTLPSpanExporter(compression=request.param)


@pytest.fixture(params=["in one batch", "one by one, the root last"])
def provider(request: pytest.FixtureRequest, exporter: OTLPSpanExporter) -> Iterator[TracerProvider]:
    provider = TracerProvider(resource=Resource.create({"service.name": "shop"}))
    processor = BatchSpanProcessor if request.param == "in one batch" else SimpleSpanProcessor
    provider.add_span_processor(processor(exporter))
    yield provider
    provider.shutdown()


def converse(tracer: Tracer) -> None:
    with tracer.start_as_current_span("answer") as root:
        root.set_attributes({"gen_ai.conversation.id": "t1", "input.value": '{"question": "why?"}'})
        with tracer.start_as_current_span("chat gpt-4o") as chat:
            chat.set_attributes(
                {
                    "gen_ai.operation.name": "chat",
                    "gen_ai.provider.name": "openai",
                    "gen_ai.request.model": "gpt-4o",
                    "gen_ai.usage.input_tokens": 1000,
                    "gen_ai.usage.output_tokens": 100,
                    "gen_ai.response.finish_reasons": ["stop"],
                }
            )
        with suppress(ValueError), tracer.start_as_current_span("search") as search:
            search.set_attribute("gen_ai.operation.name", "execute_tool")
            raise ValueError("no")


def test_conversation(provider: TracerProvider, batching_client: Opik, project: str) -> None:
    converse(provider.get_tracer("compat", "1.0"))
    assert provider.force_flush()

    [trace] = batching_client.search_traces(project_name=project)
    assert (trace.name, trace.thread_id, trace.span_count) == ("answer", "t1", 3)
    assert trace.input == {"input.value": {"question": "why?"}}
    assert trace.usage == {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    assert trace.total_estimated_cost == pytest.approx(0.0035)
    assert isinstance(trace.metadata, dict)
    assert trace.metadata["opentelemetry"]["resource"]["service.name"] == "shop"
    spans = {span.name: span for span in batching_client.search_spans(project_name=project, trace_id=trace.id)}
    assert {name: span.type for name, span in spans.items()} == {
        "answer": "general",
        "chat gpt-4o": "llm",
        "search": "tool",
    }
    assert {spans["chat gpt-4o"].parent_span_id, spans["search"].parent_span_id} == {spans["answer"].id}
    assert spans["search"].error_info is not None
    assert spans["search"].error_info.exception_type == "ValueError"
    assert "Traceback" in spans["search"].error_info.traceback


def test_json_by_hand(server: Server, batching_client: Opik, project: str) -> None:
    url = f"{server.api}/v1/private/otel/v1/traces"
    reply = httpx.post(url, json=json_request(b"compat by hand.."), headers={"projectName": project})
    assert (reply.status_code, reply.json()) == (200, {})
    [trace] = batching_client.search_traces(project_name=project)
    assert (trace.name, trace.usage and trace.usage["total_tokens"]) == ("answer", 7)
