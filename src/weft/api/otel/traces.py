"""OpenTelemetry's way in: OTLP over HTTP (Opik's contract, G.7)."""

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import Struct
from starlette.requests import Request

from weft.api.http.call import Call
from weft.api.http.replies import ENCODER, Content
from weft.api.http.route import Route
from weft.api.limits import ORDINARY
from weft.api.otel import json_encoding
from weft.core.otel.ingest import Sender, flaws_of, record_otel_spans
from weft.core.otel.span import OtelSpan
from weft.errors import MalformedProtobuf, RateLimited, UnsupportedMediaType

PROTOBUF = "application/x-protobuf"
JSON = "application/json"


class PartialSuccess(Struct, rename="camel"):
    rejected_spans: str
    error_message: str


class Accepted(Struct, rename="camel", omit_defaults=True):
    partial_success: PartialSuccess | None = None


class Encoding(NamedTuple):
    read: Callable[[bytes], list[OtelSpan]]
    write_reply: Callable[[int, str], bytes]


async def receive_otel_spans(call: Call, body: bytes) -> Content:
    """The reply is in the encoding of the request, and says how many spans were rejected if any were."""
    media_type, encoding = _encoding(call.request)
    spans = await asyncio.to_thread(encoding.read, body)
    call.services.limits.take(ORDINARY, call.caller, max(1, len(spans)))
    flaws = flaws_of(spans)
    sound = [span for span in spans if not span.flaw()] if flaws else spans
    sender = Sender(call.caller.workspace_id, call.caller.user_name, _project_name(call.request))
    await record_otel_spans(call.services.registry, call.services.store, call.services.vault, sender, sound)
    return Content(encoding.write_reply(len(flaws), "; ".join(dict.fromkeys(flaws))), media_type)


def _encoding(request: Request) -> tuple[str, Encoding]:
    sent = request.headers.get("content-type", "")
    media_type = sent.partition(";")[0].strip().lower()
    if media_type not in _ENCODINGS:
        raise UnsupportedMediaType(media_type=sent, supported=" or ".join(_ENCODINGS))
    return media_type, _ENCODINGS[media_type]


def _project_name(request: Request) -> str | None:
    """Headers are Latin-1 for HTTP, but many clients write UTF-8."""
    name = request.headers.get("projectName", "")
    try:
        return name.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return name


def _read_protobuf(body: bytes) -> list[OtelSpan]:
    # Here, because protobuf takes 0.2 s and 9 MB, which a server that is sent none should not spend.
    from weft.api.otel.protobuf_encoding import read_spans

    return read_spans(body)


def _write_protobuf_reply(rejected: int, reason: str) -> bytes:
    from weft.api.otel.protobuf_encoding import write_reply

    return write_reply(rejected, reason)


def _write_json_reply(rejected: int, reason: str) -> bytes:
    return ENCODER.encode(Accepted(PartialSuccess(str(rejected), reason) if rejected else None))


_ENCODINGS: Mapping[str, Encoding] = {
    PROTOBUF: Encoding(_read_protobuf, _write_protobuf_reply),
    JSON: Encoding(json_encoding.read_spans, _write_json_reply),
}

ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/v1/private/otel/v1/traces",
        receive_otel_spans,
        errors=(MalformedProtobuf, UnsupportedMediaType, RateLimited),
        media_types=((PROTOBUF, bytes), (JSON, json_encoding.TraceRequest)),
    ),
)
