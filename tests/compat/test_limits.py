"""The stock SDK against a server that takes only so much: it waits as it is told, and loses nothing."""

from pathlib import Path

import httpx
from opik import Opik

from tests.compat.server import free_port, serving


def test_what_was_refused_is_sent_again(tmp_path: Path, project: str) -> None:
    with serving(tmp_path, free_port(), {"WEFT_RATE_LIMIT": "workspace=100"}) as server:
        client = Opik(project_name=project, host=server.api)
        for count in (100, 2):
            for number in range(count):
                client.trace(name=f"request {number}")
            assert client.flush()
        assert len(client.search_traces(project)) == 102
        assert client.get_errors_report().failures == ()
        client.end()
        metrics = httpx.get(f"{server.url}/metrics").text
    assert 'route="/v1/private/traces/batch",status="429"' in metrics
