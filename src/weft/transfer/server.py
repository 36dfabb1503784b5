"""A server that speaks Opik's API, over HTTP: one connection that is kept, tried again where that can help."""

import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import IO, Any, TypeVar, cast
from urllib.parse import urlencode, urljoin, urlsplit

ATTEMPTS = 6
TIMEOUT_S = 120
LONGEST_WAIT_S = 60.0
PASSING = frozenset({429, 500, 502, 503, 504})
STEP = 1024 * 1024
JSON = {"Content-Type": "application/json"}
NO_HEADERS: Mapping[str, str] = {}

T = TypeVar("T")
Wait = Callable[[float], None]


class TransferFailed(Exception):
    """The text says why, in one line."""


class Refused(TransferFailed):
    """The server's answer is an error."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Interrupted(Exception):
    """What may go well another time. `after_s` is how long the server asks to wait."""

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


class Server:
    """Not for use by several threads at a time. Its methods raise TransferFailed."""

    def __init__(self, url: str, api_key: str = "", workspace: str = "default", wait: Wait = time.sleep) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise TransferFailed(f"{url} is no URL of a server, such as http://127.0.0.1:5173")
        self.url = url.rstrip("/")
        self._headers = {"Comet-Workspace": workspace, "Accept": "*/*"}
        if api_key:
            self._headers["Authorization"] = api_key
        self._wait = wait
        self._connection: HTTPConnection | None = None

    def find_api(self) -> None:
        """Whether the API is under `/api`, as it is behind Opik's front end, or at the root."""
        for root in (self.url, f"{self.url.removesuffix('/api')}/api"):
            if self._answers(root):
                self.url = root
                return
        raise TransferFailed(f"{self.url} does not speak Opik's API")

    def get(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        return self._call("GET", path + (f"?{urlencode(query)}" if query else ""))

    def send(self, method: str, path: str, body: Mapping[str, Any] | bytes) -> bytes:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._call(method, path, content)

    def lines(self, path: str, body: Mapping[str, Any]) -> Iterator[bytes]:
        """The lines of a stream as they come. Raises Interrupted, too, for a stream that breaks off."""
        content = json.dumps(body).encode()
        with self._broken_is_interrupted(), self._opened("POST", f"{self.url}{path}", content, JSON) as response:
            while line := response.readline():
                if not line.endswith(b"\n"):
                    raise Interrupted("the stream broke off")
                if text := line.rstrip():
                    yield text

    def download(self, link: str, to: IO[bytes]) -> None:
        """Follows a link, with credentials only if it leads to this server."""
        url = urljoin(f"{self.url}/", link)

        def attempt() -> None:
            to.seek(0)
            to.truncate()
            with self._opened("GET", url) as response:
                while part := response.read(STEP):
                    to.write(part)

        self.again(attempt)

    def upload(self, url: str, part: IO[bytes], start: int, size: int) -> str:
        """Puts so many bytes of a file, and returns the entity tag of the reply, if it has one."""

        def attempt() -> str:
            part.seek(start)
            with self._opened("PUT", url, _Piece(part, size), {"Content-Length": str(size)}) as response:
                response.read()
                return response.headers.get("ETag", "")

        return self.again(attempt)

    def again(self, attempt: Callable[[], T]) -> T:
        """The result of an attempt, made several times if need be."""
        for tried in range(1, ATTEMPTS + 1):
            try:
                with self._broken_is_interrupted():
                    return attempt()
            except Interrupted as error:
                self.pause(error, tried)
        raise AssertionError("the last pause raises")

    def pause(self, error: Interrupted, tried: int) -> None:
        """Waits before another attempt. Raises TransferFailed after the last one."""
        if tried >= ATTEMPTS:
            raise TransferFailed(f"{self.url}: {error}") from error
        self._wait(min(LONGEST_WAIT_S, 0.25 * 2**tried if error.after_s is None else error.after_s))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        def attempt() -> bytes:
            return self._open(method, f"{self.url}{path}", body).read()

        return self.again(attempt)

    def _open(self, method: str, url: str, body: bytes | None = None) -> HTTPResponse:
        if self._connection is None:
            self._connection = _connect(self.url)
        headers = self._headers | ({} if body is None else JSON)
        self._connection.request(method, _target(url), body, headers)
        return _checked(self._connection.getresponse())

    def _answers(self, root: str) -> bool:
        """Raises TransferFailed if no server is there."""
        try:
            with self._opened("GET", f"{root}/is-alive/ping") as response:
                alive = json.loads(response.read())
        except (Refused, Interrupted, ValueError):
            return False
        except (OSError, HTTPException) as error:
            raise TransferFailed(f"{self.url} cannot be reached: {error}") from error
        return isinstance(alive, dict) and alive.get("healthy") is True

    @contextmanager
    def _opened(
        self, method: str, url: str, body: "bytes | _Piece | None" = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> Iterator[HTTPResponse]:
        """On a connection of its own, as what is sent or read may be long."""
        own = urlsplit(url)[:2] == urlsplit(self.url)[:2]
        connection = _connect(url)
        try:
            credentials = self._headers if own else NO_HEADERS
            connection.request(method, _target(url), cast(Any, body), {**credentials, **headers})
            yield _checked(connection.getresponse())
        finally:
            connection.close()

    @contextmanager
    def _broken_is_interrupted(self) -> Iterator[None]:
        try:
            yield
        except (OSError, HTTPException) as error:
            self.close()
            raise Interrupted(f"{type(error).__name__}: {error}") from error
        except Interrupted:
            self.close()
            raise


class _Piece:
    """So many bytes of a file from where it is, as something to read once."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._left = size

    def read(self, size: int) -> bytes:
        part = self._file.read(min(size, self._left))
        self._left -= len(part)
        return part


def _connect(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S, context=context)
    return HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)


def _target(url: str) -> str:
    return urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl()


def _checked(response: HTTPResponse) -> HTTPResponse:
    """Raises Refused and Interrupted."""
    if response.status < 300:
        return response
    text = response.read(STEP).decode(errors="replace")
    if response.status in PASSING:
        raise Interrupted(f"{response.status} {_reason(text)}", _asked_wait(response))
    raise Refused(response.status, f"The server answers {response.status}: {_reason(text)}")


def _reason(text: str) -> str:
    """What an error body says, in one line."""
    try:
        body = json.loads(text)
    except ValueError:
        return " ".join(text.split())[:300]
    said = (body.get("errors") or body.get("message") or body) if isinstance(body, dict) else body
    return str("; ".join(map(str, said)) if isinstance(said, list) else said)[:300]


def _asked_wait(response: HTTPResponse) -> float | None:
    """Seconds, by Opik's contract, A.10."""
    for name in ("Retry-After", "RateLimit-Reset"):
        try:
            return float(response.headers[name])
        except (TypeError, ValueError):
            continue
    return None
