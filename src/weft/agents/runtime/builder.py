"""Makes graphs of agents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deepagents import SubAgent, create_deep_agent
from langchain_core.language_models import FakeListChatModel
from langgraph.graph.state import CompiledStateGraph

from weft.agents.parts import Parts, Subagent
from weft.agents.runtime.checkpoints import Checkpoints
from weft.agents.runtime.files import AgentFiles, Texts, permissions, readable, skills_of
from weft.agents.runtime.models import chat_model
from weft.agents.runtime.today import Today
from weft.agents.runtime.tools import Server, Toolbox, gated
from weft.agents.tree import parts_of
from weft.errors import SandboxUnavailable
from weft.model.agent import Agent, AgentRevision

Graph = CompiledStateGraph[Any, Any, Any, Any]

STATE_BACKENDS = {None, "", "state", "default"}


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What makes two graphs of one agent differ. `protected` ones ask before they write memories."""

    agent_id: str
    revision: str
    name: str
    model_id: str
    protected: bool
    servers: tuple[Server, ...]


def check_backend(agent: Agent) -> None:
    """Raises SandboxUnavailable."""
    if agent.backend.get("type") not in STATE_BACKENDS:
        raise SandboxUnavailable(type=agent.backend["type"])


def build(blueprint: Blueprint, revision: AgentRevision, toolbox: Toolbox, checkpoints: Checkpoints) -> Graph:
    """Raises ModelUnavailable."""
    parts, texts = parts_of(revision.tree), readable(revision.tree)
    return create_deep_agent(
        chat_model(blueprint.model_id),
        toolbox.chosen_by(parts.tools),
        system_prompt=parts.system_prompt,
        middleware=[Today()],
        subagents=_subagents(parts, texts, toolbox),
        skills=skills_of(texts),
        permissions=permissions(blueprint.protected),
        backend=AgentFiles(blueprint.agent_id, texts, checkpoints.store),
        interrupt_on=dict(gated(parts.tools)),
        checkpointer=checkpoints.saver,
        store=checkpoints.store,
        name=speaker(blueprint.name),
    )


def build_reader(checkpoints: Checkpoints) -> Graph:
    """A graph that never runs, for states of threads whose agent may be gone: it has all channels and nodes that a
    graph of `build` can have."""
    return create_deep_agent(
        FakeListChatModel(responses=[]),
        skills=["/skills/"],
        middleware=[Today()],
        permissions=permissions(protected=True),
        backend=AgentFiles("none", {}, checkpoints.store),
        checkpointer=checkpoints.saver,
        store=checkpoints.store,
    )


def speaker(name: str) -> str:
    """Providers refuse messages of speakers whose names have blanks or brackets."""
    return re.sub(r"[\s<>|\\/]+", "_", name)[:64]


def _subagents(parts: Parts, texts: Texts, toolbox: Toolbox) -> Sequence[SubAgent]:
    return [_subagent(subagent, parts, texts, toolbox) for subagent in parts.subagents]


def _subagent(subagent: Subagent, parts: Parts, texts: Texts, toolbox: Toolbox) -> SubAgent:
    """One without tools or model of its own has those of the agent."""
    spec = SubAgent(
        name=subagent.name,
        description=subagent.description or subagent.name,
        system_prompt=subagent.instructions,
        middleware=[Today()],
    )
    if subagent.tools is not None:
        spec["tools"] = toolbox.chosen_by(subagent.tools)
        spec["interrupt_on"] = {**gated(parts.tools), **gated(subagent.tools)}
    if subagent.model_id:
        spec["model"] = chat_model(subagent.model_id)
    if skills := skills_of(texts, subagent.name):
        spec["skills"] = skills
    return spec
