"""The stock clients against a server that needs a key, made by the command while the server runs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from managed_deepagents import Client, ManagedDeepAgentsAPIError
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opik import Attachment, Opik
from opik.rest_api.core.api_error import ApiError

from tests.compat.server import Server, free_port, serving

WRONG = "weft_wrong"


class Keyed(NamedTuple):
    server: Server
    key: str


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    """A server whose one key is that of the workspace `team`."""
    folder = tmp_path_factory.mktemp("weft")
    with serving(folder, free_port()) as server:
        weft(folder, "workspaces", "create", "team")
        key = weft(folder, "keys", "create", "--workspace", "team", "--user", "ada").strip()
        assert httpx.get(f"{server.api}/v1/private/auth/workspace", headers={"Authorization": key}).is_success
        yield Keyed(server, key)


def weft(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "weft", *arguments, "--data-dir", str(folder / "data")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def client_of(keyed: Keyed, project: str, key: str, workspace: str = "team") -> Opik:
    return Opik(project_name=project, host=keyed.server.api, api_key=key, workspace=workspace)


def test_recorded_with_the_right_key(keyed: Keyed, project: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    client = client_of(keyed, project, keyed.key)
    client.auth_check()
    trace = client.trace(name="request", attachments=[Attachment(data=str(tmp_path / "notes.txt"))])
    trace.end()
    assert client.flush()
    assert client.get_trace_content(trace.id).created_by == "ada"
    files = client.get_attachment_client()
    (attachment,) = files.get_attachment_list(project, trace.id, "trace")
    content = files.download_attachment(project, "trace", trace.id, attachment.file_name, attachment.mime_type)
    assert b"".join(content) == b"hello"
    assert client.get_errors_report().failures == ()
    client.end()


@pytest.mark.parametrize(("key", "workspace", "status"), [(WRONG, "team", 401), ("right", "default", 403)])
def test_refused(keyed: Keyed, project: str, key: str, workspace: str, status: int) -> None:
    client = client_of(keyed, project, keyed.key if key == "right" else key, workspace)
    with pytest.raises(ApiError) as refused:
        client.auth_check()
    assert refused.value.status_code == status
    assert refused.value.body == {"code": status, "message": "User not allowed to access workspace"}
    client.end()


def test_agents(keyed: Keyed) -> None:
    with Client(api_url=keyed.server.url, api_key=keyed.key) as client:
        assert client.agents.get(client.agents.create(name="helper")["id"])["name"] == "helper"
    with (
        Client(api_url=keyed.server.url, api_key=WRONG) as client,
        pytest.raises(ManagedDeepAgentsAPIError) as refused,
    ):
        client.agents.list()
    assert (refused.value.status_code, refused.value.code) == (403, None)


def test_open_telemetry(keyed: Keyed, project: str) -> None:
    headers = {"Authorization": keyed.key, "Comet-Workspace": "team", "projectName": project}
    exporter = OTLPSpanExporter(f"{keyed.server.api}/v1/private/otel/v1/traces", headers=headers)
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("shop").start_span("answer").end()
    provider.shutdown()
    client = client_of(keyed, project, keyed.key)
    assert [trace.name for trace in client.search_traces(project)] == ["answer"]
    client.end()
