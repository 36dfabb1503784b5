"""The links that an SDK prints for a reader to open (Opik's contract, G.1)."""

from uuid import UUID

from msgspec import Struct

from weft.api.http.call import Call
from weft.api.http.replies import Redirect
from weft.api.http.route import Route


class TraceLink(Struct, kw_only=True):
    """Opik's contract has `path` too, the client's base URL in base64. The link itself is under that URL, so that a
    relative redirect gets there without trusting it."""

    trace_id: UUID


async def open_trace(call: Call, query: TraceLink) -> Redirect:
    """The trace's page, which is at the root of the server, whatever is in front of the API's own paths."""
    up = "/".join([".."] * (call.request.scope["path"].count("/") - 1))
    return Redirect(f"{up}/traces/{query.trace_id}")


ROUTES: tuple[Route, ...] = (Route("GET", "/v1/session/redirect/projects", open_trace, public=True),)
