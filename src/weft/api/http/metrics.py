"""Figures for Prometheus, kept per application."""

from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from weft.api.http.call import Call
from weft.api.http.replies import Content


class Exchange(Struct):
    """One request and its response. `route` is the path in the table, None if there is none; `status` stays 499 if
    the client left before there was one; `complete` tells whether the response was sent to its end."""

    method: str
    path: str
    route: str | None = None
    status: int = 499
    complete: bool = False
    bytes_in: int = 0
    bytes_out: int = 0
    duration_ms: float = 0.0


class Metrics:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = self._counter("weft_requests", "Requests answered", ["method", "route", "status"])
        self._bytes_in = self._counter("weft_request_body_bytes", "Bytes of request bodies, as sent")
        self._bytes_out = self._counter("weft_response_body_bytes", "Bytes of response bodies, as sent")
        self._duration = Histogram(
            "weft_request_duration_seconds",
            "From the first byte of a request to the last of its response",
            ["method", "route"],
            registry=self._registry,
        )
        self.in_flight = Gauge("weft_requests_in_flight", "Requests being answered", registry=self._registry)

    def _counter(self, name: str, documentation: str, labels: list[str] | None = None) -> Counter:
        return Counter(name, documentation, labels or [], registry=self._registry)

    def observe(self, exchange: Exchange) -> None:
        route = exchange.route or "none"
        self._requests.labels(exchange.method, route, exchange.status).inc()
        self._duration.labels(exchange.method, route).observe(exchange.duration_ms / 1000)
        self._bytes_in.inc(exchange.bytes_in)
        self._bytes_out.inc(exchange.bytes_out)

    async def page(self, call: Call) -> Content:
        return Content(generate_latest(self._registry), CONTENT_TYPE_LATEST)
