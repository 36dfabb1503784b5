"""Reads a project from a server, from wherever reading stopped."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from weft.transfer.records import SPANS, TRACES, BadRecord, Kind, read_object, text_of
from weft.transfer.server import Interrupted, Refused, Server, TransferFailed

PAGE = 500
LEAST_PAGE = 50
HEAVY = ("input", "output", "metadata")


class AttachmentKey(NamedTuple):
    entity_type: str
    entity_id: str
    file_name: str


class RemoteFile(NamedTuple):
    """An attachment, and where its bytes are."""

    key: AttachmentKey
    mime_type: str
    file_size: int
    link: str


class Source:
    """A project of a server. Its methods raise TransferFailed."""

    def __init__(self, server: Server, project: Mapping[str, Any]) -> None:
        self.server = server
        self.project = project

    def count(self, kind: Kind) -> int:
        reply = json.loads(self.server.get(kind.list, {"project_id": self.project["id"], "size": "1"}))
        return int(reply.get("total", 0))

    def records(self, kind: Kind, after: str | None = None, exclude: tuple[str, ...] = ()) -> Iterator[bytes]:
        """Each a line of JSON, newest first, those below the id `after`. Larger pages if they come well."""
        size, tried = PAGE, 0
        while True:
            received = 0
            try:
                for line in self.server.lines(kind.search, self._search(kind, size, after, exclude)):
                    after = id_of(line, kind)
                    received += 1
                    yield line
            except Interrupted as error:
                tried = 1 if received else tried + 1
                self.server.pause(error, tried)
                size = max(LEAST_PAGE, size // 2)
                continue
            if received < size:
                return
            tried = 0

    def attachments(self, after: AttachmentKey | None = None) -> Iterator[RemoteFile]:
        """Those after this one, in an order that is always the same."""
        try:
            yield from self._attachments_at_once(after)
        except Refused as error:
            if error.status not in (404, 405):
                raise
            yield from self._attachments_one_by_one(after)

    def _search(self, kind: Kind, size: int, after: str | None, exclude: tuple[str, ...]) -> dict[str, Any]:
        body = {
            "project_id": self.project["id"],
            "limit": size,
            "truncate": False,
            "strip_attachments": True,
            **({kind.cursor: after} if after else {}),
        }
        return body | ({"exclude": list(exclude)} if exclude else {})

    def _attachments_at_once(self, after: AttachmentKey | None) -> Iterator[RemoteFile]:
        """By the extension that a Weft has. Raises Refused before the first of them if this is none."""
        while True:
            place = {} if after is None else dict(zip(("after_type", "after_id", "after_name"), after, strict=True))
            query = {"project_id": self.project["id"], **place}
            found = json.loads(self.server.get("/v1/private/transfer/attachments", query))["content"]
            if not found:
                return
            for item in found:
                after = AttachmentKey(item["entity_type"], item["entity_id"], item["file_name"])
                yield RemoteFile(after, item["mime_type"], item["file_size"], self._link(after, item["mime_type"]))

    def _attachments_one_by_one(self, after: AttachmentKey | None) -> Iterator[RemoteFile]:
        """By asking for those of each trace and then of each span."""
        for kind in (TRACES, SPANS):
            if after is not None and after.entity_type != kind.entity:
                if kind is TRACES:
                    continue
                after = None
            if after is not None:
                yield from self._of_entity(kind.entity, after.entity_id, after.file_name)
            for line in self.records(kind, after and after.entity_id, HEAVY):
                yield from self._of_entity(kind.entity, id_of(line, kind), "")

    def _of_entity(self, entity: str, id: str, after_name: str) -> Iterator[RemoteFile]:
        for item in sorted(attachments_of(self.server, self.project["id"], entity, id), key=lambda f: f["file_name"]):
            if item["file_name"] > after_name:
                key = AttachmentKey(entity, id, item["file_name"])
                yield RemoteFile(key, item.get("mime_type") or "", int(item.get("file_size") or 0), item["link"])

    def _link(self, key: AttachmentKey, mime_type: str) -> str:
        query = {**key._asdict(), "container_id": self.project["id"], "mime_type": mime_type}
        return f"{self.server.url}/v1/private/attachment/download?{urlencode(query)}"


def open_source(server: Server, project: str) -> Source:
    """Raises TransferFailed, also for a project that is not there."""
    found = find_project(server, project)
    if found is None:
        raise TransferFailed(f"{server.url} has no project {project}")
    return Source(server, found)


def find_project(server: Server, name: str) -> Mapping[str, Any] | None:
    try:
        reply = server.send("POST", "/v1/private/projects/retrieve", {"name": name})
    except Refused as error:
        if error.status == 404:
            return None
        raise
    project: Mapping[str, Any] = json.loads(reply)
    return project


def project_names(server: Server) -> Iterator[str]:
    page = 1
    while True:
        query = {"page": str(page), "size": "100"}
        found = json.loads(server.get("/v1/private/projects", query))["content"]
        yield from (project["name"] for project in found)
        if len(found) < 100:
            return
        page += 1


def attachments_of(server: Server, project_id: str, entity: str, id: str) -> list[dict[str, Any]]:
    query = {
        "project_id": project_id,
        "entity_type": entity,
        "entity_id": id,
        "path": urlsafe_b64encode(server.url.encode()).decode(),
        "size": "10000",
    }
    found: list[dict[str, Any]] = json.loads(server.get("/v1/private/attachment/list", query))["content"]
    return found


def id_of(line: bytes, kind: Kind) -> str:
    """Raises Interrupted for a line that is no record: a server that fails in the middle says so in such a line."""
    try:
        return text_of(read_object(line), kind.id)
    except BadRecord as error:
        raise Interrupted(f"no record in the stream: {line[:200].decode(errors='replace')}") from error
