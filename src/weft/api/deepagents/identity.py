"""Who asks, by the header `X-Api-Key` (the contract, A.1 and A.2). Without API keys of its own, a server takes any."""

from uuid import UUID, uuid5

from starlette.requests import Request

from weft.api.auth import DEFAULT_CALLER, Caller
from weft.errors import Unauthorized


def identify(request: Request) -> Caller:
    """Raises Unauthorized."""
    if not request.headers.get("x-api-key", "").strip():
        raise Unauthorized
    return DEFAULT_CALLER


def user_id(caller: Caller) -> str:
    """The contract: who owns something is a UUID."""
    return str(uuid5(UUID(caller.workspace_id), caller.user_name))
