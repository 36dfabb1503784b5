"""What clients ask before and beside their work: is the server there, which version, who am I, what can it do."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from msgspec import Struct

from weft.api.http.call import Call
from weft.api.http.replies import Json, NoContent
from weft.api.http.route import Route

LOG = logging.getLogger("weft.api")

# The Opik release whose API this is. Clients compare it with the least version that they need (2.2.8 for some).
OPIK_VERSION = "2.2.122"

PING_TIMEOUT_S = 5.0

# Opik's contract: the flags its web interface reads. All of them are about things that Weft does not have.
TOGGLES = (
    "agent_insights_enabled",
    "agent_insights_guidance_enabled",
    "alerts_enabled",
    "annotation_queue_automation_enabled",
    "anthropic_provider_enabled",
    "bedrock_provider_enabled",
    "cost_intelligence_enabled",
    "customllm_provider_enabled",
    "dataset_export_enabled",
    "dataset_versioning_enabled",
    "demo_data_enabled",
    "event_bridge_alerts_enabled",
    "export_enabled",
    "gemini_provider_enabled",
    "guardrails_enabled",
    "ollama_provider_enabled",
    "ollie_enabled",
    "online_scoring_tracing_enabled",
    "openai_provider_enabled",
    "openrouter_provider_enabled",
    "opik_ai_enabled",
    "project_homepage_enabled",
    "python_evaluator_enabled",
    "span_llm_as_judge_enabled",
    "span_user_defined_metric_python_enabled",
    "trace_thread_python_evaluator_enabled",
    "vertexai_provider_enabled",
    "welcome_wizard_enabled",
)


class Alive(Struct):
    message: str
    healthy: bool


class Version(Struct):
    version: str


class Health(Struct):
    name: str
    healthy: bool
    critical: bool
    type: str


class WorkspaceName(Struct):
    workspace_name: str


class Permission(Struct):
    permission_name: str
    permission_value: str


class WorkspacePermissions(Struct):
    user_name: str
    workspace_name: str
    permissions: list[Permission]


async def ping(call: Call) -> Json[Alive]:
    return Json(Alive(message="Healthy Server", healthy=True))


async def get_version(call: Call) -> Json[Version]:
    return Json(Version(OPIK_VERSION))


async def check_health(call: Call) -> Json[list[Health]]:
    """Asks the store and the registry; 503 unless both answer."""
    pings = {"store": call.services.store.ping, "registry": call.services.registry.ping}
    answers = await asyncio.gather(*(_answers(name, ping) for name, ping in pings.items()))
    parts = [Health(name, healthy, True, "READY") for name, healthy in zip(pings, answers, strict=True)]
    return Json(parts, status=200 if all(answers) else 503)


async def _answers(name: str, ping: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(PING_TIMEOUT_S):
            await ping()
    except Exception:
        LOG.exception("not healthy", extra={"fields": {"part": name}})
        return False
    return True


async def check_auth(call: Call) -> NoContent:
    """The caller is known by now, or the request would not have come this far."""
    return NoContent()


async def get_workspace(call: Call) -> Json[WorkspaceName]:
    return Json(WorkspaceName(call.caller.workspace_name))


async def get_permissions(call: Call) -> Json[WorkspacePermissions]:
    """No permission is listed, as none can be withheld."""
    return Json(WorkspacePermissions(call.caller.user_name, call.caller.workspace_name, []))


async def get_toggles(call: Call) -> Json[dict[str, bool]]:
    return Json(dict.fromkeys(TOGGLES, False))


ROUTES = (
    Route("GET", "/is-alive/ping", ping, public=True),
    Route("GET", "/is-alive/ver", get_version, public=True),
    Route("GET", "/health-check", check_health, other_statuses=(503,), public=True),
    Route("POST", "/v1/private/auth", check_auth),
    Route("GET", "/v1/private/auth/workspace", get_workspace),
    Route("GET", "/v1/private/workspace-permissions", get_permissions),
    Route("GET", "/v1/private/toggles", get_toggles),
)
