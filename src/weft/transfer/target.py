"""Writes records and files into a project of a server: as they were where that is a Weft, or else as far as Opik's API
can."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from msgspec import Raw

from weft.transfer.opik_target import OpikRecords
from weft.transfer.records import KINDS, Kind, Record, encode
from weft.transfer.server import Refused, Server
from weft.transfer.source import AttachmentKey, attachments_of, find_project

RESTORE = "/v1/private/transfer/records"
THROUGH_THE_SERVER = "BEMinIO"  # Opik's contract, H.4
PART_BYTES = 8 * 1024 * 1024
MOST_PARTS = 10_000


class Records(Protocol):
    """What records can be written with. `order` is that in which kinds are to be written."""

    @property
    def order(self) -> Sequence[Kind]: ...

    def write(self, kind: Kind, records: Sequence[Record]) -> None:
        """Writing again what is written already changes nothing. Raises TransferFailed."""


class WeftRecords:
    """By the extension that a Weft has, which takes whatever it shows."""

    order = (KINDS["threads"], KINDS["traces"], KINDS["spans"])

    def __init__(self, server: Server, project: str) -> None:
        self._server = server
        self._project = Raw(encode(project))

    def write(self, kind: Kind, records: Sequence[Record]) -> None:
        self._server.send("POST", RESTORE, encode({"project_name": self._project, kind.name: records}))


class Target:
    """A project of a server. Its methods raise TransferFailed."""

    def __init__(self, server: Server, project_id: str, project: str, records: Records) -> None:
        self.server = server
        self.records = records
        self.project_id = project_id
        self.project = project

    def has_file(self, key: AttachmentKey, size: int) -> bool:
        known = attachments_of(self.server, self.project_id, key.entity_type, key.entity_id)
        return any(item["file_name"] == key.file_name and item.get("file_size") == size for item in known)

    def put_file(self, key: AttachmentKey, mime_type: str, path: Path) -> None:
        size = path.stat().st_size
        parts = list(_parts(size))
        body: dict[str, Any] = {
            **key._asdict(),
            "mime_type": mime_type,
            "project_name": self.project,
            "path": urlsafe_b64encode(self.server.url.encode()).decode(),
            "num_of_file_parts": len(parts),
        }
        started = json.loads(self.server.send("POST", "/v1/private/attachment/upload-start", body))
        urls: list[str] = started["pre_sign_urls"]
        with path.open("rb") as file:
            if started["upload_id"] == THROUGH_THE_SERVER:
                self.server.upload(urls[0], file, 0, size)
                return
            tags = [self.server.upload(url, file, *part) for url, part in zip(urls, parts, strict=True)]
        uploaded = [{"e_tag": tag, "part_number": number} for number, tag in enumerate(tags, 1)]
        done = {"file_size": size, "upload_id": started["upload_id"], "uploaded_file_parts": uploaded}
        self.server.send("POST", "/v1/private/attachment/upload-complete", body | done)


def open_target(server: Server, project: Mapping[str, Any], name: str | None = None) -> Target:
    """The project is made as it was elsewhere if it is not there, under another name if one is given."""
    called = str(name or project["name"])
    found = find_project(server, called)
    if found is None:
        told = {part: project[part] for part in ("description", "visibility") if project.get(part)}
        server.send("POST", "/v1/private/projects", {"name": called, **told})
        found = find_project(server, called)
    assert found is not None
    restores = _can_restore(server)
    records: Records = WeftRecords(server, called) if restores else OpikRecords(server, called)
    return Target(server, found["id"], called, records)


def _can_restore(server: Server) -> bool:
    """A Weft finds fault with an empty request, others do not know what is asked."""
    try:
        server.send("POST", RESTORE, {})
    except Refused as error:
        if error.status == 422:
            return True
        if error.status in (404, 405):
            return False
        raise
    return False


def _parts(size: int) -> Iterator[tuple[int, int]]:
    """Where each part of a file starts and how long it is; at least one."""
    length = max(PART_BYTES, -(-size // MOST_PARTS))
    for start in range(0, max(size, 1), length):
        yield start, min(length, size - start)
