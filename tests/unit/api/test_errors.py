import json

import pytest

from weft.api.opik.errors import render_error
from weft.errors import (
    BodyTooLarge,
    Invalid,
    InvalidId,
    InvalidQuery,
    InvalidValue,
    MalformedJson,
    NotFound,
    ProjectMismatch,
    ProjectNotFound,
    RateLimited,
    TagLimitExceeded,
    TraceExists,
    WeftError,
)


@pytest.mark.parametrize(
    ("error", "status", "errors"),
    [
        (Invalid(["a", "b"]), 422, ["a", "b"]),
        (InvalidQuery(["a"]), 400, ["a"]),
        (InvalidValue(reason="x"), 400, ["Unable to process JSON. x"]),
        (TagLimitExceeded(), 422, ["Tag limit exceeded: maximum 50 tags per item"]),
        (TraceExists(), 409, ["Trace already exists"]),
        (ProjectMismatch(entity="span"), 409, ["Project name and workspace name do not match the existing span"]),
        (ProjectNotFound(), 404, ["Project not found"]),
    ],
)
def test_list_form(error: WeftError, status: int, errors: list[str]) -> None:
    response = render_error(error)
    assert (response.status_code, json.loads(bytes(response.body))) == (status, {"errors": errors})


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (MalformedJson(reason="x"), 400, "Unable to process JSON. x"),
        (NotFound(entity="Trace id", id="1"), 404, "Trace id: 1 not found"),
        (BodyTooLarge(limit=5), 413, "The request body is larger than 5 bytes"),
    ],
)
def test_message_form(error: WeftError, status: int, message: str) -> None:
    response = render_error(error)
    assert (response.status_code, json.loads(bytes(response.body))) == (status, {"code": status, "message": message})


def test_details_of_an_invalid_id() -> None:
    assert json.loads(bytes(render_error(InvalidId(entity="Trace")).body)) == {
        "code": 400,
        "message": "Invalid UUID for id",
        "details": "Trace id must be a version 7 UUID",
    }


def test_too_many_requests_say_when_to_come_back() -> None:
    headers = render_error(RateLimited("later", {"Retry-After": "7"})).headers
    assert headers["retry-after"] == "7"
