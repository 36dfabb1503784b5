"""Threads of an agent through the API, and what runs do to them, which tests do by hand."""

from dataclasses import dataclass
from typing import Any

import httpx

from weft.model.agent_thread import ThreadStatus
from weft.model.instants import now_us
from weft.registry.agent_threads import AgentThreads

API = "/v1/deepagents"
THREADS = f"{API}/threads"

WAITING = {"task": [{"id": "1", "value": {"question": "May I?"}}]}
FAILURE = {"error": "ValueError", "message": "no"}


@dataclass
class ThreadCalls:
    client: httpx.AsyncClient
    agent_id: str
    stored: AgentThreads

    async def create(self, **fields: Any) -> str:
        """The id of a new thread."""
        reply = await self.client.post(THREADS, json={"agent_id": self.agent_id, **fields})
        assert reply.status_code == 201, reply.text
        return str(reply.json()["id"])

    async def get(self, id: str) -> dict[str, Any]:
        reply = await self.client.get(f"{THREADS}/{id}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def list(self, **params: str) -> dict[str, Any]:
        reply = await self.client.get(THREADS, params={"agent_id": self.agent_id, **params})
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def run(self, id: str, status: ThreadStatus, values: dict[str, Any] | None = None) -> None:
        """What a run that ends so leaves of the thread."""
        await self.stored.set_state(id, status="busy", interrupts={}, error=None, at=now_us())
        if status != "busy":
            interrupts = WAITING if status == "interrupted" else {}
            error = FAILURE if status == "error" else None
            await self.stored.set_state(
                id, status=status, interrupts=interrupts, error=error, at=now_us(), values=values
            )


async def create_agent(client: httpx.AsyncClient) -> str:
    reply = await client.post(f"{API}/agents", json={"name": "helper"})
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def error(reply: httpx.Response) -> tuple[int, str]:
    """Status and code of a reply that is an error in the shape of the contract."""
    body = reply.json()
    assert body.keys() == {"type", "code", "detail", "status"}
    assert body["status"] == reply.status_code
    assert body["type"].endswith(f"/{body['code']}")
    return reply.status_code, body["code"]
