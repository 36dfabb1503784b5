"""Files through the SDK, byte for byte."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from opik import Attachment, Opik

from tests.compat.server import Server
from tests.compat.test_command_line import opik

CONTENT = bytes(range(256)) * 5000
PNG = b"\x89PNG\r\n\x1a\n" + CONTENT
QUESTION = {"image": f"data:image/png;base64,{b64encode(PNG).decode()}"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "größe 1.bin"
    path.write_bytes(CONTENT)
    return path


def downloaded(client: Opik, project: str, entity: Literal["trace", "span"], id: str) -> dict[str, bytes]:
    """The content of each attachment, by name."""
    files = client.get_attachment_client()
    found = files.get_attachment_list(project, id, entity)
    return {
        item.file_name: b"".join(files.download_attachment(project, entity, id, item.file_name, item.mime_type))
        for item in found
    }


def test_attachments_of_a_trace_and_a_span(client: Opik, project: str, file: Path) -> None:
    trace = client.trace(name="with files", attachments=[Attachment(data=str(file), content_type="image/png")])
    span = trace.span(name="inner", attachments=[Attachment(data=str(file), file_name="other.pdf")])
    span.end()
    trace.end()
    assert client.flush()

    assert downloaded(client, project, "trace", trace.id) == {file.name: CONTENT}
    assert downloaded(client, project, "span", span.id) == {"other.pdf": CONTENT}
    [item] = client.get_attachment_client().get_attachment_list(project, trace.id, "trace")
    assert (item.mime_type, item.file_size) == ("image/png", len(CONTENT))


def test_attachment_client(batching_client: Opik, project: str, file: Path) -> None:
    trace = batching_client.trace(name="bare")
    assert batching_client.flush()
    files = batching_client.get_attachment_client()
    for name in ("a.bin", "b.bin", "a.bin"):
        files.upload_attachment(project, "trace", trace.id, str(file), file_name=name, mime_type="text/plain")

    assert downloaded(batching_client, project, "trace", trace.id) == {"a.bin": CONTENT, "b.bin": CONTENT}


def test_files_that_the_sdk_takes_out_of_payloads(batching_client: Opik, project: str) -> None:
    now = datetime.now(UTC)
    trace = batching_client.trace(name="whole", input=QUESTION, start_time=now, end_time=now)
    assert batching_client.flush()

    [(name, content)] = downloaded(batching_client, project, "trace", trace.id).items()
    assert name.endswith("-sdk.png")
    assert content == PNG
    assert f"[{name}]" in str(batching_client.get_trace_content(trace.id).input)


def test_files_that_the_server_takes_out_of_payloads(batching_client: Opik, project: str) -> None:
    """The SDK looks only into what has ended."""
    trace = batching_client.trace(name="started", input=QUESTION)
    assert batching_client.flush()

    [(name, content)] = downloaded(batching_client, project, "trace", trace.id).items()
    assert not name.endswith("-sdk.png")
    assert content == PNG
    assert batching_client.get_trace_content(trace.id).input == QUESTION
    [found] = batching_client.search_traces(project_name=project, truncate=False)
    assert found.input == QUESTION


def test_smoke_test_leaves_its_trace_span_and_attachment(tmp_path: Path, server: Server) -> None:
    """Its own look-up fails against any server, as it closes its client first; what it has sent is looked at here."""
    opik(tmp_path, "healthcheck", "--smoke-test", "default", OPIK_URL_OVERRIDE=server.api)

    client = Opik(project_name="smoke-test-project", host=server.api)
    [trace] = client.search_traces(project_name="smoke-test-project")
    [span] = client.search_spans(project_name="smoke-test-project", trace_id=trace.id)
    assert trace.end_time is not None
    assert span.end_time is not None
    [content] = downloaded(client, "smoke-test-project", "span", str(span.id)).values()
    assert content.startswith(PNG[:8])
    client.end()
