"""Memory of a running server over many requests, by hand: `scripts/bench endurance [--requests N]`.

Sends small creates, patches, reads, searches and refused requests over a few kept-alive connections and prints the
server's resident memory after every tenth. It should stop growing soon after the start.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

from benchmarks.recording import BATCH, stamp
from benchmarks.serving import cpu_seconds, resident_mb, serving
from weft.model.ids import new_id

CONNECTIONS = 4
IDS = 2000  # so that the data stay small and only leaks can grow


class Client:
    """One kept-alive connection. It does little itself: the server has the same cores."""

    def __init__(self, url: str, ids: Sequence[str]) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._ids = ids

    @property
    def id(self) -> str:
        return random.choice(self._ids)

    def close(self) -> None:
        """Until the next request: a server closes what is kept alive for long without one."""
        self._connection.close()

    def send(self, method: str, path: str, status: int, body: object = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        self._connection.request(method, path, content, {"content-type": "application/json"})
        response = self._connection.getresponse()
        response.read()
        assert response.status == status, (method, path, response.status)


def create(client: Client) -> None:
    trace = {"id": client.id, "project_name": "p", "start_time": stamp(time.time()), "name": "n", "input": {"a": 1}}
    client.send("POST", "/v1/private/traces/batch", 204, {"traces": [trace]})


def patch(client: Client) -> None:
    client.send("PATCH", f"/v1/private/traces/{client.id}", 204, {"project_name": "p", "output": {"b": 2}})


def get(client: Client) -> None:
    client.send("GET", f"/v1/private/traces/{client.id}", 200)


def search(client: Client) -> None:
    filters = [{"field": "name", "operator": "contains", "value": str(random.random())}]
    client.send("POST", "/v1/private/traces/search", 200, {"project_name": "p", "limit": 10, "filters": filters})


def refused(client: Client) -> None:
    client.send("POST", "/v1/private/traces/batch", 400, b'{"traces": [' + str(random.random()).encode())


def ping(client: Client) -> None:
    client.send("GET", f"/is-alive/ping?{random.random()}", 200)


MIX: Sequence[tuple[Callable[[Client], None], int]] = [
    (create, 10),
    (patch, 10),
    (get, 10),
    (search, 5),
    (refused, 15),
    (ping, 50),
]


def send_some(client: Client, requests: int) -> None:
    acts, weights = zip(*MIX, strict=True)
    for act in random.choices(acts, weights, k=requests):
        act(client)
    client.close()


def fill(url: str, ids: Sequence[str]) -> None:
    traces = [{"id": id, "project_name": "p", "start_time": stamp(time.time())} for id in ids]
    client = Client(url, ids)
    for start in range(0, len(traces), BATCH):
        client.send("POST", "/v1/private/traces/batch", 204, {"traces": traces[start : start + BATCH]})
    client.close()


def run(url: str, requests: int, pid: int) -> None:
    ids = [new_id() for _ in range(IDS)]
    fill(url, ids)
    clients = [Client(url, ids) for _ in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        for tenth in range(10):
            began, cpu = time.perf_counter(), cpu_seconds(pid)
            list(threads.map(send_some, clients, [requests // 10 // CONNECTIONS] * CONNECTIONS))
            seconds = time.perf_counter() - began
            each = (cpu_seconds(pid) - cpu) / (requests / 10) * 1e6
            print(
                f"{(tenth + 1) * requests // 10:9} requests  {resident_mb(pid):6.0f} MB  "
                f"{requests / 10 / seconds:6.0f} requests/s  {each:6.0f} us CPU each",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--port", type=int, default=5998)
    options = parser.parse_args()
    random.seed(1)
    with serving(options.port) as server:
        print(f"{0:9} requests  {resident_mb(server.pid):6.0f} MB")
        run(server.url, options.requests, server.pid)


if __name__ == "__main__":
    main()
