"""A model to try agents with: it needs no key and no network, and answers by rules.

    python examples/local_model.py 8089

It speaks OpenAI's chat completions and Responses APIs, streamed and not. Whatever takes OPENAI_BASE_URL can talk to it:
OPENAI_BASE_URL=http://127.0.0.1:8089/v1 OPENAI_API_KEY=none. RULES tells what it answers to which text.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any
from uuid import uuid4

HOLD_LIMIT_S = 30.0


@dataclass(frozen=True)
class Call:
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """`pause_s` passes before each word. One that `holds` waits after its first word, until the server is told to go
    on. One that `fails` is a status 500."""

    text: str = ""
    calls: Sequence[Call] = ()
    pause_s: float = 0.0
    holds: bool = False
    fails: bool = False

    @property
    def words(self) -> list[str]:
        return re.findall(r"\S+\s*", self.text)


@dataclass(frozen=True)
class Message:
    role: str
    text: str


Rule = tuple[str, Callable[[re.Match[str]], Answer]]


def _calls_named(found: re.Match[str]) -> Answer:
    lines = [line.split(maxsplit=2) for line in found[0].splitlines()]
    return Answer(calls=[Call(name, json.loads(arguments or "{}")) for _, name, arguments in lines])


# What a text of the user starts with, and the answer; the first that fits counts.
RULES: tuple[Rule, ...] = (
    (
        r"remember (\S+)",
        lambda found: Answer(
            calls=[Call("write_file", {"file_path": f"/memories/{found[1]}.md", "content": found[1]})]
        ),
    ),
    (r"recall (\S+)", lambda found: Answer(calls=[Call("read_file", {"file_path": f"/memories/{found[1]}.md"})])),
    (
        r"write (\S+) (.+)",
        lambda found: Answer(calls=[Call("write_file", {"file_path": found[1], "content": found[2]})]),
    ),
    (r"read (\S+)", lambda found: Answer(calls=[Call("read_file", {"file_path": found[1]})])),
    (r"add (\d+) (\d+)", lambda found: Answer(calls=[Call("add", {"a": int(found[1]), "b": int(found[2])})])),
    (
        r"delegate (.+) to (\S+)",
        lambda found: Answer(calls=[Call("task", {"description": found[1], "subagent_type": found[2]})]),
    ),
    (
        r"delegate (.+)",
        lambda found: Answer(calls=[Call("task", {"description": found[1], "subagent_type": "general-purpose"})]),
    ),
    (r"call \S+ \{.*\}(\ncall \S+ \{.*\})*", _calls_named),
    (r"slow (\d+)", lambda found: Answer(" ".join(f"word{number}" for number in range(int(found[1]))), pause_s=0.05)),
    (r"hold", lambda found: Answer("one two three", holds=True)),
    (r"fail", lambda found: Answer(fails=True)),
    (r"say (.+)", lambda found: Answer(found[1])),
)


def answer_to(conversation: Sequence[Message]) -> Answer:
    last = conversation[-1]
    if last.role == "tool":
        return Answer(f"The tool says: {last.text}")
    for pattern, reply in RULES:
        if found := re.match(pattern, last.text):
            return reply(found)
    return Answer(f"You said: {last.text}")


def read_conversation(request: dict[str, Any]) -> list[Message]:
    """Of either API."""
    entries = request.get("messages", request.get("input", []))
    if isinstance(entries, str):
        return [Message("user", entries)]
    return [
        Message("tool", _text(entry["output"]))
        if entry.get("type") == "function_call_output"
        else Message(entry.get("role", ""), _text(entry.get("content")))
        for entry in entries
    ]


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""


def usage_of(conversation: Sequence[Message], answer: Answer) -> tuple[int, int]:
    """A word is a token, and so is a call."""
    return sum(len(message.text.split()) for message in conversation), len(answer.words) + len(answer.calls)


class ChatCompletions:
    """`/v1/chat/completions`"""

    def __init__(self, request: dict[str, Any], answer: Answer, usage: tuple[int, int]) -> None:
        self._answer = answer
        self._head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": request["model"]}
        self._usage = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        self._reason = "tool_calls" if answer.calls else "stop"

    def whole(self) -> dict[str, Any]:
        message = {"role": "assistant", "content": self._answer.text or None, "tool_calls": self._calls() or None}
        choice = {"index": 0, "message": message, "finish_reason": self._reason}
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage}

    def events(self) -> Iterator[dict[str, Any]]:
        yield self._chunk({"role": "assistant", "content": ""})
        for word in self._answer.words:
            yield self._chunk({"content": word})
        for index, call in enumerate(self._calls()):
            yield self._chunk({"tool_calls": [{"index": index, **call}]})
        yield self._chunk({}, self._reason)
        yield {**self._head, "object": "chat.completion.chunk", "choices": [], "usage": self._usage}

    def _chunk(self, delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return {**self._head, "object": "chat.completion.chunk", "choices": [choice]}

    def _calls(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"call_{uuid4().hex}",
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
            }
            for call in self._answer.calls
        ]


class Responses:
    """`/v1/responses`"""

    def __init__(self, request: dict[str, Any], answer: Answer, usage: tuple[int, int]) -> None:
        self._answer = answer
        self._head = {
            "id": f"resp_{uuid4().hex}",
            "object": "response",
            "created_at": int(time.time()),
            "model": request["model"],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        }
        self._items = [*self._messages(), *self._calls()]
        self._usage = {
            "input_tokens": usage[0],
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": usage[1],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sum(usage),
        }

    def whole(self) -> dict[str, Any]:
        return {**self._head, "status": "completed", "output": self._items, "usage": self._usage}

    def events(self) -> Iterator[dict[str, Any]]:
        steps = [{"type": "response.created", "response": {**self._head, "status": "in_progress", "output": []}}]
        steps += [event for index, item in enumerate(self._items) for event in self._item_events(index, item)]
        steps += [{"type": "response.completed", "response": self.whole()}]
        for number, step in enumerate(steps):
            yield {"sequence_number": number, **step}

    def _item_events(self, index: int, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
        place = {"output_index": index, "item_id": item["id"]}
        if item["type"] == "message":
            yield {"type": "response.output_item.added", "output_index": index, "item": {**item, "content": []}}
            for word in self._answer.words:
                yield {"type": "response.output_text.delta", "content_index": 0, "delta": word, "logprobs": [], **place}
        else:
            yield {"type": "response.output_item.added", "output_index": index, "item": {**item, "arguments": ""}}
            yield {"type": "response.function_call_arguments.delta", "delta": item["arguments"], **place}
        yield {"type": "response.output_item.done", "output_index": index, "item": item}

    def _messages(self) -> list[dict[str, Any]]:
        if not self._answer.text:
            return []
        content = {"type": "output_text", "text": self._answer.text, "annotations": []}
        message = {"id": f"msg_{uuid4().hex}", "type": "message", "role": "assistant", "status": "completed"}
        return [{**message, "content": [content]}]

    def _calls(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"fc_{uuid4().hex}",
                "type": "function_call",
                "status": "completed",
                "call_id": f"call_{uuid4().hex}",
                "name": call.name,
                "arguments": json.dumps(call.arguments),
            }
            for call in self._answer.calls
        ]


APIS: dict[str, type[ChatCompletions] | type[Responses]] = {
    "/v1/chat/completions": ChatCompletions,
    "/v1/responses": Responses,
}


class LocalModel(ThreadingHTTPServer):
    """`requests` are the bodies it got. `released` lets answers that hold go on."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.requests: list[dict[str, Any]] = []
        self.released = Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: LocalModel

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        conversation = read_conversation(request)
        answer = answer_to(conversation)
        if self.path not in APIS:
            self._reply(404, {"error": {"message": f"no such path: {self.path}", "type": "invalid_request_error"}})
        elif answer.fails:
            self._reply(500, {"error": {"message": "the model has failed, as asked", "type": "server_error"}})
        else:
            reply = APIS[self.path](request, answer, usage_of(conversation, answer))
            if request.get("stream"):
                self._stream(reply.events(), answer)
            else:
                self._reply(200, reply.whole())

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: whoever asks knows."""

    def _reply(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-Should-Retry", "false")
        self.end_headers()
        self.wfile.write(text)

    def _stream(self, events: Iterator[dict[str, Any]], answer: Answer) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            words = 0
            for event in events:
                words += _is_word(event)
                if answer.holds and words == 2:
                    self.server.released.wait(HOLD_LIMIT_S)
                time.sleep(answer.pause_s if _is_word(event) else 0)
                self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")
        except ConnectionError:
            pass  # the client has left


def _is_word(event: dict[str, Any]) -> bool:
    if "choices" in event:
        return any(choice["delta"].get("content") for choice in event["choices"])
    return bool(event["type"] == "response.output_text.delta")


if __name__ == "__main__":
    model = LocalModel(int(sys.argv[1]) if len(sys.argv) > 1 else 8089)
    print(f"a model answers on {model.base_url}", flush=True)
    model.serve_forever()
