"""Who is asking: what a request shows, and what each API answers to those it does not let in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from starlette.requests import Request

from weft.errors import WeftError
from weft.model.api_key import DEFAULT_USER, KeyHolder
from weft.registry.workspaces import DEFAULT_WORKSPACE, DEFAULT_WORKSPACE_ID


@dataclass(frozen=True, slots=True)
class Caller:
    """`key_id` is that of the key that was shown or that the session is of; None where none is needed."""

    workspace_id: str
    workspace_name: str
    user_name: str
    key_id: str | None = None


# Opik's contract: the open-source edition's workspace and user, whatever the headers say.
DEFAULT_CALLER = Caller(DEFAULT_WORKSPACE_ID, DEFAULT_WORKSPACE, DEFAULT_USER)


class Credentials(NamedTuple):
    """`workspace` is the name or the id of the one that the request is for; each is empty if the request says
    nothing of it."""

    key: str
    workspace: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """How the clients of an API say who they are, and the errors for those who may not come in. `asks_always`: some
    key has to be shown also where none is needed."""

    credentials: Callable[[Request], Credentials]
    no_key: type[WeftError]
    bad_key: type[WeftError]
    other_workspace: type[WeftError]
    asks_always: bool = False


def caller_of(holder: KeyHolder) -> Caller:
    return Caller(holder.workspace_id, holder.workspace_name, holder.user_name, holder.key_id)


def bearer(request: Request) -> str:
    """The key in `Authorization`, with or without the scheme."""
    text = request.headers.get("authorization", "").strip()
    scheme, _, rest = text.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else text
