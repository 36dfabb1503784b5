"""How errors look to the clients of managed deep agents (the contract, A.2 and A.3)."""

import logging
from secrets import token_hex

from msgspec import Struct
from starlette.responses import Response

from weft.api.http.replies import json_response
from weft.errors import (
    BadRequest,
    BodyTooLarge,
    Forbidden,
    Invalid,
    MethodNotAllowed,
    MissingField,
    RateLimited,
    RouteNotFound,
    StoreUnavailable,
    Unauthorized,
    WeftError,
)

LOG = logging.getLogger("weft.api")

DOCUMENTATION = "https://docs.langchain.com/errors/"

# Codes of errors that other APIs share, where the contract has a name of its own. The first that fits counts; any
# other error keeps the code of its class.
CODES: tuple[tuple[type[WeftError], str], ...] = (
    (MissingField, "missing_required_field"),
    (RouteNotFound, "not_found"),
    (Invalid, "invalid_request_body"),
    (BodyTooLarge, "invalid_request_body"),
    (StoreUnavailable, "service_unavailable"),
)
GENERAL_CODES = {BadRequest.code, "malformed_json", "invalid_value", "invalid_parameter"}


class ErrorResponse(Struct):
    """`detail` reads "advice: cause"; `status` repeats that of the reply."""

    type: str
    code: str
    detail: str
    status: int


class FlatError(Struct):
    error: str


def render_error(error: Exception) -> Response:
    """The reply to any exception. One that is not of our family is logged in full, and the caller is told nothing."""
    if not isinstance(error, WeftError):
        return _render_surprise(error)
    if shape_of(type(error)) is FlatError:
        return json_response(FlatError(str(error)), error.status)
    return json_response(_response(_code(error), str(error), error.status), error.status, _headers(error))


def render_flat_error(error: Exception) -> Response:
    """For the routes of the Hub, whose errors are a map of texts (the contract, B.7)."""
    if not isinstance(error, WeftError):
        return _render_surprise(error)
    return json_response(FlatError(str(error)), error.status, _headers(error))


def shape_of(error: type[WeftError]) -> type[Struct]:
    """Who asks is settled before anything else, in another shape."""
    return FlatError if issubclass(error, Unauthorized | Forbidden) else ErrorResponse


def flat_shape_of(error: type[WeftError]) -> type[Struct]:
    return FlatError


def _headers(error: WeftError) -> dict[str, str]:
    if isinstance(error, RateLimited):
        return error.headers
    return {"Allow": ", ".join(error.allowed)} if isinstance(error, MethodNotAllowed) else {}


def _code(error: WeftError) -> str:
    for kind, code in CODES:
        if isinstance(error, kind):
            return code
    return "invalid_request_body" if error.code in GENERAL_CODES else error.code


def _response(code: str, detail: str, status: int) -> ErrorResponse:
    return ErrorResponse(DOCUMENTATION + code, code, detail, status)


def _render_surprise(error: Exception) -> Response:
    id = token_hex(8)
    LOG.error("unexpected error", exc_info=error, extra={"fields": {"id": id}})
    return json_response(_response("internal_error", f"Something went wrong; it has been logged: ID {id}", 500), 500)
