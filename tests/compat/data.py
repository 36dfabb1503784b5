"""Three traces that differ in what one can search for: `Alpha`, `beta` with an error, and the bare `Gamma ray`."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from opik import Opik
from opik.types import ErrorInfoDict

ALPHA_START = datetime(2026, 1, 1, tzinfo=UTC)
BETA_START = datetime(2026, 2, 1, tzinfo=UTC)
GAMMA_START = datetime(2026, 3, 1, tzinfo=UTC)
ERROR: ErrorInfoDict = {"exception_type": "TimeoutError", "message": "too late", "traceback": "line 1"}


class Data(NamedTuple):
    client: Opik
    project: str
    ids: dict[str, str]  # of traces and spans, by lower-case name


def record(client: Opik, project: str) -> Data:
    ids = _record_alpha(client) | _record_beta(client)
    ids["gamma"] = client.trace(name="Gamma ray", start_time=GAMMA_START).id
    client.log_traces_feedback_scores(
        [
            {"id": ids["alpha"], "name": "quality", "value": 0.9, "project_name": project},
            {"id": ids["beta"], "name": "quality", "value": 0.5, "project_name": project},
        ]
    )
    client.log_spans_feedback_scores(
        [
            {"id": ids["generate"], "name": "tone", "value": 0.25, "project_name": project},
            {"id": ids["ask"], "name": "tone", "value": 0.75, "project_name": project},
        ]
    )
    assert client.flush()
    return Data(client, project, ids)


def _record_alpha(client: Opik) -> dict[str, str]:
    trace = client.trace(
        name="Alpha",
        start_time=ALPHA_START,
        end_time=ALPHA_START + timedelta(seconds=1),
        input={"question": "Why is the sky blue?", "parts": [{"size": 3}]},
        output={"answer": "Rayleigh"},
        metadata={"model": "GPT-4", "temperature": 0.2},
        tags=["prod", "Europe"],
        thread_id="thread-1",
        environment="production",
    )
    generate = trace.span(
        name="generate",
        type="llm",
        start_time=ALPHA_START,
        end_time=ALPHA_START + timedelta(milliseconds=500),
        input={"prompt": "sky"},
        output={"text": "blue"},
        metadata={"temperature": 0.2},
        tags=["prod"],
        model="gpt-4o",
        provider="openai",
        usage={"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30},
        total_cost=0.001,
    )
    return {"alpha": trace.id, "generate": generate.id}


def _record_beta(client: Opik) -> dict[str, str]:
    trace = client.trace(
        name="beta",
        start_time=BETA_START,
        end_time=BETA_START + timedelta(seconds=2),
        input={"question": "Was ist größer?"},
        metadata={"model": "claude", "temperature": 1.5},
        tags=["staging"],
        thread_id="thread-2",
        environment="staging",
        error_info=ERROR,
    )
    ask = trace.span(
        name="ask",
        type="llm",
        start_time=BETA_START,
        end_time=BETA_START + timedelta(seconds=2),
        metadata={"temperature": 1.5},
        model="claude-x",
        provider="anthropic",
        usage={"prompt_tokens": 100, "completion_tokens": 200, "total_tokens": 300},
        total_cost=0.01,
        error_info=ERROR,
    )
    retrieve = trace.span(name="Retrieve", type="tool", start_time=BETA_START)
    return {"beta": trace.id, "ask": ask.id, "retrieve": retrieve.id}
