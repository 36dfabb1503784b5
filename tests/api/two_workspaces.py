"""Two workspaces of one server, each with a key: one that has everything, and one that must see nothing of it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

import httpx

from weft.api.auth import Caller
from weft.api.deepagents.identity import user_id
from weft.api.services import Services
from weft.model.ids import new_id
from weft.model.oauth import OAuthClient, OAuthProvider

PRIVATE = "/v1/private"
AGENTS = "/v1/deepagents"
HUB = "/v1/platform/hub/repos/-"

CLIENT = OAuthClient("id", None, "none", "https://login.example.org/", "https://login.example.org/token", "/", None, ())

Kind = Literal["reads", "tells", "changes", "makes", "same"]


@dataclass(frozen=True)
class Ask:
    """How a route is asked about things of the workspace that has them. `{trace}` in any text is the id of a trace,
    made when it is first named, and so on.

    `kind`: what `reads` shows its owner something, what `tells` answers others otherwise, what `changes` is seen to
    have changed something, what `makes` only has to be answered, what is the `same` tells everyone the same.
    `status` is what the owner gets.
    """

    kind: Kind
    path: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    content: str = ""
    needs: tuple[str, ...] = ()
    status: int = 200


@dataclass
class World:
    """`seen` is what the owner sees of the things made so far."""

    owner: httpx.AsyncClient
    other: httpx.AsyncClient
    caller: Caller
    services: Services
    secret: str = field(default_factory=lambda: f"secret {new_id()}")
    things: dict[str, str] = field(default_factory=dict)
    views: list[tuple[str, str, object]] = field(default_factory=list)

    async def filled(self, template: Any) -> Any:
        """The template with things in the place of their names."""
        if isinstance(template, str):
            for name in re.findall(r"\{(\w+)\}", template):
                template = template.replace(f"{{{name}}}", await self.thing(name))
            return template
        if isinstance(template, Mapping):
            return {key: await self.filled(value) for key, value in template.items()}
        if isinstance(template, list):
            return [await self.filled(value) for value in template]
        return template

    async def thing(self, name: str) -> str:
        if name not in self.things:
            self.things[name] = await MAKERS[name](self)
        return self.things[name]

    async def request(self, ask: Ask, operation: str) -> httpx.Request:
        for name in ask.needs:
            await self.thing(name)
        method, path = operation.split(" ")
        for name, value in ask.path.items():
            path = path.replace(f"{{{name}}}", await self.filled(value))
        body, params = await self.filled(ask.body), await self.filled(ask.params)
        return self.owner.build_request(
            method, path, params=params, json=body, content=ask.content.encode() if ask.content else None
        )

    async def seen(self) -> list[str]:
        replies = [await self.owner.request(method, path, json=body) for method, path, body in self.views]
        return [f"{reply.status_code} {reply.text}" for reply in replies]

    def told(self, reply: httpx.Response, request: httpx.Request) -> list[str]:
        """What the reply says of the owner's things that the request did not."""
        asked = unquote(str(request.url)) + request.content.decode()
        texts = (self.secret, *self.things.values())
        return [text for text in texts if text and text in reply.text and text not in asked]

    async def post(self, path: str, body: object, method: str = "POST") -> httpx.Response:
        reply = await self.owner.request(method, path, json=await self.filled(body))
        assert reply.is_success, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply

    def view(self, path: str, method: str = "GET", body: object = None) -> None:
        self.views.append((method, path, body))


async def _project_name(world: World) -> str:
    return f"project {new_id()}"


async def _project(world: World) -> str:
    body = {"name": "{project_name}", "description": world.secret}
    reply = await world.post(f"{PRIVATE}/projects", body)
    id = reply.headers["Location"].rpartition("/")[2]
    world.view(f"{PRIVATE}/projects/{id}")
    return str(id)


async def _thread(world: World) -> str:
    return f"thread {new_id()}"


async def _trace(world: World) -> str:
    id, project_id = new_id(), await world.thing("project")
    body: dict[str, object] = {"id": id, "project_name": "{project_name}", "name": world.secret}
    body |= {"thread_id": "{thread}"}
    body |= {"start_time": "2026-01-02T03:04:05Z", "tags": [world.secret], "input": {"text": world.secret}}
    await world.post(f"{PRIVATE}/traces", body)
    await world.post(f"{PRIVATE}/traces/{id}/feedback-scores", {**SCORE, "name": world.secret}, "PUT")
    world.view(f"{PRIVATE}/traces/{id}")
    world.view(f"{PRIVATE}/traces/threads?project_id={project_id}")
    return id


async def _span(world: World) -> str:
    id, trace_id = new_id(), await world.thing("trace")
    body: dict[str, object] = {"id": id, "project_name": "{project_name}", "trace_id": trace_id}
    body |= {"name": world.secret, "type": "llm"}
    body |= {"start_time": "2026-01-02T03:04:05Z", "input": {"text": world.secret}, "usage": {world.secret: 1}}
    await world.post(f"{PRIVATE}/spans", body)
    await world.post(f"{PRIVATE}/spans/{id}/feedback-scores", {**SCORE, "name": world.secret}, "PUT")
    world.view(f"{PRIVATE}/spans/{id}")
    return id


async def _thread_model(world: World) -> str:
    await world.thing("trace")
    body = {"project_name": "{project_name}", "thread_id": "{thread}"}
    return str((await world.post(f"{PRIVATE}/traces/threads/retrieve", body)).json()["thread_model_id"])


async def _thread_score(world: World) -> str:
    await world.thing("trace")
    score = {**SCORE, "name": world.secret, "thread_id": "{thread}", "project_name": "{project_name}"}
    await world.post(f"{PRIVATE}/traces/threads/feedback-scores", {"scores": [score]}, "PUT")
    return world.secret


def _comment(path: str, on: str) -> "Maker":
    async def make(world: World) -> str:
        url = f"{PRIVATE}/{path}/{await world.thing(on)}/comments"
        id = str((await world.post(url, {"text": world.secret})).json()["id"])
        world.view(f"{url}/{id}")
        return id

    return make


def _named(path: str, body: Mapping[str, object]) -> "Maker":
    async def make(world: World) -> str:
        reply = await world.post(f"{PRIVATE}/{path}", {**body, "name": f"name-{new_id()}", "description": world.secret})
        id = str(reply.headers["Location"].rpartition("/")[2])
        world.view(f"{PRIVATE}/{path}/{id}")
        return id

    return make


async def _configuration(world: World) -> str:
    await world.post(f"{PRIVATE}/workspaces/configurations", {"color_map": {world.secret: "#ff0000"}}, "PUT")
    world.view(f"{PRIVATE}/workspaces/configurations")
    return world.secret


async def _api_key(world: World) -> str:
    reply = await world.post(f"{PRIVATE}/api-keys", {"name": world.secret})
    world.view(f"{PRIVATE}/api-keys")
    return str(reply.json()["id"])


async def _retention(world: World) -> str:
    """What is set of it, which is on no thing."""
    world.view(f"{PRIVATE}/retention")
    return world.secret


async def _attachment(world: World) -> str:
    """Its name."""
    trace_id, project_id = await world.thing("trace"), await world.thing("project")
    owner = {"entity_type": "trace", "entity_id": trace_id}
    params = {
        **owner,
        "file_name": "notes.txt",
        "project_name": world.things["project_name"],
        "mime_type": "text/plain",
    }
    reply = await world.owner.put(f"{PRIVATE}/attachment/upload", params=params, content=world.secret.encode())
    assert reply.is_success, reply.text
    download = httpx.QueryParams({**owner, "file_name": "notes.txt", "container_id": project_id})
    world.view(f"{PRIVATE}/attachment/download?{download}")
    return "notes.txt"


async def _agent(world: World) -> str:
    reply = await world.post(f"{AGENTS}/agents", {"name": world.secret, "instructions": world.secret})
    id = str(reply.json()["id"])
    world.view(f"{AGENTS}/agents/{id}")
    world.view(f"{HUB}/{id}/directories")
    return id


async def _revision(world: World) -> str:
    reply = await world.owner.get(f"{AGENTS}/agents/{await world.thing('agent')}")
    return str(reply.json()["revision"])


async def _agent_thread(world: World) -> str:
    body = {"agent_id": "{agent}", "metadata": {"note": world.secret}}
    id = str((await world.post(f"{AGENTS}/threads", body)).json()["id"])
    world.view(f"{AGENTS}/threads/{id}")
    world.view(f"{AGENTS}/threads/{id}/state")
    world.view(f"{AGENTS}/threads/{id}/runs")
    return id


async def _run(world: World) -> str:
    body = {"agent_id": "{agent}", "input": {"messages": [{"role": "user", "content": world.secret}]}}
    url = f"{AGENTS}/threads/{await world.thing('agent_thread')}/runs"
    id = str((await world.post(url, body)).json()["run_id"])
    await world.owner.get(f"{url}/{id}/join")
    return id


async def _question(world: World) -> str:
    """A thread that waits for a decision."""
    body = {"agent_id": "{agent}", "input": {"messages": [{"role": "user", "content": "ask"}]}}
    id = await world.thing("agent_thread")
    await world.post(f"{AGENTS}/threads/{id}/runs/wait", body)
    return id


async def _mcp_url(world: World) -> str:
    return f"http://127.0.0.1:9/{new_id()}"


async def _mcp_server(world: World) -> str:
    body = {"name": world.secret, "url": "{mcp_url}", "auth_type": "oauth", "oauth_mode": "per_user_dynamic_client"}
    id = str((await world.post(f"{AGENTS}/mcp-servers", body)).json()["id"])
    world.view(f"{AGENTS}/mcp-servers/{id}")
    return id


async def _provider(world: World) -> str:
    server_id, workspace_id = await world.thing("mcp_server"), world.caller.workspace_id
    provider = OAuthProvider(new_id(), workspace_id, server_id, user_id(world.caller), CLIENT)
    return (await world.services.registry.oauth_providers.put(provider)).id


async def _auth_session(world: World) -> str:
    body = {"provider_id": "{provider}", "scopes": ["a"], "strategy": "CREATE"}
    return str((await world.post(f"{AGENTS}/auth-sessions", body)).json()["id"])


async def _secret(world: World) -> str:
    return world.secret


Maker = Callable[[World], Awaitable[str]]

SCORE = {"value": 1, "source": "sdk"}
MAKERS: dict[str, Maker] = {
    "secret": _secret,
    "project_name": _project_name,
    "project": _project,
    "thread": _thread,
    "trace": _trace,
    "span": _span,
    "thread_model": _thread_model,
    "thread_score": _thread_score,
    "trace_comment": _comment("traces", "trace"),
    "span_comment": _comment("spans", "span"),
    "thread_comment": _comment("traces/threads", "thread_model"),
    "environment": _named("environments", {}),
    "definition": _named("feedback-definitions", {"type": "numerical", "details": {"min": 0, "max": 1}}),
    "configuration": _configuration,
    "api_key": _api_key,
    "retention": _retention,
    "attachment": _attachment,
    "agent": _agent,
    "revision": _revision,
    "agent_thread": _agent_thread,
    "run": _run,
    "question": _question,
    "mcp_url": _mcp_url,
    "mcp_server": _mcp_server,
    "provider": _provider,
    "auth_session": _auth_session,
}
