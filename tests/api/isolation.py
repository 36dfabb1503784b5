"""How each route is asked about things of another workspace. A route that is not here fails `test_isolation.py`."""

from typing import Any

from tests.api.two_workspaces import SCORE, Ask
from weft.model.ids import new_id

OF_PROJECT = {"project_name": "{project_name}"}
OF_THREAD = {**OF_PROJECT, "thread_id": "{thread}"}
START = {"start_time": "2026-01-02T03:04:05Z"}
MESSAGE = {"input": {"messages": [{"role": "user", "content": "hello"}]}}
START_RUN = {"agent_id": "{agent}", **MESSAGE}
THREAD_PATH = {"thread_id": "{agent_thread}"}
RUN_PATH = {**THREAD_PATH, "run_id": "{run}"}
FILE = {"entity_type": "trace", "entity_id": "{trace}"}
PERIOD = {"interval_start": "2026-01-01T00:00:00Z", "interval_end": "2026-02-01T00:00:00Z"}
DEFINITION = {"type": "numerical", "details": {"min": 0, "max": 2}}
OTEL_SPAN = {
    "traceId": "5b8efff798038103d269b633813fc60c",
    "spanId": "eee19b7ec3c1b174",
    "name": "changed",
    "startTimeUnixNano": "1767323045000000000",
    "endTimeUnixNano": "1767323046000000000",
    "attributes": [{"key": "opik.trace_id", "value": {"stringValue": "{trace}"}}],
}
PATH = "aHR0cDovL2xvY2FsaG9zdC9hcGk"


def reads(
    path: Any = None, params: Any = None, body: Any = None, needs: tuple[str, ...] = (), status: int = 200
) -> Ask:
    return Ask("reads", path or {}, params or {}, body, needs=needs, status=status)


def changes(
    path: Any = None, body: Any = None, needs: tuple[str, ...] = (), status: int = 204, params: Any = None
) -> Ask:
    return Ask("changes", path or {}, params or {}, body, needs=needs, status=status)


def makes(
    path: Any = None, body: Any = None, needs: tuple[str, ...] = (), status: int = 204, params: Any = None
) -> Ask:
    return Ask("makes", path or {}, params or {}, body, needs=needs, status=status)


def tells(
    path: Any = None, body: Any = None, needs: tuple[str, ...] = (), status: int = 200, params: Any = None
) -> Ask:
    return Ask("tells", path or {}, params or {}, body, needs=needs, status=status)


SYSTEM = {
    "POST /v1/session": makes(body={"key": ""}, status=401),
    "GET /v1/session": Ask("same"),
    "DELETE /v1/session": makes(status=200),
    "GET /v1/deepagents/oauth/callback": makes(params={"state": "unknown"}, status=400),
    "GET /is-alive/ping": Ask("same"),
    "GET /is-alive/ver": Ask("same"),
    "GET /health-check": Ask("same"),
    "POST /v1/private/auth": Ask("same", status=204),
    "GET /v1/private/auth/workspace": tells(status=200),
    "GET /v1/private/workspace-permissions": tells(status=200),
    "GET /v1/private/toggles": Ask("same"),
    "GET /v1/session/redirect/projects": Ask("same", params={"trace_id": "{trace}"}, status=302),
    "GET /v1/private/workspaces/versions": Ask("same"),
    "GET /v1/private/filters/fields": Ask("same"),
}

REGISTRY = {
    "GET /v1/private/workspaces/configurations": reads(needs=("configuration",)),
    "PUT /v1/private/workspaces/configurations": changes(body={"color_map": {}}, needs=("configuration",), status=200),
    "DELETE /v1/private/workspaces/configurations": changes(needs=("configuration",)),
    "POST /v1/private/environments": makes(body={"name": "new"}, needs=("environment",), status=201),
    "GET /v1/private/environments": reads(needs=("environment",)),
    "GET /v1/private/environments/{id}": reads({"id": "{environment}"}),
    "PATCH /v1/private/environments/{id}": changes({"id": "{environment}"}, {"description": "changed"}),
    "POST /v1/private/environments/delete": changes(body={"ids": ["{environment}"]}),
    "POST /v1/private/feedback-definitions": makes(
        body={**DEFINITION, "name": "new"}, needs=("definition",), status=201
    ),
    "GET /v1/private/feedback-definitions": reads(needs=("definition",)),
    "GET /v1/private/feedback-definitions/{id}": reads({"id": "{definition}"}),
    "PUT /v1/private/feedback-definitions/{id}": changes({"id": "{definition}"}, {**DEFINITION, "name": "changed"}),
    "DELETE /v1/private/feedback-definitions/{id}": changes({"id": "{definition}"}),
    "POST /v1/private/feedback-definitions/delete": changes(body={"ids": ["{definition}"]}),
    "POST /v1/private/projects": makes(body={"name": "new"}, needs=("project",), status=201),
    "GET /v1/private/projects": reads(needs=("project",)),
    "GET /v1/private/projects/{id}": reads({"id": "{project}"}),
    "PATCH /v1/private/projects/{id}": changes({"id": "{project}"}, {"description": "changed"}),
    "DELETE /v1/private/projects/{id}": changes({"id": "{project}"}, needs=("trace",)),
    "POST /v1/private/projects/delete": changes(body={"ids": ["{project}"]}, needs=("trace",)),
    "POST /v1/private/projects/retrieve": reads(body={"name": "{project_name}"}, needs=("project",)),
    "GET /v1/private/projects/stats": reads(needs=("trace",)),
    "POST /v1/private/projects/{id}/metrics": tells(
        {"id": "{project}"}, {"metric_type": "TRACE_COUNT", "interval": "DAILY", **PERIOD}, ("trace",), status=200
    ),
    "POST /v1/private/projects/trends": tells(
        body={"project_ids": ["{project}"], "interval": "DAILY", **PERIOD}, needs=("trace",), status=200
    ),
    "POST /v1/private/projects/{id}/kpi-cards": tells(
        {"id": "{project}"}, {"entity_type": "traces", **PERIOD}, ("trace",), status=200
    ),
    "GET /v1/private/projects/feedback-scores/names": reads(needs=("trace",)),
    "GET /v1/private/projects/{id}/token-usage/names": reads({"id": "{project}"}, needs=("span",)),
}


def recorded(noun: str, one: str, new: dict[str, object]) -> dict[str, Ask]:
    """What there is for traces and for spans."""
    path, id = f"/v1/private/{noun}", {"id": f"{{{one}}}"}
    of_one = {**id, **OF_PROJECT}
    return {
        f"POST {path}": makes(body={"id": new_id(), **OF_PROJECT, **START, **new}, needs=(one,), status=201),
        f"POST {path}/batch": changes(body={noun: [{**of_one, **START, **new, "output": {"changed": True}}]}),
        f"GET {path}/{{id}}": reads(id),
        f"PATCH {path}/{{id}}": changes(id, {**OF_PROJECT, **new, "output": {"changed": True}}),
        f"PATCH {path}/batch": changes(body={"ids": [f"{{{one}}}"], "update": {**new, "tags": ["changed"]}}),
        f"DELETE {path}/{{id}}": changes(id) if one == "trace" else makes(id, status=501),
        f"GET {path}": reads(params={"project_id": "{project}"}, needs=(one,)),
        f"POST {path}/search": reads(body={"project_id": "{project}"}, needs=(one,)),
        f"GET {path}/stats": reads(params={"project_id": "{project}"}, needs=(one,)),
        f"GET {path}/exists": tells(params={"project_id": "{project}"}, needs=(one,), status=200),
        f"PUT {path}/{{id}}/feedback-scores": changes(id, {**SCORE, "name": "changed"}),
        f"POST {path}/{{id}}/feedback-scores/delete": changes(id, {"name": "{secret}"}),
        f"PUT {path}/feedback-scores": changes(body={"scores": [{**of_one, **SCORE, "name": "changed"}]}),
        f"GET {path}/feedback-scores/names": reads(params={"project_id": "{project}"}, needs=(one,)),
    }


def commented(path: str, on: str, comment: str) -> dict[str, Ask]:
    of_comment = {"id": f"{{{on}}}", "comment_id": f"{{{comment}}}"}
    return {
        f"POST {path}/{{id}}/comments": changes({"id": f"{{{on}}}"}, {"text": "changed"}, status=201),
        f"GET {path}/{{id}}/comments/{{comment_id}}": reads(of_comment),
        f"PATCH {path}/comments/{{comment_id}}": changes({"comment_id": f"{{{comment}}}"}, {"text": "changed"}),
        f"POST {path}/comments/delete": changes(body={"ids": [f"{{{comment}}}"]}),
    }


THREADS = "/v1/private/traces/threads"
RECORDED = {
    **recorded("traces", "trace", {}),
    **recorded("spans", "span", {"trace_id": "{trace}", "type": "llm"}),
    "POST /v1/private/traces/delete": changes(body={"ids": ["{trace}"]}),
    f"GET {THREADS}": reads(params={"project_id": "{project}"}, needs=("trace",)),
    f"GET {THREADS}/stats": reads(params={"project_id": "{project}"}, needs=("thread_score",)),
    f"POST {THREADS}/retrieve": reads(body={"project_id": "{project}", "thread_id": "{thread}"}, needs=("trace",)),
    f"POST {THREADS}/search": reads(body={"project_id": "{project}"}, needs=("trace",)),
    f"PUT {THREADS}/open": tells(
        body={"project_id": "{project}", "thread_id": "{thread}"}, needs=("trace",), status=204
    ),
    f"PUT {THREADS}/close": changes(body={"project_id": "{project}", "thread_id": "{thread}"}, needs=("trace",)),
    f"PATCH {THREADS}/{{id}}": changes({"id": "{thread_model}"}, {"tags": ["changed"]}),
    f"PATCH {THREADS}/batch": changes(body={"ids": ["{thread_model}"], "update": {"tags": ["changed"]}}),
    f"POST {THREADS}/delete": changes(body={"project_id": "{project}", "thread_ids": ["{thread}"]}, needs=("trace",)),
    f"PUT {THREADS}/feedback-scores": changes(
        body={"scores": [{**OF_THREAD, **SCORE, "name": "changed"}]}, needs=("trace",)
    ),
    f"POST {THREADS}/feedback-scores/delete": changes(
        body={**OF_THREAD, "names": ["{secret}"]}, needs=("thread_score",)
    ),
    f"GET {THREADS}/feedback-scores/names": reads(params={"project_id": "{project}"}, needs=("thread_score",)),
    **commented("/v1/private/traces", "trace", "trace_comment"),
    **commented("/v1/private/spans", "span", "span_comment"),
    **commented(THREADS, "thread_model", "thread_comment"),
    "POST /v1/private/guardrails": changes(
        body={
            "guardrails": [
                {
                    "entity_id": "{trace}",
                    "secondary_id": "{span}",
                    **OF_PROJECT,
                    "name": "PII",
                    "result": "failed",
                    "config": {},
                    "details": {},
                }
            ]
        }
    ),
    "POST /v1/private/transfer/records": changes(
        body={**OF_PROJECT, "traces": [{"id": "{trace}", **START, "output": {"changed": True}}]}
    ),
    "POST /v1/private/otel/v1/traces": makes(
        body={"resourceSpans": [{"scopeSpans": [{"spans": [OTEL_SPAN]}]}]}, needs=("trace",), status=200
    ),
}

SETTINGS = {
    "GET /v1/private/api-keys": reads(needs=("api_key",)),
    "POST /v1/private/api-keys": makes(body={"name": "new"}, needs=("api_key",), status=201),
    "POST /v1/private/api-keys/{id}/revoke": changes({"id": "{api_key}"}),
    "GET /v1/private/retention": reads(needs=("project",)),
    "PUT /v1/private/retention": changes(body={"days": 1}, needs=("retention",), status=200),
    "POST /v1/private/retention/preview": reads(body={"change": {"days": 1}}, needs=("project",)),
    "GET /v1/private/projects/{id}/retention": tells({"id": "{project}"}),
    "PUT /v1/private/projects/{id}/retention": changes(
        {"id": "{project}"}, {"days": 1}, needs=("retention",), status=200
    ),
}

TRANSFER = {
    "GET /v1/private/transfer/attachments": reads(params={"project_id": "{project}"}, needs=("attachment",)),
    "POST /v1/private/transfer/records": changes(
        body={
            **OF_PROJECT,
            "traces": [{"id": "{trace}", **START, "output": {"changed": True}}],
            "spans": [{"id": "{span}", "trace_id": "{trace}", **START, "output": {"changed": True}}],
            "threads": [{"id": "{thread}", "thread_model_id": "{thread_model}", "tags": ["changed"]}],
        }
    ),
}

ATTACHMENTS = {
    "POST /v1/private/attachment/upload-start": makes(
        body={**FILE, **OF_PROJECT, "file_name": "notes.txt", "path": PATH}, needs=("attachment",), status=200
    ),
    "POST /v1/private/attachment/upload-complete": makes(
        body={
            **FILE,
            **OF_PROJECT,
            "file_name": "notes.txt",
            "upload_id": "none",
            "uploaded_file_parts": [{"e_tag": "x", "part_number": 1}],
        },
        needs=("attachment",),
        status=404,
    ),
    "PUT /v1/private/attachment/upload": Ask(
        "changes",
        params={**FILE, **OF_PROJECT, "file_name": "notes.txt"},
        content="changed",
        needs=("attachment",),
        status=204,
    ),
    "GET /v1/private/attachment/list": reads(
        params={**FILE, "project_id": "{project}", "path": PATH}, needs=("attachment",)
    ),
    "GET /v1/private/attachment/download": reads(
        params={**FILE, "container_id": "{project}", "file_name": "notes.txt"}, needs=("attachment",)
    ),
    "POST /v1/private/attachment/delete": changes(
        body={**FILE, "container_id": "{project}", "file_names": ["notes.txt"]}, needs=("attachment",)
    ),
    "GET /v1/private/transfer/attachments": reads(params={"project_id": "{project}"}, needs=("attachment",)),
}

API = "/v1/deepagents"
AGENT = {"agent_id": "{agent}"}
DIRECTORIES = "/v1/platform/hub/repos/-/{agent_id}/directories"
NOTES = {"AGENTS.md": {"type": "file", "content": "changed"}}
AGENT_ASKS = {
    f"GET {API}/agents": reads(needs=("agent",)),
    f"POST {API}/agents": makes(body={"name": "new"}, needs=("agent",), status=201),
    f"GET {API}/agents/{{agent_id}}": reads(AGENT),
    f"PATCH {API}/agents/{{agent_id}}": changes(AGENT, {"description": "changed"}, status=200),
    f"DELETE {API}/agents/{{agent_id}}": changes(AGENT),
    f"POST {API}/agents/{{agent_id}}/clone": tells(AGENT, {"name": "clone"}, status=201),
    f"GET {API}/agents/{{agent_id}}/health": tells(AGENT, status=200),
    f"GET {DIRECTORIES}": reads(AGENT),
    f"GET {DIRECTORIES}/commits": reads(AGENT, needs=("revision",)),
    f"POST {DIRECTORIES}/commits": changes(AGENT, {"files": NOTES}, status=200),
    f"DELETE {DIRECTORIES}": changes(AGENT),
}

AGENT_THREADS = {
    f"GET {API}/threads": reads(params={"agent_id": "{agent}"}, needs=("agent_thread",)),
    f"POST {API}/threads": tells(body={"agent_id": "{agent}"}, status=201),
    f"POST {API}/threads/search": reads(body={}, needs=("agent_thread",)),
    f"GET {API}/threads/count": tells(needs=("question",), status=200),
    f"POST {API}/threads/count": tells(body={}, needs=("question",), status=200),
    f"GET {API}/threads/{{thread_id}}": reads(THREAD_PATH),
    f"PATCH {API}/threads/{{thread_id}}": changes(THREAD_PATH, {"metadata": {"note": "changed"}}, status=200),
    f"DELETE {API}/threads/{{thread_id}}": changes(THREAD_PATH),
    f"POST {API}/threads/bulk-modify": changes(
        body={"thread_ids": ["{agent_thread}"], "data": {"metadata": {"note": "changed"}}}, status=200
    ),
    f"POST {API}/threads/bulk-delete": changes(body={"thread_ids": ["{agent_thread}"]}, status=200),
    f"GET {API}/threads/{{thread_id}}/state": reads(THREAD_PATH, needs=("run",)),
    f"POST {API}/threads/{{thread_id}}/state": tells(THREAD_PATH, {"values": {}}, ("run",), status=200),
    f"GET {API}/threads/{{thread_id}}/state/{{checkpoint_id}}": reads(
        {**THREAD_PATH, "checkpoint_id": "1"}, needs=("run",)
    ),
    f"GET {API}/threads/{{thread_id}}/history": reads(THREAD_PATH, needs=("run",)),
    f"POST {API}/threads/{{thread_id}}/history": reads(THREAD_PATH, body={}, needs=("run",)),
    f"POST {API}/threads/{{thread_id}}/copy": tells(THREAD_PATH, needs=("run",), status=200),
    f"POST {API}/threads/runs": tells(body=START_RUN, status=200),
    f"POST {API}/threads/{{thread_id}}/runs": changes(THREAD_PATH, START_RUN, status=200),
    f"POST {API}/threads/{{thread_id}}/runs/stream": changes(THREAD_PATH, START_RUN, status=200),
    f"POST {API}/threads/{{thread_id}}/runs/wait": changes(THREAD_PATH, START_RUN, status=200),
    f"GET {API}/threads/{{thread_id}}/runs": reads(THREAD_PATH, needs=("run",)),
    f"GET {API}/threads/{{thread_id}}/runs/{{run_id}}": reads(RUN_PATH),
    f"DELETE {API}/threads/{{thread_id}}/runs/{{run_id}}": changes(RUN_PATH),
    f"GET {API}/threads/{{thread_id}}/runs/{{run_id}}/join": reads(RUN_PATH),
    f"GET {API}/threads/{{thread_id}}/runs/{{run_id}}/stream": reads(RUN_PATH),
    f"POST {API}/threads/{{thread_id}}/runs/{{run_id}}/cancel": tells(RUN_PATH, status=200),
    f"POST {API}/threads/{{thread_id}}/resolve-interrupt": changes(THREAD_PATH, needs=("question",)),
}

MCP = {
    f"POST {API}/mcp-servers": makes(
        body={"name": "new", "url": "http://127.0.0.1:9/new"}, needs=("mcp_server",), status=201
    ),
    f"GET {API}/mcp-servers": reads(needs=("mcp_server",)),
    f"GET {API}/mcp-servers/{{mcp_server_id}}": reads({"mcp_server_id": "{mcp_server}"}),
    f"PATCH {API}/mcp-servers/{{mcp_server_id}}": changes(
        {"mcp_server_id": "{mcp_server}"}, {"name": "changed"}, status=200
    ),
    f"DELETE {API}/mcp-servers/{{mcp_server_id}}": changes({"mcp_server_id": "{mcp_server}"}),
    f"POST {API}/mcp-servers/{{mcp_server_id}}/oauth-provider": tells(
        {"mcp_server_id": "{mcp_server}"}, {}, status=503
    ),
    f"GET {API}/mcp/tools": tells(params={"url": "{mcp_url}"}, needs=("mcp_server",), status=502),
    f"POST {API}/auth-sessions": tells(
        body={"provider_id": "{provider}", "scopes": ["a"], "strategy": "CREATE"}, status=201
    ),
    f"GET {API}/auth-sessions/{{session_id}}": tells({"session_id": "{auth_session}"}),
}

ASKS: dict[str, Ask] = {
    **SYSTEM,
    **REGISTRY,
    **RECORDED,
    **SETTINGS,
    **TRANSFER,
    **ATTACHMENTS,
    **AGENT_ASKS,
    **AGENT_THREADS,
    **MCP,
}
