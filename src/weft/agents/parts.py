"""What an agent is made of, as typed values: the shapes of requests, of replies and of `tools.json` (the contract, C.2
and C.3)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct, field

from weft.model.mcp_server import url_key

NAME_RULE = "must not be blank, and have only letters, digits, spaces, '_' and '-'"

_NAME = re.compile(r"[\w-](?:[\w -]*[\w-])?")


class ToolSpec(Struct, frozen=True, kw_only=True):
    """`name` is what the MCP server calls it."""

    name: str
    mcp_server_url: str
    mcp_server_name: str = ""
    display_name: str = ""

    @property
    def completed(self) -> "ToolSpec":
        """The contract: the server is called by its URL, the tool by its name."""
        return ToolSpec(
            name=self.name,
            mcp_server_url=self.mcp_server_url,
            mcp_server_name=self.mcp_server_name or self.mcp_server_url,
            display_name=self.display_name or self.name,
        )


class ToolsConfig(Struct, frozen=True):
    """Keys of `interrupt_config` are `<server URL>::<tool name>`, or a tool's name."""

    tools: list[ToolSpec] = []
    interrupt_config: dict[str, bool] = {}

    def violations(self) -> list[str]:
        return [
            f"tools[{place}].{rule}"
            for place, tool in enumerate(self.tools)
            for rule in _broken_rules(tool)
        ]  # fmt: skip

    @property
    def completed(self) -> "ToolsConfig":
        return ToolsConfig([tool.completed for tool in self.tools], self.interrupt_config)


class Subagent(Struct, frozen=True, kw_only=True):
    """Without a model it has that of the agent."""

    name: str
    description: str | None = None
    model_id: str | None = None
    instructions: str = ""
    tools: ToolsConfig | None = None


class Skill(Struct, frozen=True, kw_only=True):
    """`files` are texts by path, relative to the skill."""

    type: Literal["inline"] = "inline"
    name: str
    description: str = ""
    instructions: str = ""
    files: dict[str, str] = {}


class Parts(Struct, frozen=True):
    """All of them. None is what there is no file for."""

    system_prompt: str | None = None
    tools: ToolsConfig | None = None
    subagents: list[Subagent] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)

    @property
    def mcp_servers(self) -> list[tuple[str, str]]:
        """URL and name of each server that tools of the agent and its subagents are on, as first written."""
        configs = [self.tools, *(subagent.tools for subagent in self.subagents)]
        tools = [tool.completed for config in configs if config for tool in config.tools]
        first = {url_key(tool.mcp_server_url): tool for tool in reversed(tools)}
        return [(tool.mcp_server_url, tool.mcp_server_name) for tool in reversed(first.values())]


def check_names(field: str, parts: Iterable[Subagent | Skill]) -> Iterator[str]:
    """The rules that are broken, in words."""
    names = [part.name for part in parts]
    yield from (f"{field}[{place}].name {NAME_RULE}" for place, name in enumerate(names) if not _NAME.fullmatch(name))
    yield from (f"{field} has '{name}' {count} times" for name, count in Counter(names).items() if count > 1)


def _broken_rules(tool: ToolSpec) -> Iterator[str]:
    if not tool.name.strip():
        yield "name must not be blank"
    if not is_http_url(tool.mcp_server_url):
        yield "mcp_server_url must be an HTTP URL"


def is_http_url(text: str) -> bool:
    try:
        url = urlsplit(text.strip())
        return url.scheme in ("http", "https") and bool(url.hostname)
    except ValueError:
        return False
