"""Attachments over HTTP: short ways to send, list and fetch the files of one trace or span."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import httpx

from weft.model.ids import new_id

PATH = "/v1/private/attachment"
BASE = "http://weft/api"


def encoded(url: str = BASE) -> str:
    return urlsafe_b64encode(url.encode()).decode()


@dataclass(frozen=True)
class Files:
    client: httpx.AsyncClient
    project: str
    entity_type: str = "trace"
    entity_id: str = field(default_factory=new_id)

    @property
    def entity(self) -> dict[str, str]:
        return {"entity_type": self.entity_type, "entity_id": self.entity_id}

    async def project_id(self) -> str:
        reply = await self.client.post("/v1/private/projects/retrieve", json={"name": self.project})
        id: str = reply.json()["id"]
        return id

    async def start(self, **fields: object) -> httpx.Response:
        body = {"file_name": "a.png", "num_of_file_parts": 1, "project_name": self.project, "path": encoded()}
        return await self.client.post(f"{PATH}/upload-start", json={**body, **self.entity, **fields})

    async def put(
        self, file_name: str, content: bytes | AsyncIterator[bytes], mime_type: str | None = "image/png"
    ) -> httpx.Response:
        query = {"file_name": file_name, "project_name": self.project, **self.entity}
        typed = {} if mime_type is None else {"mime_type": mime_type}
        return await self.client.put(f"{PATH}/upload", params={**query, **typed}, content=content)

    async def page(self, **query: str | int) -> httpx.Response:
        params = {"project_id": await self.project_id(), "path": encoded(), **self.entity, **query}
        return await self.client.get(f"{PATH}/list", params=params)

    async def names(self) -> list[str]:
        return [item["file_name"] for item in (await self.page()).json()["content"]]

    async def get(self, file_name: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        params = {"container_id": await self.project_id(), "file_name": file_name, **self.entity}
        return await self.client.get(f"{PATH}/download", params=params, headers=headers)

    async def delete(self, *file_names: str) -> httpx.Response:
        body = {"file_names": file_names, "container_id": await self.project_id(), **self.entity}
        return await self.client.post(f"{PATH}/delete", json=body)
