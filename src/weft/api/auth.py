"""Who is asking. There are no API keys yet, so everyone is the one user of the one workspace."""

from dataclasses import dataclass

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Caller:
    workspace_id: str
    workspace_name: str
    user_name: str


# Opik's contract: the open-source edition's workspace and user, whatever the headers say.
DEFAULT_CALLER = Caller("0190babc-62a0-71d2-832a-0feffa4676eb", "default", "admin")


def identify(request: Request) -> Caller:
    return DEFAULT_CALLER
