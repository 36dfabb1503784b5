"""Tools of MCP servers."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from examples.local_model import LocalModel
from tests.agents.agents import INTERRUPT, a_job, a_thread, an_agent, events, last_values, resuming, texts
from tests.mcp_servers import HEADER, SECRET, answering_server, header_server, open_server
from weft.agents.addresses import AddressRule
from weft.agents.parts import Parts, Subagent, ToolsConfig, ToolSpec
from weft.agents.runtime.runtime import Runtime, open_runtime
from weft.agents.runtime.tools import McpAccess, gated
from weft.errors import McpAddressRefused, McpServerFailed, McpServerRefused, McpServerUnreachable

URL = "https://mcp.example.com/MCP"


@pytest.fixture
def server() -> Iterator[str]:
    with open_server() as url:
        yield url


def naming(url: str, *names: str, **interrupts: bool) -> ToolsConfig:
    specs = [ToolSpec(name=name, mcp_server_url=url) for name in names]
    return ToolsConfig(specs, {f"{url}::{name}": value for name, value in interrupts.items()})


def offered(model: LocalModel) -> list[set[str]]:
    """Names of the tools in each request."""
    return [{tool["function"]["name"] for tool in request["tools"]} for request in model.requests]


async def test_a_tool_is_called_and_its_result_told(runtime: Runtime, server: str) -> None:
    agent = an_agent(Parts(tools=naming(server, "add")))
    values = await last_values(runtime, a_job(a_thread(), agent, "add 2 3"))
    assert texts(values["messages"])[-1] == ("ai", "The tool says: 5")


async def test_only_tools_that_are_named_and_there_are_offered(
    runtime: Runtime, server: str, model: LocalModel
) -> None:
    agent = an_agent(Parts(tools=naming(f"{server}/", "add", "fly")))
    await events(runtime, a_job(a_thread(), agent, "hello"))
    built_in = {"ls", "read_file", "write_file", "edit_file", "delete", "glob", "grep", "task"}
    assert offered(model) == [built_in | {"add"}]


async def test_a_tool_that_fails_is_told_to_the_model(runtime: Runtime, server: str) -> None:
    agent = an_agent(Parts(tools=naming(server, "fail")))
    values = await last_values(runtime, a_job(a_thread(), agent, "call fail {}"))
    [result] = [message for message in values["messages"] if message["type"] == "tool"]
    assert result["status"] == "error"
    assert "no rows today" in texts(values["messages"])[-1][1]


async def test_a_gated_tool_waits_for_a_human(runtime: Runtime, server: str) -> None:
    thread, agent = a_thread(), an_agent(Parts(tools=naming(server, "add", "fetch_rows", add=True, fetch_rows=False)))
    values = await last_values(runtime, a_job(thread, agent, "add 2 3"))
    [interrupt] = values[INTERRUPT]
    assert interrupt["value"]["action_requests"][0]["args"] == {"a": 2, "b": 3}
    edited = {"type": "edit", "edited_action": {"name": "add", "args": {"a": 20, "b": 3}}}
    values = await last_values(runtime, resuming(thread, agent, edited))
    assert "23" in texts(values["messages"])[-1][1]


async def test_a_subagent_has_its_own_tools(runtime: Runtime, server: str, model: LocalModel) -> None:
    adder = Subagent(name="adder", description="Adds", tools=naming(server, "add"))
    agent = an_agent(Parts(tools=naming(server, "fetch_rows"), subagents=[adder]))
    values = await last_values(runtime, a_job(a_thread(), agent, "delegate add 2 3 to adder"))
    assert texts(values["messages"])[-1] == ("ai", "The tool says: The tool says: 5")
    assert [names & {"add", "fetch_rows"} for names in offered(model)] == [
        {"fetch_rows"},
        {"add"},
        {"add"},
        {"fetch_rows"},
    ]


async def test_a_server_that_is_gone_fails_the_run_by_name(runtime: Runtime) -> None:
    with open_server() as url:
        agent = an_agent(Parts(tools=naming(url, "add")))
    with pytest.raises(McpServerUnreachable):
        await events(runtime, a_job(a_thread(), agent, "hello"))


async def test_what_is_no_mcp_server_fails_the_run_at_once(runtime: Runtime) -> None:
    with answering_server(200, "<html>", "text/html") as url:
        agent = an_agent(Parts(tools=naming(url, "add")))
        with pytest.raises(McpServerFailed, match="it answered 200 with 'text/html'"):
            await events(runtime, a_job(a_thread(), agent, "hello"))


async def test_a_server_that_goes_away_is_told_to_the_model(runtime: Runtime) -> None:
    thread = a_thread()
    with open_server() as url:
        agent = an_agent(Parts(tools=naming(url, "add")))
        await events(runtime, a_job(thread, agent, "hello"))
    values = await last_values(runtime, a_job(thread, agent, "add 2 3"))
    assert "Check that the MCP server runs at this URL" in texts(values["messages"])[-1][1]


@asynccontextmanager
async def sending(folder: Path, headers: dict[str, str] | None, *, private: bool = True) -> AsyncIterator[Runtime]:
    async def headers_for(workspace_id: str, url: str, user_id: str) -> dict[str, str] | None:
        return headers

    opened = await open_runtime(folder, McpAccess(AddressRule(allow_private=private), headers_for))
    yield opened
    await opened.close()


async def test_headers_of_a_server_are_sent(model: LocalModel, tmp_path: Path) -> None:
    with header_server() as url:
        agent = an_agent(Parts(tools=naming(url, "add")))
        async with sending(tmp_path, {HEADER: SECRET}) as runtime:
            values = await last_values(runtime, a_job(a_thread(), agent, "add 2 3"))
            assert texts(values["messages"])[-1] == ("ai", "The tool says: 5")
        async with sending(tmp_path, None) as runtime:
            with pytest.raises(McpServerRefused):
                await events(runtime, a_job(a_thread(), agent, "add 2 3"))


async def test_private_addresses_are_refused_where_they_must_be(model: LocalModel, tmp_path: Path, server: str) -> None:
    agent = an_agent(Parts(tools=naming(server, "add")))
    async with sending(tmp_path, None, private=False) as runtime:
        with pytest.raises(McpAddressRefused):
            await events(runtime, a_job(a_thread(), agent, "hello"))


@pytest.mark.parametrize(
    ("interrupts", "waiting"),
    [
        ({}, set()),
        ({f"{URL}::rows": True}, {"rows"}),
        ({f"{URL}/::rows": True}, {"rows"}),
        ({f"{URL.lower()}::rows::acme": True}, {"rows"}),
        ({f"{URL}::acme::rows": True}, {"rows"}),
        ({f"{URL}::cells": True}, set()),
        ({f"{URL}2::rows": True}, set()),
        ({"rows": True}, {"rows"}),
        ({"rows": True, f"{URL}::rows": False}, set()),
        ({"write_file": True, "ls": False}, {"write_file"}),
    ],
)
def test_keys_of_interrupt_config(interrupts: dict[str, bool], waiting: set[str]) -> None:
    config = ToolsConfig([ToolSpec(name="rows", mcp_server_url=f"{URL}/")], interrupts)
    assert gated(config) == dict.fromkeys(waiting, True)
