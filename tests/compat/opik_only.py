"""A server in front of another that lacks what Weft adds to Opik's API, and that can break off streams."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

NOT_PASSED_ON = {"host", "transfer-encoding", "content-length", "connection", "server", "date"}


class Front(ThreadingHTTPServer):
    """`cut` is how many more streams break off in the middle, `busy` how many more requests are to come later."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = urlsplit(behind).netloc
        self.cut = self.busy = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Front

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.busy:
            self.server.busy -= 1
            self.send_response(429)
            self.send_header("RateLimit-Reset", "7")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if "/transfer/" in self.path:
            self.send_error(404)
            return
        headers = {name: text for name, text in self.headers.items() if name.lower() not in NOT_PASSED_ON}
        behind = HTTPConnection(self.server.behind)
        behind.request(self.command, self.path, content, headers)
        reply = behind.getresponse()
        body = reply.read()
        behind.close()
        self.send_response(reply.status)
        for name, text in reply.getheaders():
            if name.lower() not in NOT_PASSED_ON:
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.cut and self.path.endswith("/search"):
            self.server.cut -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = _answer

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def opik_only(behind: str) -> Iterator[Front]:
    front = Front(behind)
    thread = Thread(target=front.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield front
    finally:
        front.shutdown()
        thread.join()
        front.server_close()
