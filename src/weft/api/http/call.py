from dataclasses import dataclass

from starlette.requests import Request

from weft.api.auth import Caller
from weft.api.services import Services


@dataclass(frozen=True, slots=True)
class Call:
    """What every handler is given first. The body of `request` has been read; use the handler's `body`."""

    services: Services
    caller: Caller
    request: Request
