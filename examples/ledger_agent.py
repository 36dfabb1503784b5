"""An agent that asks before it remembers: made, run, stopped for a human, and gone on with.

    python examples/ledger_agent.py [http://127.0.0.1:5173]

With `examples/local_model.py` as the model, "remember …" writes a memory and "recall …" reads it.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:5173"
MODEL = {"model": {"model_id": "openai:local"}}
APPROVED = {"resume": {"decisions": [{"type": "approve"}]}}

Json = dict[str, Any]


def run(weft: httpx.Client, agent: str, thread: str, text: str, command: Json | None = None) -> Iterator[Json]:
    """States of the thread, as they come. A command goes on with what waits for it, and the text is ignored."""
    body = {"agent_id": agent, "input": {"messages": [{"role": "user", "content": text}]}, "command": command}
    with weft.stream("POST", f"/v1/deepagents/threads/{thread}/runs/stream", json=body) as response:
        event = ""
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "values":
                yield json.loads(value)
            elif name == "data" and event == "error":
                sys.exit(value)


class Shown:
    """Prints what is new in states of one thread."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    def show(self, state: Json) -> None:
        for message in state["messages"]:
            if message["id"] not in self._ids:
                self._ids.add(message["id"])
                said = message["content"] or f"calls {message['tool_calls'][0]['name']}"
                print(f"{message['type']:>6}: {said}")


with httpx.Client(base_url=BASE, headers={"X-Api-Key": "any"}, timeout=60) as weft:
    ledger = {"name": "ledger-helper", "system_prompt": "You check ledgers.", "runtime": MODEL}
    agent = weft.post("/v1/deepagents/agents", json=ledger).raise_for_status().json()["id"]
    first, second = (
        weft.post("/v1/deepagents/threads", json={"agent_id": agent}).raise_for_status().json()["id"] for _ in range(2)
    )

    shown = Shown()
    for state in run(weft, agent, first, "remember cash"):
        shown.show(state)
    for question in state["__interrupt__"]:
        for call in question["value"]["action_requests"]:
            print(f"  weft: may it {call['name']} {call['args']}? You agree.")
    for state in run(weft, agent, first, "", APPROVED):
        shown.show(state)

    print("another thread of the same agent:")
    for state in run(weft, agent, second, "recall cash"):
        shown.show(state)

    found = weft.get("/v1/private/traces", params={"project_name": "ledger-helper"}).raise_for_status().json()
    print(f"{found['total']} traces in the project ledger-helper")
