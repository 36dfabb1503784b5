"""Typed parts of agents and their rules."""

import pytest

from weft.agents.parts import NAME_RULE, Parts, Skill, Subagent, ToolsConfig, ToolSpec, check_names


def tool(name: str = "rows", url: str = "https://mcp.test/mcp", server: str = "") -> ToolSpec:
    return ToolSpec(name=name, mcp_server_url=url, mcp_server_name=server)


def test_a_server_is_called_by_its_url_and_a_tool_by_its_name() -> None:
    completed = tool().completed
    assert (completed.mcp_server_name, completed.display_name) == ("https://mcp.test/mcp", "rows")


@pytest.mark.parametrize("name", ["a", "Month end", "a-b_c 1", "Prüfung"])
def test_names_of_parts(name: str) -> None:
    assert list(check_names("skills", [Skill(name=name)])) == []


@pytest.mark.parametrize("name", ["", " ", "a/b", "..", "a.b", " a", "a ", "a\n"])
def test_names_that_are_none(name: str) -> None:
    assert list(check_names("skills", [Skill(name=name)])) == [f"skills[0].name {NAME_RULE}"]


def test_a_name_is_given_once() -> None:
    assert list(check_names("subagents", [Subagent(name="a"), Subagent(name="a")])) == ["subagents has 'a' 2 times"]


@pytest.mark.parametrize("url", ["", "mcp.test", "ftp://mcp.test", "http://", "http://[", "file:///etc/passwd"])
def test_a_server_is_at_an_http_url(url: str) -> None:
    assert ToolsConfig([tool(url=url)]).violations() == ["tools[0].mcp_server_url must be an HTTP URL"]


def test_servers_of_agent_and_subagents_each_once() -> None:
    parts = Parts(
        tools=ToolsConfig([tool(), tool("more", "https://MCP.test/mcp/", "again")]),
        subagents=[
            Subagent(name="a", tools=ToolsConfig([tool(url="http://other.test", server="other")])),
            Subagent(name="b"),
        ],
    )
    assert parts.mcp_servers == [
        ("https://mcp.test/mcp", "https://mcp.test/mcp"),
        ("http://other.test", "other"),
    ]
