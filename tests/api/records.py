"""Traces and spans over HTTP: bodies with defaults for all but what a test is about, and short ways to send them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from weft.model.ids import new_id

Body = dict[str, Any]

START = "2026-01-02T03:04:05Z"
JANUARY_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
NOT_VERSION_7 = "550e8400-e29b-41d4-a716-446655440000"

EVERY_FIELD: Body = {
    "name": "answer 😀",
    "start_time": "2026-01-02T03:04:05.123456789Z",
    "end_time": "2026-01-02T03:04:06.123456Z",
    "input": {"messages": [{"role": "user", "content": "why?"}], "n": 12345678901234567890},
    "output": ["a", 1.5, None],
    "metadata": {"nested": {"a": [1, 2]}},
    "tags": ["b", "a"],
    "error_info": {"exception_type": "ValueError", "message": "no", "traceback": "line 1"},
    "ttft": 12.5,
    "source": "playground",
    "environment": "production",
}

FIFTY_TAGS = [f"tag {number}" for number in range(50)]

# What breaks a rule of a patch, and of a create as well.
BROKEN_RULES: list[tuple[Body, str]] = [
    ({"ttft": -0.5}, "ttft must be greater than or equal to 0"),
    ({"environment": "e" * 151}, "environment cannot exceed 150 characters"),
]


@dataclass(frozen=True)
class Records:
    """The traces or the spans of one project. `always` is part of every body that writes: what a span must say."""

    client: httpx.AsyncClient
    noun: str
    project: str
    always: Mapping[str, object] = field(default_factory=dict)

    @property
    def plural(self) -> str:
        return f"{self.noun}s"

    @property
    def path(self) -> str:
        return f"/v1/private/{self.plural}"

    def elsewhere(self) -> "Records":
        """The same in a project that nothing is in."""
        return replace(self, project=f"project {new_id()}")

    def body(self, **fields: object) -> Body:
        return {"id": new_id(), "project_name": self.project, "start_time": START, **self.always, **fields}

    async def post(self, **fields: object) -> httpx.Response:
        return await self.client.post(self.path, json=self.body(**fields))

    async def create(self, **fields: object) -> str:
        """The id of a new record."""
        reply = await self.post(**fields)
        assert reply.status_code == 201, reply.text
        return reply.headers["Location"].rpartition("/")[2]

    async def post_batch(self, *bodies: Body) -> httpx.Response:
        return await self.client.post(f"{self.path}/batch", json={self.plural: bodies})

    async def get(self, id: str) -> Body:
        reply = await self.client.get(f"{self.path}/{id}")
        assert reply.status_code == 200, reply.text
        record: Body = reply.json()
        return record

    async def is_there(self, id: str) -> bool:
        return (await self.client.get(f"{self.path}/{id}")).status_code == 200

    async def patch(self, id: str, **fields: object) -> httpx.Response:
        body = {"project_name": self.project, **self.always, **fields}
        return await self.client.patch(f"{self.path}/{id}", json=body)

    async def patch_batch(self, ids: list[str], update: Body, **fields: object) -> httpx.Response:
        return await self.client.patch(
            f"{self.path}/batch", json={"ids": ids, "update": {**self.always, **update}, **fields}
        )

    async def list_reply(self, **query: Any) -> httpx.Response:
        """Lists and objects are sent as JSON text."""
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
        return await self.client.get(self.path, params={"project_name": self.project, **texts})

    async def page(self, **query: Any) -> Body:
        reply = await self.list_reply(**query)
        assert reply.status_code == 200, reply.text
        page: Body = reply.json()
        return page

    async def find(self, **query: Any) -> list[Body]:
        content: list[Body] = (await self.page(**query))["content"]
        return content

    async def search_reply(self, **body: object) -> httpx.Response:
        return await self.client.post(f"{self.path}/search", json={"project_name": self.project, **body})

    async def stream(self, **body: object) -> list[Body]:
        reply = await self.search_reply(**body)
        assert reply.status_code == 200, reply.text
        return [json.loads(line) for line in reply.content.split(b"\r\n")[:-1]]

    async def project_id(self) -> str:
        reply = await self.client.post("/v1/private/projects/retrieve", json={"name": self.project})
        id: str = reply.json()["id"]
        return id

    async def has_project(self) -> bool:
        reply = await self.client.post("/v1/private/projects/retrieve", json={"name": self.project})
        return reply.status_code == 200


def named(records: Records, *fields: Body) -> list[Body]:
    """Bodies named a, b, c …, whose ids are one second apart."""
    return [records.body(id=new_id(JANUARY_MS + 1000 * n), name="abcdefgh"[n]) | more for n, more in enumerate(fields)]


def names(records: list[Body]) -> list[str]:
    return [record["name"] for record in records]


def listed(reply: httpx.Response) -> tuple[int, list[str]]:
    """Status and texts of an error in the form of a list."""
    body = reply.json()
    assert body.keys() == {"errors"}
    return reply.status_code, body["errors"]


def message(reply: httpx.Response) -> tuple[int, str]:
    """Status and text of an error in the form of a message."""
    body = reply.json()
    assert body["code"] == reply.status_code
    return reply.status_code, body["message"]


async def send(records: Records, content: bytes | str, **headers: str) -> httpx.Response:
    """A create, byte by byte."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await records.client.post(records.path, content=content, headers=named)


def with_raw(records: Records, **values: str) -> tuple[str, str]:
    """The id and the text of a create in which some values are JSON text of the test's own making."""
    body = records.body()
    marked = json.dumps(body | {name: f"<{name}>" for name in values})
    for name, value in values.items():
        marked = marked.replace(f'"<{name}>"', value)
    return body["id"], marked
