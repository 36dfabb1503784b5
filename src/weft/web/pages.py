"""Serves the web interface: GET and HEAD of every path that no API claims."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from weft.web.files import ASK_AGAIN, ASSETS, BUILT, INDEX, NOT_BUILT, File, find_files

# Nothing comes from elsewhere: attachments come through this server also where they are in a bucket.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "frame-src blob:",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Pages:
    """In front of the APIs. `claimed` are the first segments of their paths. Any other path is a page, which the script
    of the interface finds by itself, unless it is a file."""

    def __init__(self, apis: ASGIApp, claimed: Iterable[str], folder: Path = BUILT) -> None:
        self._apis = apis
        self._claimed = frozenset(claimed)
        self._files = find_files(folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD") or scope["path"].split("/", 2)[1] in self._claimed:
            await self._apis(scope, receive, send)
            return
        scope["route"] = "pages"
        response = await self._response(scope)
        await response(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        path: str = scope["path"]
        file = self._files.get(path) or self._files.get(INDEX)
        if file is None:
            return Response(NOT_BUILT, 503, {**HEADERS, "Cache-Control": ASK_AGAIN}, "text/html")
        if path.startswith(ASSETS) and path not in self._files:
            return Response(b"This file belongs to another version: load the page again.", 404, HEADERS, "text/plain")
        return await _file_response(file, Headers(scope=scope), scope["method"])


async def _file_response(file: File, asked: Headers, method: str) -> Response:
    headers = {**HEADERS, **file.headers}
    if asked.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    path = file.path
    if file.zipped and "gzip" in asked.get("accept-encoding", ""):
        path = path.with_name(f"{path.name}.gz")
        headers["Content-Encoding"] = "gzip"
    content = await asyncio.to_thread(path.read_bytes)
    headers["Content-Length"] = str(len(content))
    return Response(b"" if method == "HEAD" else content, headers=headers)
