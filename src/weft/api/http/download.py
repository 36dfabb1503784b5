"""Files on the wire: whole, or the part that is asked for."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp

from weft.errors import RangeNotSatisfiable

# The bytes from a start up to but not including an end.
Open = Callable[[int, int], Awaitable[AsyncGenerator[bytes, None]]]

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(;[ -~]*)?", re.ASCII)
_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Download:
    """A file. One range is answered with 206, several are answered with the whole (RFC 9110, 14.2). A browser saves it
    and does not guess at its type, so that nothing in it is run. `etag` is without its quotes."""

    open: Open
    size: int
    file_name: str
    media_type: str
    etag: str

    async def response(self, request: Request) -> ASGIApp:
        """Raises RangeNotSatisfiable and what `open` raises."""
        headers = self._headers()
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        part = wanted_part(request.headers, self.size, headers["ETag"])
        start, end = part or (0, self.size)
        headers["Content-Length"] = str(end - start)
        if part is not None:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{self.size}"
        status = 200 if part is None else 206
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        content = await self.open(start, end)
        return StreamingResponse(content, status, headers, background=BackgroundTask(content.aclose))

    def _headers(self) -> dict[str, str]:
        """The content coding is named so that nothing compresses the parts that ranges count."""
        return {
            "Accept-Ranges": "bytes",
            "Content-Disposition": disposition(self.file_name),
            "Content-Encoding": "identity",
            "Content-Type": self.media_type if _MEDIA_TYPE.fullmatch(self.media_type) else _UNKNOWN_TYPE,
            "ETag": f'"{self.etag}"',
            "X-Content-Type-Options": "nosniff",
        }


def wanted_part(headers: Mapping[str, str], size: int, etag: str) -> tuple[int, int] | None:
    """Start and end, exclusive, of the one range that is asked for; None for the whole. Raises RangeNotSatisfiable."""
    match = _RANGE.fullmatch(headers.get("range", "").replace(" ", ""))
    if match is None or match[0] == "bytes=-" or headers.get("if-range", etag) != etag:
        return None
    first, last = match[1], match[2]
    if first and last and int(first) > int(last):
        return None
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= size or start >= end:
        raise RangeNotSatisfiable(size)
    return start, end


def disposition(file_name: str) -> str:
    """For old clients in plain ASCII, for others in full (RFC 6266)."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='', errors='replace')}"
