"""Files that the SDK sends to a bucket itself, in parts, byte for byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from opik import Opik

from tests.compat.server import Server, free_port, serving
from tests.compat.test_attachments import downloaded
from tests.s3_server import BUCKET, S3Server, s3_server

PART_BYTES = 5 * 1024 * 1024  # of the SDK
CONTENT = bytes(range(256)) * (PART_BYTES // 128) + b"and a third part"


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture(scope="module")
def bucket_server(s3: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    variables = {**s3.variables, "WEFT_ATTACHMENTS": f"s3://{BUCKET}/weft"}
    with serving(tmp_path_factory.mktemp("weft"), free_port(), variables) as server:
        yield server


@pytest.fixture
def bucket_client(bucket_server: Server, project: str) -> Iterator[Opik]:
    client = Opik(project_name=project, host=bucket_server.api)
    yield client
    client.end()


@pytest.mark.parametrize("size", [1, PART_BYTES, len(CONTENT)], ids=["small", "one part", "three parts"])
def test_a_file_goes_to_the_bucket_in_parts_and_comes_back(
    bucket_client: Opik, s3: S3Server, project: str, tmp_path: Path, size: int
) -> None:
    path = tmp_path / "größe 1.bin"
    path.write_bytes(CONTENT[:size])
    before = set(s3.keys())
    trace = bucket_client.trace(name="with a file")
    files = bucket_client.get_attachment_client()
    files.upload_attachment(project, "trace", trace.id, str(path), mime_type="text/plain")
    assert bucket_client.flush()

    assert downloaded(bucket_client, project, "trace", trace.id) == {path.name: CONTENT[:size]}
    [key] = set(s3.keys()) - before
    parts = -(-size // PART_BYTES)
    assert s3.client.head_object(Bucket=BUCKET, Key=key)["ETag"].endswith(f'-{parts}"')
    assert s3.unfinished() == []


def test_a_deleted_trace_takes_its_file_out_of_the_bucket(
    bucket_client: Opik, s3: S3Server, project: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"content")
    trace = bucket_client.trace(name="short-lived")
    assert bucket_client.flush()
    before = s3.keys()
    bucket_client.get_attachment_client().upload_attachment(project, "trace", trace.id, str(path))
    assert len(s3.keys()) == len(before) + 1

    bucket_client.rest_client.traces.delete_trace_by_id(trace.id)
    assert s3.keys() == before
