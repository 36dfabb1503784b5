"""Who asks, by `Authorization` and `Comet-Workspace` (the contract, A.2)."""

from starlette.requests import Request

from weft.api.auth import Credentials, Entrance, bearer
from weft.errors import KeyRefused, WorkspaceRefused


def _credentials(request: Request) -> Credentials:
    """Opik's contract: links that a browser follows name the workspace in the query."""
    workspace = request.headers.get("comet-workspace", "").strip()
    return Credentials(bearer(request), workspace or request.query_params.get("workspace_name", "").strip())


ENTRANCE = Entrance(_credentials, no_key=KeyRefused, bad_key=KeyRefused, other_workspace=WorkspaceRefused)
