"""Who asks, by `X-Api-Key` and `X-Tenant-Id` (the contract, A.1 and A.2). Any key will do where none was ever made."""

from uuid import UUID, uuid5

from starlette.requests import Request

from weft.api.auth import Caller, Credentials, Entrance, bearer
from weft.errors import Forbidden, Unauthorized


def user_id(caller: Caller) -> str:
    """The contract: who owns something is a UUID."""
    return str(uuid5(UUID(caller.workspace_id), caller.user_name))


def _credentials(request: Request) -> Credentials:
    key = request.headers.get("x-api-key", "").strip() or bearer(request)
    return Credentials(key, request.headers.get("x-tenant-id", "").strip())


ENTRANCE = Entrance(_credentials, no_key=Unauthorized, bad_key=Forbidden, other_workspace=Forbidden, asks_always=True)
