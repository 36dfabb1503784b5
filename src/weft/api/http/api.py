"""A family of routes that one kind of client knows: how it tells who asks, and how its errors look."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct
from starlette.responses import Response

from weft.api.auth import Entrance
from weft.api.http.route import Route
from weft.errors import WeftError


@dataclass(frozen=True, slots=True)
class Api:
    """`base` begins the paths of its routes, and of those that do not exist but would be its own. `aliases` are other
    bases that its clients know. `shape_of` is the body of an error."""

    base: str
    routes: tuple[Route, ...]
    entrance: Entrance
    render_error: Callable[[Exception], Response]
    shape_of: Callable[[type[WeftError]], type[Struct]]
    aliases: tuple[str, ...] = ()

    def own_path(self, path: str) -> str | None:
        """The path as the routes spell it, or None if it is of another API."""
        for base in (self.base, *self.aliases):
            if path == base or path.startswith(f"{base}/"):
                return self.base + path[len(base) :]
        return None
