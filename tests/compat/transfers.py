"""Projects to be moved, over HTTP, and the commands that move them."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from weft.model.ids import new_id

START = "2026-01-02T03:04:05.123456789Z"


@dataclass(frozen=True)
class Project:
    url: str
    name: str
    start: str = START

    file = b"\x00\xff bytes"

    def fill(self) -> None:
        """Three traces in a closed thread, one of them with a span, scores of two, comments, a check and a file."""
        scores = {("quality", "zoe"): ("0.123456789", "good"), ("quality", "ann"): ("1", None)}
        trace = {"input": {"n": 12345678901234567890}, "thread_id": "one", "tags": ["b", "a"], "name": "ü 🧶"}
        span = {"output": {"x": [1.5]}, "scores": {("speed", "bob"): ("-2", "slow")}}
        rich = {**trace, "scores": scores, "comments": ["first", "first", "second"], "file": self.file}
        self.add([{**rich, "spans": [span], "provider": "openai", "check": True}, trace, trace], THREAD)

    def add(self, traces: list[dict[str, Any]], thread: dict[str, Any]) -> None:
        for trace in traces:
            self._add_trace(dict(trace))
        for thread_id in {trace["thread_id"] for trace in traces if "thread_id" in trace}:
            self._add_thread(thread_id, thread)

    def add_many(self, count: int) -> None:
        for start in range(0, count, 400):
            traces = [self._trace(new_id(), {"input": "x" * 2000}) for _ in range(start, min(count, start + 400))]
            self.send("POST", "/traces/batch", {"traces": traces})

    def told(self) -> dict[str, Any]:
        """What a client of Opik's API sees of it, but for ids and times that the server gives."""
        found = self.get("/traces", {"project_name": self.name, "size": "100"})["content"]
        spans = self.get("/spans", {"project_name": self.name, "size": "100"})["content"]
        threads = self.get("/traces/threads", {"project_name": self.name})["content"]
        return {
            "traces": [_told(trace) for trace in found],
            "spans": [_told(span) for span in spans],
            "thread": [_told(thread) for thread in threads],
            "files": [self._files_of(trace) for trace in found],
        }

    def get(self, path: str, params: dict[str, str]) -> Any:
        reply = httpx.get(f"{self.url}/v1/private{path}", params=params)
        assert reply.is_success, reply.text
        return reply.json()

    def send(self, method: str, path: str, body: Any) -> httpx.Response:
        reply = httpx.request(method, f"{self.url}/v1/private{path}", json=body)
        assert reply.is_success, reply.text
        return reply

    def _trace(self, id: str, fields: dict[str, Any]) -> dict[str, Any]:
        return {"id": id, "project_name": self.name, "start_time": self.start, **fields}

    def _add_trace(self, trace: dict[str, Any]) -> None:
        id = new_id()
        scores, comments = trace.pop("scores", {}), trace.pop("comments", [])
        spans, file, checked = trace.pop("spans", []), trace.pop("file", None), trace.pop("check", False)
        provider = trace.pop("provider", None)
        self.send("POST", "/traces/batch", {"traces": [self._trace(id, trace)]})
        self._score("/traces/feedback-scores", {"id": id}, scores)
        for text in comments:
            self.send("POST", f"/traces/{id}/comments", {"text": text})
        for span in spans:
            self._add_span(id, dict(span), provider)
        if checked:
            check = {"entity_id": id, "secondary_id": new_id(), "name": "PII", "result": "failed", "config": {}}
            self.send("POST", "/guardrails", {"guardrails": [{**check, "project_name": self.name, "details": {}}]})
        if file is not None:
            params = {"entity_type": "trace", "entity_id": id, "file_name": "a/b ü.bin", "project_name": self.name}
            url = f"{self.url}/v1/private/attachment/upload"
            assert httpx.put(url, params=params, content=file).is_success

    def _add_span(self, trace_id: str, span: dict[str, Any], provider: str | None) -> None:
        id, scores = new_id(), span.pop("scores")
        usage = {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11}
        priced = {"provider": provider, "model": "gpt-4o", "usage": usage, "type": "llm"} if provider else {}
        self.send("POST", "/spans/batch", {"spans": [self._trace(id, {"trace_id": trace_id, **priced, **span})]})
        self._score("/spans/feedback-scores", {"id": id}, scores)

    def _add_thread(self, thread_id: str, thread: dict[str, Any]) -> None:
        place = {"thread_id": thread_id, "project_name": self.name}
        model_id = self.send("POST", "/traces/threads/retrieve", place).json()["thread_model_id"]
        self.send("PATCH", f"/traces/threads/{model_id}", {"tags": thread["tags"]})
        self.send("POST", f"/traces/threads/{model_id}/comments", {"text": "on it"})
        self._score("/traces/threads/feedback-scores", {"thread_id": thread_id}, {("mood", "ann"): ("1", None)})
        if thread["close"]:
            self.send("PUT", "/traces/threads/close", place)

    def _score(self, path: str, on: dict[str, str], scores: dict[tuple[str, str], tuple[Any, str | None]]) -> None:
        for (name, author), (value, reason) in scores.items():
            said = {"name": name, "author": author, "value": float(value), "reason": reason, "source": "sdk"}
            self.send("PUT", path, {"scores": [{**on, "project_name": self.name, **said}]})

    def _files_of(self, trace: dict[str, Any]) -> list[tuple[str, int]]:
        query = {"project_id": trace["project_id"], "entity_type": "trace", "entity_id": trace["id"]}
        found = self.get("/attachment/list", {**query, "path": "aHR0cDovL2xvY2FsaG9zdC9hcGk"})["content"]
        return [(file["file_name"], file["file_size"]) for file in found]


THREAD = {"close": True, "tags": ["x", "y"]}

_GIVEN = {"project_id", "thread_model_id", "created_at", "last_updated_at", "created_by", "last_updated_by"}


def _told(record: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in record.items() if name not in _GIVEN | {"comments", "feedback_scores"}}
    told["comments"] = sorted(comment["text"] for comment in record.get("comments", ()))
    told["scores"] = {
        (score["name"], author): (one["value"], one.get("reason"))
        for score in record.get("feedback_scores", ())
        for author, one in score["value_by_author"].items()
    }
    for derived in ("span_feedback_scores", "total_estimated_cost_version"):
        told.pop(derived, None)
    return told


def weft(*arguments: str, folder: Path, code: int = 0) -> str:
    """What the command says, which ends with this code."""
    done = subprocess.run([sys.executable, "-m", "weft", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr if code else done.stdout
