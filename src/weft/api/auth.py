"""Who is asking. There are no API keys yet, so everyone is the one user of the one workspace."""

from dataclasses import dataclass

from starlette.requests import Request

from weft.registry.workspaces import DEFAULT_WORKSPACE, DEFAULT_WORKSPACE_ID


@dataclass(frozen=True, slots=True)
class Caller:
    workspace_id: str
    workspace_name: str
    user_name: str


# Opik's contract: the open-source edition's workspace and user, whatever the headers say.
DEFAULT_CALLER = Caller(DEFAULT_WORKSPACE_ID, DEFAULT_WORKSPACE, "admin")


def identify(request: Request) -> Caller:
    return DEFAULT_CALLER
