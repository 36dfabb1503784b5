"""Measures each request: one line in the log, without payloads, and the figures of `Metrics`."""

import logging
from time import perf_counter

from msgspec.structs import asdict
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from weft.api.http.metrics import Exchange, Metrics

LOG = logging.getLogger("weft.requests")


class RequestLog:
    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope["method"], scope["path"])
        started = perf_counter()
        with self._metrics.in_flight.track_inprogress():
            try:
                await self._app(scope, _counting_receive(receive, exchange), _counting_send(send, exchange))
            finally:
                exchange.route = scope.get("route")
                exchange.duration_ms = round((perf_counter() - started) * 1000, 3)
                self._metrics.observe(exchange)
                LOG.info("request", extra={"fields": asdict(exchange)})


def _counting_receive(receive: Receive, exchange: Exchange) -> Receive:
    async def counting() -> Message:
        message = await receive()
        exchange.bytes_in += len(message.get("body", b""))
        return message

    return counting


def _counting_send(send: Send, exchange: Exchange) -> Send:
    async def counting(message: Message) -> None:
        await send(message)
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
        else:
            exchange.bytes_out += len(message.get("body", b""))
            exchange.complete = not message.get("more_body", False)

    return counting
