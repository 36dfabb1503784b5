"""Reads a handler's signature, once, when the app is built."""

import inspect
import re
from dataclasses import dataclass
from typing import Any, get_type_hints
from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.route import Route

_PATH_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Signature:
    """`path` is in the order of the path; `body` is a Struct, `bytes` or `RawBody`, `query` a Struct; `reply` is the
    return annotation."""

    path: dict[str, type]
    body: Any
    query: Any
    reply: Any


def read_signature(route: Route) -> Signature:
    """Raises TypeError when path and handler do not agree: a mistake to find before the first request."""
    hints = get_type_hints(route.handler)
    names = list(inspect.signature(route.handler).parameters)
    if not names or hints.get(names[0]) is not Call or "return" not in hints:
        raise TypeError(f"{_name(route)} must take `call: Call` first and say what it returns")
    in_path = _PATH_PARAMETER.findall(route.path)
    path = {name: hints.get(name) for name in names[1:] if name not in {"body", "query"}}
    if sorted(in_path) != sorted(path) or not all(type in (UUID, str) for type in path.values()):
        raise TypeError(f"{_name(route)} must take the parameters of {route.path}, each a UUID or a str")
    return Signature(
        path={name: hints[name] for name in in_path},
        body=hints.get("body"),
        query=hints.get("query"),
        reply=hints["return"],
    )


def _name(route: Route) -> str:
    return getattr(route.handler, "__qualname__", repr(route.handler))
