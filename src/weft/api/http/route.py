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
    have `violations() -> list[str]` and, for rate limits, `item_count() -> int`. A body of `bytes` is what was sent,
    inflated, whatever its type; one of `RawBody` is the same in parts, not held in memory; `media_types` are those that
    a handler takes as `bytes`, each with its Struct, or `bytes` again. `status` is that of a `Json` reply,
    `other_statuses` are those that it may have instead, and `errors` are those that the handler adds to what the types
    imply; these four serve the OpenAPI document. Whoever asks is let in where a route is `public`; the caller is then
    of no meaning.
    """

    method: str
    path: str
    handler: Handler
    status: int = 200
    other_statuses: tuple[int, ...] = ()
    errors: tuple[type[WeftError], ...] = ()
    media_types: tuple[tuple[str, type], ...] = ()
    public: bool = False
