"""Writes records by Opik's API alone. It takes no word of who made or changed something and when, but for the authors
of scores; comments become the caller's own."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Raw

from weft.transfer.records import SPANS, THREADS, TRACES, Kind, Record, encode, picked, text_of
from weft.transfer.server import Server

_SENT = (
    *("id", "name", "start_time", "end_time", "input", "output", "metadata", "tags", "error_info", "ttft", "source"),
    *("environment", "last_updated_at"),
)
_FIELDS: Mapping[str, Sequence[str]] = {
    "traces": (*_SENT, "thread_id"),
    "spans": (
        *_SENT,
        *("trace_id", "parent_span_id", "type", "model", "provider", "usage", "total_estimated_cost"),
    ),
}
_COMMENTS = {
    "traces": "/v1/private/traces/{id}/comments",
    "spans": "/v1/private/spans/{id}/comments",
    "threads": "/v1/private/traces/threads/{id}/comments",
}
_SCORES = {
    "traces": "/v1/private/traces/feedback-scores",
    "spans": "/v1/private/spans/feedback-scores",
    "threads": "/v1/private/traces/threads/feedback-scores",
}
_MOST_SCORES = 1000


class OpikRecords:
    """Threads come last: a trace that comes to a thread opens it."""

    order = (TRACES, SPANS, THREADS)

    def __init__(self, server: Server, project: str) -> None:
        self._server = server
        self._project = project

    def write(self, kind: Kind, records: Sequence[Record]) -> None:
        if kind is THREADS:
            self._write_threads(records)
        else:
            named = {"project_name": Raw(encode(self._project))}
            batch = [picked(record, _FIELDS[kind.name]) | named for record in records]
            self._server.send("POST", f"{kind.list}/batch", encode({kind.name: batch}))
            for record in records:
                if "comments" in record or "guardrails_validations" in record:
                    self._add(kind, text_of(record, "id"), record)
        self._write_scores(kind, records)

    def _write_scores(self, kind: Kind, records: Sequence[Record]) -> None:
        key = "thread_id" if kind is THREADS else "id"
        scores = [
            {key: text_of(record, "id"), "project_name": self._project, **score}
            for record in records
            for score in _scores_of(record)
        ]
        for start in range(0, len(scores), _MOST_SCORES):
            self._server.send("PUT", _SCORES[kind.name], encode({"scores": scores[start : start + _MOST_SCORES]}))

    def _write_threads(self, records: Sequence[Record]) -> None:
        for record in records:
            thread = {"thread_id": text_of(record, "id"), "project_name": self._project}
            stored = json.loads(self._server.send("POST", "/v1/private/traces/threads/retrieve", thread))
            if "tags" in record:
                path = f"/v1/private/traces/threads/{stored['thread_model_id']}"
                self._server.send("PATCH", path, encode({"tags": record["tags"]}))
            self._add_comments(THREADS, stored["thread_model_id"], record, stored)
            if "status" in record and text_of(record, "status") == "inactive":
                self._server.send("PUT", "/v1/private/traces/threads/close", thread)

    def _add(self, kind: Kind, id: str, record: Record) -> None:
        """What cannot be told from what is there already by an id is added once."""
        stored = json.loads(self._server.get(f"{kind.list}/{quote(id)}"))
        self._add_comments(kind, id, record, stored)
        if "guardrails_validations" in record and not stored.get("guardrails_validations"):
            checks = [
                {"entity_id": id, "secondary_id": validation["span_id"], "project_name": self._project, **check}
                for validation in msgspec.json.decode(record["guardrails_validations"])
                for check in validation["checks"]
            ]
            body = {"guardrails": [{"config": {}, "details": {}, **check} for check in checks]}
            self._server.send("POST", "/v1/private/guardrails", body)

    def _add_comments(self, kind: Kind, id: str, record: Record, stored: Mapping[str, Any]) -> None:
        there = [comment["text"] for comment in stored.get("comments") or ()]
        for comment in msgspec.json.decode(record["comments"]) if "comments" in record else ():
            if comment["text"] in there:
                there.remove(comment["text"])
            else:
                self._server.send("POST", _COMMENTS[kind.name].format(id=quote(id)), {"text": comment["text"]})


def _scores_of(record: Record) -> Iterator[dict[str, Raw]]:
    """One for each author, in the words of a batch."""
    for score in (
        msgspec.json.decode(record["feedback_scores"], type=list[Record]) if "feedback_scores" in record else ()
    ):
        by_author = score.get("value_by_author")
        each = list(msgspec.json.decode(by_author, type=dict[str, Record]).values()) if by_author else [score]
        for one in each or [score]:
            author = one.get("author") or score.get("created_by")
            told = picked(one, ("value", "source", "reason", "category_name", "source_queue_id"))
            yield {"source": Raw(b'"sdk"'), **told, "name": score["name"], **({"author": author} if author else {})}
