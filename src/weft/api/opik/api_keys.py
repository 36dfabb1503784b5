"""API keys of the caller's workspace: Weft's own, in the manner of Opik's API."""

from uuid import UUID

from weft.api.http.call import Call
from weft.api.http.replies import CreatedWith, Json, NoContent
from weft.api.http.route import Route
from weft.api.opik.wire.api_keys import ApiKeyMade, ApiKeyPage, ApiKeyWrite, made_view, page_view
from weft.errors import ApiKeyNotFound, FirstKeyOfOthers, KeyUserTaken


async def create_api_key(call: Call, body: ApiKeyWrite) -> CreatedWith[ApiKeyMade]:
    """The key itself is in this reply only. From when there is the first one, every request needs one."""
    caller, door = call.caller, call.services.door
    user_name = caller.user_name if body.user_name is None else body.user_name
    keyring = door.keyring
    if not door.hosts.local and not await keyring.in_force():
        raise FirstKeyOfOthers
    key, secret = await keyring.create(caller.workspace_id, body.name or "", user_name, made_by=caller.user_name)
    return CreatedWith(key.id, made_view(key, secret))


async def find_api_keys(call: Call) -> Json[ApiKeyPage]:
    keys = await call.services.registry.api_keys.find_all(call.caller.workspace_id)
    return Json(page_view(keys, call.caller.key_id))


async def revoke_api_key(call: Call, id: UUID) -> NoContent:
    await call.services.door.keyring.revoke(call.caller.workspace_id, str(id))
    return NoContent()


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/private/api-keys", create_api_key, errors=(KeyUserTaken, FirstKeyOfOthers)),
    Route("GET", "/v1/private/api-keys", find_api_keys),
    Route("POST", "/v1/private/api-keys/{id}/revoke", revoke_api_key, errors=(ApiKeyNotFound,)),
)
