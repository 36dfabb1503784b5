from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from weft.api.http.replies import Reply
from weft.errors import WeftError

Handler = Callable[..., Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """One row of a route table.

    The handler's signature is the contract: `call: Call` first, then `body` and `query` (msgspec Structs) if it wants
    them, every other parameter named in the path (a UUID unless annotated `str`), and the type of reply. A Struct may
    have `violations() -> list[str]`. `status` is that of a `Json` reply, and `errors` are those that the handler adds
    to what the types imply; both serve the OpenAPI document.
    """

    method: str
    path: str
    handler: Handler
    status: int = 200
    errors: tuple[type[WeftError], ...] = ()
