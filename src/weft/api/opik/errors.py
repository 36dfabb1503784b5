"""How errors look to Opik's clients: a message, or a list of texts, depending on what went wrong."""

import logging
from secrets import token_hex

from msgspec import Struct
from starlette.responses import Response

from weft.api.http.replies import json_response
from weft.errors import (
    Conflict,
    EnvironmentNotFound,
    FeedbackDefinitionNotFound,
    Invalid,
    InvalidId,
    InvalidQueryText,
    InvalidValue,
    MethodNotAllowed,
    ProjectNotFound,
    RangeNotSatisfiable,
    RateLimited,
    TagLimitExceeded,
    WeftError,
)

LOG = logging.getLogger("weft.api")

LISTED = (
    Conflict,
    EnvironmentNotFound,
    FeedbackDefinitionNotFound,
    Invalid,
    InvalidValue,
    ProjectNotFound,
    TagLimitExceeded,
)

# The SDK waits as told by the one header when it streams and by the other when it tries again.
HEADERS_BY_STATUS = {
    408: {"Connection": "close"},
    503: {"Retry-After": "1"},
}


class ErrorMessage(Struct, omit_defaults=True):
    code: int
    message: str
    details: str | None = None


class QueryErrorMessage(ErrorMessage):
    """`details` is the line with a caret under the place, `offset` counts characters from 0, and `allowed` is what
    could stand there."""

    offset: int = -1
    allowed: tuple[str, ...] = ()


class ErrorList(Struct):
    errors: list[str]


def render_error(error: Exception) -> Response:
    """The reply to any exception. One that is not of our family is logged in full, and the caller is told nothing."""
    if not isinstance(error, WeftError):
        return _render_surprise(error)
    return json_response(_body(error), error.status, _headers(error))


def shape_of(error: type[WeftError]) -> type[Struct]:
    if issubclass(error, InvalidQueryText):
        return QueryErrorMessage
    return ErrorList if issubclass(error, LISTED) else ErrorMessage


def _body(error: WeftError) -> Struct:
    if isinstance(error, Invalid):
        return ErrorList(error.violations)
    if isinstance(error, InvalidQueryText):
        return _query_error(error)
    if shape_of(type(error)) is ErrorList:
        return ErrorList([str(error)])
    return ErrorMessage(error.status, str(error), error.details if isinstance(error, InvalidId) else None)


def _query_error(error: InvalidQueryText) -> QueryErrorMessage:
    return QueryErrorMessage(error.status, str(error), error.excerpt, error.offset, error.allowed)


def _headers(error: WeftError) -> dict[str, str]:
    if isinstance(error, MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, RateLimited):
        return error.headers
    if isinstance(error, RangeNotSatisfiable):
        return {"Content-Range": f"bytes */{error.size}"}
    return HEADERS_BY_STATUS.get(error.status, {})


def _render_surprise(error: Exception) -> Response:
    id = token_hex(8)
    LOG.error("unexpected error", exc_info=error, extra={"fields": {"id": id}})
    text = f"There was an error processing your request. It has been logged (ID {id})."
    return json_response(ErrorMessage(500, text), 500)
