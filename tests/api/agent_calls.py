"""Agents through the API."""

from typing import Any

import httpx

AGENTS = "/v1/deepagents/agents"
MCP_URL = "https://mcp.acme.test/mcp"
TOOL = {"name": "fetch_rows", "mcp_server_url": MCP_URL, "mcp_server_name": "acme", "display_name": "Rows"}
# The contract's example (B.1).
LEDGER: dict[str, Any] = {
    "name": "ledger-helper",
    "description": "Reads ledgers",
    "runtime": {"model": {"model_id": "openai:gpt-5.5"}},
    "backend": {"type": "state"},
    "system_prompt": "You check ledgers.",
    "tools": {"tools": [TOOL], "interrupt_config": {f"{MCP_URL}::fetch_rows": True}},
    "subagents": [
        {"name": "auditor", "description": "Audits", "model_id": None, "instructions": "Audit it.", "tools": None}
    ],
    "skills": [
        {
            "type": "inline",
            "name": "month-end",
            "description": "Close a month",
            "instructions": "# Steps\n1. …",
            "files": {"ref/table.md": "…"},
        }
    ],
    "extras": {"team": "fin"},
}
DEFAULT_PERMISSIONS = {
    "identity": "personal",
    "visibility": "tenant",
    "tenant_access_level": "read",
    "shared_users": {"read": [], "run": [], "update": []},
}


async def create(client: httpx.AsyncClient, name: str = "helper", **fields: object) -> dict[str, Any]:
    reply = await client.post(AGENTS, json={"name": name, **fields})
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def get(client: httpx.AsyncClient, id: str, **query: Any) -> dict[str, Any]:
    reply = await client.get(f"{AGENTS}/{id}", params=query)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def patch(client: httpx.AsyncClient, id: str, **fields: object) -> dict[str, Any]:
    reply = await client.patch(f"{AGENTS}/{id}", json=fields)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def contents(agent: dict[str, Any]) -> dict[str, str]:
    return {path: file["content"] for path, file in agent["files"].items()}
