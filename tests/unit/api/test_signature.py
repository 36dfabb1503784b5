from typing import Any
from uuid import UUID

import pytest
from msgspec import Struct

from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route
from weft.api.http.signature import read_signature


class Body(Struct):
    name: str


class Query(Struct):
    page: int = 1


async def everything(call: Call, body: Body, b: str, query: Query, a: UUID) -> Json[Body]:
    return Json(body)


async def without_call(id: UUID) -> NoContent:
    return NoContent()


async def without_reply(call: Call, id: UUID):  # type: ignore[no-untyped-def]
    return NoContent()


async def with_number(call: Call, id: int) -> NoContent:
    return NoContent()


async def without_id(call: Call) -> NoContent:
    return NoContent()


def test_everything_is_read_in_the_order_of_the_path() -> None:
    signature = read_signature(Route("POST", "/x/{a}/y/{b}", everything))
    assert list(signature.path.items()) == [("a", UUID), ("b", str)]
    assert (signature.body, signature.query, signature.reply) == (Body, Query, Json[Body])


@pytest.mark.parametrize("handler", [without_call, without_reply, with_number, without_id])
def test_handler_that_does_not_fit_its_path(handler: Any) -> None:
    with pytest.raises(TypeError, match=handler.__name__):
        read_signature(Route("GET", "/x/{id}", handler))
