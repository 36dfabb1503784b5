"""The links that the SDK prints."""

import httpx
import pytest

from weft.model.ids import new_id

TRACE_ID = new_id()


@pytest.mark.parametrize("base", ["http://weft", "http://weft/api"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_the_link_of_a_trace_leads_to_its_page(registry_client: httpx.AsyncClient, base: str, slash: str) -> None:
    link = f"{base}/v1/session/redirect/projects{slash}?trace_id={TRACE_ID}&path=aHR0cDovL3dlZnQvYXBp"
    reply = await registry_client.get(link)
    assert (reply.status_code, reply.content) == (302, b"")
    assert reply.url.join(reply.headers["Location"]) == f"http://weft/traces/{TRACE_ID}"


@pytest.mark.parametrize("path", ["//evil.example", "aHR0cHM6Ly9ldmlsLmV4YW1wbGU=", "not base64"])
async def test_a_path_elsewhere_is_not_followed(registry_client: httpx.AsyncClient, path: str) -> None:
    query = {"trace_id": TRACE_ID, "path": path}
    reply = await registry_client.get("/v1/session/redirect/projects/", params=query)
    assert reply.headers["Location"] == f"../../../../traces/{TRACE_ID}"


async def test_without_a_trace(registry_client: httpx.AsyncClient) -> None:
    reply = await registry_client.get("/v1/session/redirect/projects", params={"trace_id": "nothing"})
    assert reply.status_code == 400
