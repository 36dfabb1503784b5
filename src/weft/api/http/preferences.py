"""What a client may prefer to get in reply to a change (RFC 7240)."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from weft.api.http.replies import json_response

T_co = TypeVar("T_co", covariant=True)

REPRESENTATION = "return=representation"


@dataclass(frozen=True, slots=True)
class Preferred(Generic[T_co]):
    """204, or 200 with the value that `Prefer: return=representation` asked for."""

    value: T_co | None = None

    async def response(self, request: Request) -> ASGIApp:
        if self.value is None:
            return Response(status_code=204)
        return json_response(self.value, headers={"Preference-Applied": REPRESENTATION})


def prefers_representation(request: Request) -> bool:
    """Of several `return` preferences the first counts."""
    for preference in ",".join(request.headers.getlist("prefer")).split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        if name.strip().lower() == "return":
            return value.strip().strip('"').lower() == "representation"
    return False
