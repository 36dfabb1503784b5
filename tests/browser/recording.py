"""Records what the pages are looked at with: a support bot over two weeks, and traces that are hard to show."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

Json = dict[str, Any]

BATCH = 1000
QUESTIONS = (
    ("Where is my parcel?", "It left the depot in Porto this morning and arrives tomorrow before noon."),
    ("Can I return the shoes after 40 days?", "Returns are free for 30 days. After that we can offer store credit."),
    ("Please change my delivery address", "Done: the order now goes to Rua das Flores 12, 4050-262 Porto."),
    ("The discount code does not work", "The code WEFT10 expired on Sunday. I have added a new one to your account."),
    ("أين طلبي؟", "طلبك في الطريق وسيصل غدًا قبل الظهر."),
)
MODELS = (("openai", "gpt-4o-mini"), ("openai", "gpt-4o"), ("anthropic", "claude-3-5-sonnet-20241022"))
TRACEBACK = (
    'Traceback (most recent call last):\n  File "bot.py", line 41, in answer\n    reply = client.chat(request)\n'
)


def id_at(ms: int, chance: random.Random) -> str:
    """A UUID of version 7."""
    value = (ms << 80) | (7 << 76) | (chance.getrandbits(12) << 64) | (2 << 62) | chance.getrandbits(62)
    return str(UUID(int=value))


def instant(ms: float) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat()


class Recording:
    def __init__(self, api: str, project: str, seed: int = 1) -> None:
        self.project = project
        self.chance = random.Random(seed)
        self._base = f"{api}/v1/private"

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        return httpx.request(method, self._base + path, timeout=120, **content).raise_for_status()

    def put(self, noun: str, items: Sequence[Json]) -> None:
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            self._send("POST", f"/{noun}/batch", json={noun: batch})

    def score(self, id: str, name: str, value: float, **more: Any) -> None:
        score = {"id": id, "project_name": self.project, "name": name, "value": value, "source": "sdk", **more}
        self._send("PUT", "/traces/feedback-scores", json={"scores": [score]})

    def attach(self, trace_id: str, file_name: str, mime_type: str, content: bytes) -> None:
        query = {"file_name": file_name, "mime_type": mime_type, "entity_type": "trace", "entity_id": trace_id}
        query["project_name"] = self.project
        self._send("PUT", "/attachment/upload", params=query, content=content)

    def define_scores(self) -> None:
        for definition in (
            {"name": "helpful", "type": "boolean", "details": {"true_label": "Helpful", "false_label": "Not helpful"}},
            {"name": "quality", "type": "numerical", "details": {"min": 0, "max": 1}},
            {"name": "tone", "type": "categorical", "details": {"categories": {"rude": 0, "plain": 1, "warm": 2}}},
        ):
            self._send("POST", "/feedback-definitions", json=definition)

    def project_id(self) -> str:
        return str(self._send("POST", "/projects/retrieve", json={"name": self.project}).json()["id"])

    def tagged(self, tag: str) -> int:
        """How many traces are."""
        query = {"project_name": self.project, "query": f'tags = "{tag}"', "size": "1"}
        return int(self._send("GET", "/traces", params=query).json()["total"])

    def trace(self, start_ms: float, **fields: Any) -> Json:
        """Not yet recorded. Takes two seconds unless `end_time` says otherwise."""
        own = {
            "id": id_at(int(start_ms), self.chance),
            "project_name": self.project,
            "name": "answer",
            "start_time": instant(start_ms),
            "end_time": instant(start_ms + 2000),
            "source": "sdk",
        }
        return own | fields

    def span(self, trace: Json, start_ms: float, ms: float, **fields: Any) -> Json:
        own = {
            "id": id_at(int(start_ms), self.chance),
            "trace_id": trace["id"],
            "project_name": self.project,
            "start_time": instant(start_ms),
            "end_time": instant(start_ms + ms),
            "type": "general",
        }
        return own | fields

    def conversations(self, count: int, now_ms: float, days: float = 13) -> list[Json]:
        """Traces with their spans, the newest first: every eleventh fails, every third is in a thread."""
        traces = [self._conversation(number, now_ms - days * 86_400_000 * number / count) for number in range(count)]
        self.put("traces", traces)
        self.put("spans", [span for trace in traces for span in self._steps(trace)])
        for trace in traces[:40]:
            self.score(
                trace["id"], "quality", round(self.chance.uniform(0.4, 1), 2), reason="judged by the nightly run"
            )
        return traces

    def _conversation(self, number: int, start_ms: float) -> Json:
        question, answer = self.chance.choice(QUESTIONS)
        ms = self.chance.lognormvariate(7.3, 0.6)
        fields: Json = {
            "name": self.chance.choice(["answer", "answer", "refund", "track parcel"]),
            "end_time": instant(start_ms + ms),
            "input": {
                "messages": [
                    {"role": "system", "content": "You are the support agent of a shop for shoes."},
                    {"role": "user", "content": question},
                ]
            },
            "output": {"choices": [{"message": {"role": "assistant", "content": answer}}]},
            "metadata": {
                "tenant": self.chance.choice(["north", "south"]),
                "release": {"version": 42, "commit": "a1b2c3"},
            },
            "tags": self.chance.sample(["production", "vip", "refund"], self.chance.randint(0, 2)),
            "environment": self.chance.choice(["production", "staging"]),
        }
        if number % 3 == 0:
            fields["thread_id"] = f"conversation {number // 12}"
        if number % 11 == 5:
            error = {"exception_type": "TimeoutError", "message": "The model took too long", "traceback": TRACEBACK}
            fields |= {"error_info": error, "output": None, "tags": ["production"]}
        return self.trace(start_ms, **fields)

    def _steps(self, trace: Json) -> Iterator[Json]:
        start = datetime.fromisoformat(trace["start_time"]).timestamp() * 1000
        length = datetime.fromisoformat(trace["end_time"]).timestamp() * 1000 - start
        provider, model = self.chance.choice(MODELS)
        prompt, completion = self.chance.randint(300, 4000), self.chance.randint(20, 900)
        search = self.span(trace, start + length * 0.02, length * 0.3, name="search orders", type="tool")
        search |= {"input": {"customer": 4711, "open": True}, "output": {"orders": [{"id": 99, "state": "shipped"}]}}
        yield search
        parent = {"parent_span_id": search["id"], "name": "query database", "output": {"rows": 3}}
        yield self.span(trace, start + length * 0.05, length * 0.2, **parent)
        chat = self.span(trace, start + length * 0.35, length * 0.6, name="chat", type="llm", model=model)
        usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
        chat |= {"provider": provider, "usage": usage, "input": trace["input"], "output": trace["output"]}
        yield chat | ({"error_info": trace["error_info"]} if "error_info" in trace else {})

    def huge_trace(self, start_ms: float, spans: int) -> Json:
        """A trace of so many spans, thirty below each parent."""
        trace = self.trace(start_ms, name="huge", end_time=instant(start_ms + spans))
        rows: list[Json] = []
        for number in range(spans):
            parent = {"parent_span_id": rows[(number - 1) // 30]["id"]} if number else {}
            kind = ("general", "llm", "tool")[number % 3]
            text = {"input": {"step": number, "text": "what goes in " * 10}, "output": {"text": "what comes out"}}
            rows.append(self.span(trace, start_ms + number, 40, name=f"step {number}", type=kind, **parent, **text))
        self.put("traces", [trace])
        self.put("spans", rows)
        return trace

    def hostile_trace(self, start_ms: float) -> Json:
        """What would do harm if it were taken for anything but text."""
        script = "<script>window.harm = 1</script><img src=x onerror='window.harm = 2'>"
        trace = self.trace(
            start_ms,
            name=f"{script} \u202egnirts desrever",
            input={"messages": [{"role": "user", "content": f"{script} **bold** [link](javascript:window.harm=3)"}]},
            output={
                script: script,
                "long": "5 MB " * 1_000_000,
                "rtl": "مرحبا بالعالم <b>نص</b>",
                "__proto__": {"a": 1},
            },
            metadata={"deep": _nested(200)},
            tags=[script, "مرحبا"],
            thread_id=f"{script}/../%2e%2e?x=1#y",
            error_info={"exception_type": script, "message": script, "traceback": script},
        )
        self.put("traces", [trace])
        self.attach(trace["id"], "<img src=x onerror=alert(1)>.html", "text/html", script.encode())
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>window.harm=4</script><circle r="9"/></svg>'
        self.attach(trace["id"], "picture.svg", "image/svg+xml", svg)
        return trace


def _nested(depth: int) -> object:
    value: object = "bottom"
    for _ in range(depth):
        value = {"in": [value]}
    return value
