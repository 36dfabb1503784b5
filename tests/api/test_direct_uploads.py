"""Attachments that the client sends to a bucket itself: three requests to the server and to the bucket, of parts."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.api.attachment_calls import PATH, Files
from tests.api.http_client import HOSTS
from tests.api.records import listed, message
from tests.s3_server import BUCKET, S3Server, s3_server
from weft.app import create_app, open_services, vault_of
from weft.model.ids import new_id
from weft.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024
PARTS = (b"1" * 5 * MIB, b"2" * 5 * MIB, b"end")  # S3 wants at least 5 MiB of all but the last
MAX_BYTES = 11 * MIB


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with s3_server() as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.variables.items():
            patch.setenv(name, value)
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(s3: S3Server, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """Of an application with its attachments in a bucket."""
    folder = tmp_path_factory.mktemp("weft")
    bucket = f"s3://{BUCKET}/api"
    settings = Settings(data_dir=folder, attachments=bucket, allowed_hosts=HOSTS, max_attachment_bytes=MAX_BYTES)
    async with open_services(settings) as services:
        transport = httpx.ASGITransport(create_app(settings, services))
        async with httpx.AsyncClient(transport=transport, base_url="http://weft") as client:
            yield client


@pytest.fixture
def files(client: httpx.AsyncClient, project: str) -> Files:
    """Of a trace that need not exist."""
    return Files(client, project)


@pytest_asyncio.fixture(loop_scope="module")
async def bucket() -> AsyncIterator[httpx.AsyncClient]:
    """What clients know of the bucket: how to reach it, and no key."""
    async with httpx.AsyncClient() as client:
        yield client


async def send(files: Files, bucket: httpx.AsyncClient, *parts: bytes) -> dict[str, object]:
    """Starts the upload of a.png, sends the parts and gives what completes it."""
    started = (await files.start(num_of_file_parts=len(parts))).json()
    replies = [await bucket.put(url, content=part) for url, part in zip(started["pre_sign_urls"], parts, strict=True)]
    sent = [{"e_tag": reply.headers["ETag"], "part_number": number} for number, reply in enumerate(replies, 1)]
    return {"upload_id": started["upload_id"], "uploaded_file_parts": sent}


async def complete(files: Files, upload: dict[str, object], **fields: object) -> httpx.Response:
    body = {"file_name": "a.png", "project_name": files.project, "mime_type": "image/png", **files.entity}
    return await files.client.post(f"{PATH}/upload-complete", json={**body, "file_size": 1, **upload, **fields})


class TestStartUpload:
    async def test_a_url_for_each_part(self, files: Files, s3: S3Server) -> None:
        started = (await files.start(num_of_file_parts=3)).json()
        assert started["upload_id"] != "BEMinIO"
        assert [httpx.URL(url).params["partNumber"] for url in started["pre_sign_urls"]] == ["1", "2", "3"]
        assert all(url.startswith(f"{s3.url}/{BUCKET}/api/") for url in started["pre_sign_urls"])

    async def test_a_url_is_for_its_part_alone(self, files: Files, bucket: httpx.AsyncClient) -> None:
        [url] = (await files.start()).json()["pre_sign_urls"]
        assert (await bucket.put(url.replace("partNumber=1", "partNumber=2"), content=b"content")).status_code == 403
        assert (await bucket.get(url)).status_code == 403

    async def test_more_parts_than_the_largest_attachment_has(self, files: Files) -> None:
        assert (await files.start(num_of_file_parts=3)).status_code == 200
        reply = await files.start(num_of_file_parts=4)
        assert message(reply) == (413, f"The attachment is larger than {MAX_BYTES} bytes")

    @pytest.mark.parametrize("parts", [-1, 0, 10_001])
    async def test_parts_that_cannot_be(self, files: Files, parts: int) -> None:
        reply = await files.start(num_of_file_parts=parts)
        assert listed(reply) == (422, ["numOfFileParts must be between 1 and 10000"])


class TestCompleteUpload:
    async def test_the_parts_are_the_attachment(self, files: Files, bucket: httpx.AsyncClient) -> None:
        reply = await complete(files, await send(files, bucket, *PARTS))
        assert (reply.status_code, reply.content) == (204, b"")
        [item] = (await files.page()).json()["content"]
        assert (item["file_name"], item["mime_type"], item["file_size"]) == ("a.png", "image/png", len(b"".join(PARTS)))
        assert (await files.client.get(item["link"])).content == b"".join(PARTS)
        part = await files.get("a.png", {"Range": f"bytes={5 * MIB - 1}-{5 * MIB}"})
        assert (part.status_code, part.content) == (206, b"12")

    async def test_again_changes_nothing(self, files: Files, bucket: httpx.AsyncClient) -> None:
        upload = await send(files, bucket, b"content")
        assert [(await complete(files, upload)).status_code for _ in range(2)] == [204, 204]
        assert (await files.get("a.png")).content == b"content"

    async def test_the_same_name_replaces(self, files: Files, bucket: httpx.AsyncClient, s3: S3Server) -> None:
        before = len(s3.keys())
        for content in (b"old", b"newer"):
            await complete(files, await send(files, bucket, content))
        assert (await files.get("a.png")).content == b"newer"
        assert len(s3.keys()) == before + 1

    async def test_what_is_deleted_stays_so(self, files: Files, bucket: httpx.AsyncClient) -> None:
        upload = await send(files, bucket, b"content")
        await complete(files, upload)
        await files.delete("a.png")
        assert message(await complete(files, upload)) == (404, "Upload not found")
        assert await files.names() == []

    async def test_for_another_file_than_it_was_started_for(self, files: Files, bucket: httpx.AsyncClient) -> None:
        upload = await send(files, bucket, b"content")
        assert message(await complete(files, upload, file_name="b.png")) == (404, "Upload not found")
        assert message(await complete(files, upload, entity_id=new_id())) == (404, "Upload not found")
        assert await files.names() == []
        assert (await complete(files, upload)).status_code == 204

    @pytest.mark.parametrize("upload_id", ["BEMinIO", "../..", f"{'a' * 32}.none", f"{'a' * 32}."])
    async def test_an_upload_that_is_none(self, files: Files, bucket: httpx.AsyncClient, upload_id: str) -> None:
        upload = await send(files, bucket, b"content")
        assert message(await complete(files, upload, upload_id=upload_id)) == (404, "Upload not found")

    async def test_a_part_that_was_not_sent(self, files: Files, bucket: httpx.AsyncClient) -> None:
        upload = await send(files, bucket, b"content")
        reply = await complete(files, upload, uploaded_file_parts=[{"e_tag": '"none"', "part_number": 1}])
        assert reply.status_code == 400
        assert reply.json()["message"].startswith("The upload cannot be completed: ")
        assert await files.names() == []

    async def test_a_part_that_is_too_small(self, files: Files, bucket: httpx.AsyncClient) -> None:
        reply = await complete(files, await send(files, bucket, b"small", b"end"))
        assert reply.status_code == 400

    async def test_too_large(self, files: Files, bucket: httpx.AsyncClient, s3: S3Server) -> None:
        before = s3.keys()
        reply = await complete(files, await send(files, bucket, bytes(MAX_BYTES + 1)))
        assert message(reply) == (413, f"The attachment is larger than {MAX_BYTES} bytes")
        assert await files.names() == []
        assert s3.keys() == before

    async def test_every_violation(self, files: Files) -> None:
        parts = [{"e_tag": "a", "part_number": 0}]
        reply = await files.client.post(f"{PATH}/upload-complete", json={"uploaded_file_parts": parts})
        assert listed(reply) == (
            422,
            [
                "fileName must not be blank",
                "entityType must not be null",
                "entityId must not be null",
                "uploadId must not be blank",
                "partNumber must be between 1 and 10000",
            ],
        )


class TestThroughTheServer:
    """What holds for a folder holds for a bucket."""

    async def test_put(self, files: Files) -> None:
        content = bytes(range(256)) * (36 * 1024)
        assert (await files.put("a.png", content)).status_code == 204
        assert (await files.get("a.png")).content == content

    async def test_deleted(self, files: Files, s3: S3Server) -> None:
        before = s3.keys()
        await files.put("a.png", b"content")
        await files.delete("a.png")
        assert s3.keys() == before

    async def test_lost_bytes(self, files: Files, s3: S3Server) -> None:
        before = set(s3.keys())
        await files.put("a.png", b"content")
        [key] = set(s3.keys()) - before
        s3.client.delete_object(Bucket=BUCKET, Key=key)
        assert message(await files.get("a.png")) == (404, "The content of this attachment is not there any more")


async def test_uploads_go_through_the_server_if_clients_cannot_reach_the_bucket(s3: S3Server, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, attachments=f"s3://{BUCKET}", direct_uploads=False)
    assert vault_of(settings).uploads is None
    assert vault_of(replace(settings, direct_uploads=True)).uploads is not None
