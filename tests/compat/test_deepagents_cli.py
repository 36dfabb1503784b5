"""The stock `deepagents` command: a project is made, deployed, changed and deployed again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.compat.command import Command
from tests.compat.server import Server

NAME = "ledger-helper"


@pytest.fixture
def command(tmp_path: Path, server: Server) -> Command:
    command = Command(tmp_path, server, NAME)
    command("init", NAME)
    return command


@pytest.fixture
def api(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.url}/v1/deepagents", headers={"X-Api-Key": "k"}) as client:
        yield client


def get(api: httpx.Client, id: str) -> dict[str, Any]:
    return dict(api.get(f"/agents/{id}?include_files=true").raise_for_status().json())


def test_deployed_and_deployed_again(command: Command, api: httpx.Client) -> None:
    id = command.deploy()
    first = get(api, id)
    assert (first["name"], first["runtime"]["model"]["model_id"]) == (NAME, "openai:gpt-5.5")
    assert [skill["name"] for skill in first["skills"]] == ["example-skill"]
    assert [(part["name"], part["model_id"]) for part in first["subagents"]] == [("researcher", "openai:gpt-5.5")]

    command.write("AGENTS.md", "You check ledgers.")
    command.write("subagents/researcher/skills/cite/SKILL.md", "---\nname: cite\ndescription: Cite\n---\n\nCite.\n")
    assert command.deploy() == id
    second = get(api, id)
    assert second["revision"] != first["revision"]
    assert second["system_prompt"] == "You check ledgers."
    assert second["subagents"] == first["subagents"]
    assert "subagents/researcher/skills/cite/SKILL.md" in second["files"]
    assert second["skills"][0]["description"].startswith("Worked example")

    command.deploy()
    assert get(api, id)["revision"] == second["revision"]


def test_agents(command: Command, server: Server) -> None:
    id = command.deploy()
    assert f"{id}\t{NAME}\t" in command("agents", "list")
    shown = command("agents", "get", id, "--include-files")
    assert "AGENTS.md" in json.loads(shown)["files"]
    command("agents", "delete", id, "--yes")
    assert "HTTP 404 — agent_not_found" in command("agents", "get", id, fails=True)


def test_an_agent_that_is_gone_is_made_anew(command: Command, api: httpx.Client) -> None:
    id = command.deploy()
    api.delete(f"/agents/{id}").raise_for_status()
    again = command.deploy()
    assert again != id
    assert get(api, again)["name"] == NAME
