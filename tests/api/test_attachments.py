from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.api.attachment_calls import PATH, Files, encoded
from tests.api.conftest import MAX_ATTACHMENT_BYTES
from tests.api.records import Records, listed, message
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONTENT = bytes(range(256)) * 10


@pytest.fixture
def files(client: httpx.AsyncClient, project: str) -> Files:
    """Of a trace that need not exist."""
    return Files(client, project)


class TestStartUpload:
    async def test_one_url_under_the_clients_own_base(self, files: Files) -> None:
        reply = await files.start(file_name="a b&c.png", mime_type="image/png")
        assert reply.status_code == 200
        assert reply.json() == {
            "upload_id": "BEMinIO",
            "pre_sign_urls": [
                "http://weft/api/v1/private/attachment/upload?file_name=a+b%26c.png&mime_type=image%2Fpng"
                f"&entity_type=trace&entity_id={files.entity_id}&project_name={files.project.replace(' ', '+')}"
            ],
        }

    async def test_the_url_takes_the_file(self, files: Files) -> None:
        [url] = (await files.start()).json()["pre_sign_urls"]
        assert (await files.client.put(url, content=CONTENT)).status_code == 204
        assert (await files.get("a.png")).content == CONTENT

    async def test_the_project_is_made(self, files: Files) -> None:
        await files.start()
        assert await files.project_id()

    @pytest.mark.parametrize(
        "path",
        ["%%%", "AAAA", "aHR0cA", encoded("ftp://weft"), encoded("javascript:alert(1)"), encoded("http://a\r\nb")],
    )
    async def test_base_url_that_is_none(self, files: Files, path: str) -> None:
        assert message(await files.start(path=path)) == (400, "Invalid base URL format")

    async def test_base_url_in_ordinary_base64_without_padding(self, files: Files) -> None:
        reply = await files.start(path=encoded("http://weft:8/??>>/").replace("-", "+").replace("_", "/").rstrip("="))
        assert reply.json()["pre_sign_urls"][0].startswith("http://weft:8/??>>/v1/private/attachment/upload?")

    async def test_every_violation(self, files: Files) -> None:
        assert listed(await files.client.post(f"{PATH}/upload-start", json={"file_name": " "})) == (
            422,
            [
                "fileName must not be blank",
                "entityType must not be null",
                "entityId must not be null",
                "path must not be blank",
            ],
        )

    async def test_attachments_are_of_traces_and_spans(self, files: Files) -> None:
        assert (await files.start(entity_type="thread")).status_code == 400


class TestCompleteUpload:
    async def test_what_goes_through_this_server_is_not_completed(self, files: Files) -> None:
        upload_id = (await files.start()).json()["upload_id"]
        parts = [{"e_tag": "a", "part_number": 1}]
        body = {"file_name": "a.png", **files.entity, "upload_id": upload_id, "uploaded_file_parts": parts}
        assert message(await files.client.post(f"{PATH}/upload-complete", json=body)) == (404, "Upload not found")


class TestUpload:
    async def test_in_parts_of_no_announced_length(self, files: Files) -> None:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield CONTENT

        assert (await files.put("parts.bin", parts())).status_code == 204
        assert (await files.get("parts.bin")).content == CONTENT * 100

    async def test_an_empty_file(self, files: Files) -> None:
        assert (await files.put("empty", b"")).status_code == 204
        reply = await files.get("empty")
        assert (reply.status_code, reply.content) == (200, b"")

    async def test_the_same_name_replaces(self, files: Files) -> None:
        await files.put("a.png", b"old")
        await files.put("a.png", b"newer", "image/gif")
        [item] = (await files.page()).json()["content"]
        assert (item["file_size"], item["mime_type"]) == (5, "image/gif")
        assert (await files.get("a.png")).content == b"newer"

    async def test_of_no_type(self, files: Files) -> None:
        await files.put("a", b"content", mime_type=None)
        assert (await files.get("a")).headers["Content-Type"] == "application/octet-stream"

    async def test_without_a_project_goes_to_the_default_one(self, client: httpx.AsyncClient) -> None:
        files = Files(client, "Default Project")
        await client.put(f"{PATH}/upload", params={"file_name": "a", **files.entity}, content=b"content")
        assert await files.names() == ["a"]

    async def test_too_large(self, files: Files) -> None:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(MAX_ATTACHMENT_BYTES // 100_000 + 1):
                yield bytes(100_000)

        limit = f"The request body is larger than {MAX_ATTACHMENT_BYTES} bytes"
        assert message(await files.put("a", parts())) == (413, limit)
        assert message(await files.put("a", bytes(MAX_ATTACHMENT_BYTES + 1))) == (413, limit)
        assert await files.names() == []

    @pytest.mark.parametrize("missing", ["file_name", "entity_type", "entity_id"])
    async def test_required_parameters(self, files: Files, missing: str) -> None:
        query = {name: value for name, value in {"file_name": "a", **files.entity}.items() if name != missing}
        reply = await files.client.put(f"{PATH}/upload", params=query, content=b"content")
        assert message(reply) == (400, f"query param {missing} is required")

    async def test_blank_name(self, files: Files) -> None:
        reply = await files.put(" ", b"content")
        assert listed(reply) == (400, ["query param file_name must not be blank"])

    @pytest.mark.parametrize("name", ["../../../etc/passwd", "a\\b", "Größe 😀.png", "x" * 5000])
    async def test_any_name_is_a_name(self, files: Files, name: str) -> None:
        await files.put(name, CONTENT)
        assert await files.names() == [name]
        assert (await files.get(name)).content == CONTENT


class TestList:
    async def test_items_and_their_links(self, files: Files) -> None:
        await files.put("b.png", CONTENT)
        await files.put("a&b.txt", b"text", "text/plain")
        reply = (await files.page()).json()
        assert {name: reply[name] for name in ("page", "size", "total")} == {"page": 1, "size": 2, "total": 2}
        first, second = reply["content"]
        assert first == {
            "file_name": "a&b.txt",
            "file_size": 4,
            "mime_type": "text/plain",
            "link": "http://weft/api/v1/private/attachment/download?workspace_name=default"
            f"&container_id={await files.project_id()}&entity_type=trace&entity_id={files.entity_id}"
            "&file_name=a%26b.txt&mime_type=text%2Fplain",
        }
        assert (await files.client.get(second["link"])).content == CONTENT

    async def test_pages(self, files: Files) -> None:
        for name in "abc":
            await files.put(name, CONTENT)
        reply = (await files.page(page=2, size=2)).json()
        assert (reply["page"], reply["size"], reply["total"]) == (2, 1, 3)
        assert [item["file_name"] for item in reply["content"]] == ["c"]

    async def test_of_another_trace(self, files: Files) -> None:
        await files.put("a", CONTENT)
        assert await Files(files.client, files.project).names() == []
        assert await Files(files.client, files.project, "span", files.entity_id).names() == []

    @pytest.mark.parametrize("missing", ["project_id", "entity_type", "entity_id", "path"])
    async def test_required_parameters(self, files: Files, missing: str) -> None:
        every = {"project_id": new_id(), "path": encoded(), **files.entity}
        query = {name: value for name, value in every.items() if name != missing}
        reply = await files.client.get(f"{PATH}/list", params=query)
        assert message(reply) == (400, f"query param {missing} is required")

    async def test_bad_base_url(self, files: Files) -> None:
        await files.start()
        assert message(await files.page(path="%%")) == (400, "Invalid base URL format")

    async def test_bad_page(self, files: Files) -> None:
        await files.start()
        assert listed(await files.page(page=0)) == (400, ["query param page must be greater than or equal to 1"])


class TestDownload:
    async def test_whole(self, files: Files) -> None:
        await files.put("Größe.html", CONTENT, "text/html")
        reply = await files.get("Größe.html")
        assert (reply.status_code, reply.content) == (200, CONTENT)
        assert reply.headers["Content-Type"] == "text/html"
        assert reply.headers["Content-Length"] == str(len(CONTENT))
        assert reply.headers["Content-Disposition"].startswith('attachment; filename="Gr__e.html"; filename*=UTF-8')
        assert reply.headers["X-Content-Type-Options"] == "nosniff"

    async def test_part(self, files: Files) -> None:
        await files.put("a", CONTENT)
        reply = await files.get("a", {"Range": "bytes=100-199"})
        assert (reply.status_code, reply.content) == (206, CONTENT[100:200])
        assert reply.headers["Content-Range"] == f"bytes 100-199/{len(CONTENT)}"

    async def test_part_outside(self, files: Files) -> None:
        await files.put("a", b"0123456789")
        reply = await files.get("a", {"Range": "bytes=10-"})
        assert message(reply) == (416, "The range is outside the 10 bytes that there are")
        assert reply.headers["Content-Range"] == "bytes */10"

    async def test_what_is_known_already(self, files: Files) -> None:
        await files.put("a", CONTENT)
        etag = (await files.get("a")).headers["ETag"]
        assert (await files.get("a", {"If-None-Match": etag})).status_code == 304
        await files.put("a", b"other")
        assert (await files.get("a", {"If-None-Match": etag})).content == b"other"

    async def test_head(self, files: Files) -> None:
        await files.put("a", CONTENT)
        params = {"container_id": await files.project_id(), "file_name": "a", **files.entity}
        reply = await files.client.head(f"{PATH}/download", params=params)
        assert (reply.status_code, reply.content, reply.headers["Content-Length"]) == (200, b"", str(len(CONTENT)))

    @pytest.mark.parametrize("mime_type", ["text/html\r\nSet-Cookie: a=b", "nonsense", "ü/ü", " "])
    async def test_a_type_that_is_none_is_not_passed_on(self, files: Files, mime_type: str) -> None:
        await files.put("a", CONTENT, mime_type)
        assert (await files.get("a")).headers["Content-Type"] == "application/octet-stream"

    async def test_unknown_name(self, files: Files) -> None:
        await files.start()
        assert message(await files.get("none")) == (404, "Attachment: none not found")

    async def test_lost_bytes(self, files: Files, attachments_dir: Path) -> None:
        await files.put("a", CONTENT)
        place = (await files.get("a")).headers["ETag"].strip('"')
        (attachments_dir / place[:2] / place).unlink()
        assert message(await files.get("a")) == (404, "The content of this attachment is not there any more")


class TestDelete:
    async def test_by_name(self, files: Files, attachments_dir: Path) -> None:
        await files.put("a", CONTENT)
        await files.put("b", CONTENT)
        place = (await files.get("a")).headers["ETag"].strip('"')
        assert (await files.delete("a", "unknown")).status_code == 204
        assert await files.names() == ["b"]
        assert not (attachments_dir / place[:2] / place).exists()

    async def test_every_violation(self, files: Files) -> None:
        assert listed(await files.client.post(f"{PATH}/delete", json={"file_names": []})) == (
            422,
            [
                "fileNames size must be between 1 and 1000",
                "entityType must not be null",
                "entityId must not be null",
                "containerId must not be null",
            ],
        )

    async def test_with_the_trace(self, traces: Records) -> None:
        trace_id = await traces.create()
        files = Files(traces.client, traces.project, entity_id=trace_id)
        await files.put("a", CONTENT)
        await traces.client.delete(f"{traces.path}/{trace_id}")
        assert (await files.get("a")).status_code == 404
