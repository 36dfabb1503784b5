"""What queries can be about: for whoever completes them while they are typed."""

from weft.api.http.call import Call
from weft.api.http.replies import Json
from weft.api.http.route import Route
from weft.api.opik.wire.filters import FilterFields, filter_fields


async def get_filter_fields(call: Call) -> Json[FilterFields]:
    return Json(filter_fields())


ROUTES: tuple[Route, ...] = (Route("GET", "/v1/private/filters/fields", get_filter_fields),)
