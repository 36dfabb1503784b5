"""Rate limits as clients meet them (Opik's contract, A.10)."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from tests.api.keyed import AGENTS, PROJECTS, Keyed
from weft.registry import open_registry
from weft.settings import Settings

DEFINITIONS = "/v1/private/feedback-definitions"


@pytest.fixture
async def keyed(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Keyed]:
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield Keyed.of(registry, Settings(rate_limit="workspace=2"))
    await registry.close()


async def test_refused_in_the_shape_of_each_api_and_told_when_to_come_again(keyed: Keyed) -> None:
    for name in ("a", "b"):
        assert (await keyed.post(PROJECTS, {"name": name})).status_code == 201
    reply = await keyed.post(PROJECTS, {"name": "c"})
    assert (reply.status_code, reply.json()["code"]) == (429, 429)
    assert reply.json()["message"].startswith("Too Many Requests: ")
    assert reply.headers["Opik-Workspace-Limit"] == "workspace_events"
    flat = await keyed.post(AGENTS, {"name": "demo"}, x_api_key="any")
    assert (flat.status_code, flat.json()["code"]) == (429, "rate_limited")
    for refused in (reply, flat):
        assert refused.headers["RateLimit-Reset"] == refused.headers["Retry-After"]
        assert 1 <= int(refused.headers["Retry-After"]) <= 30


async def test_a_batch_counts_its_items(keyed: Keyed) -> None:
    ids = [f"018bcfe5-6800-7000-8000-00000000000{digit}" for digit in range(3)]
    assert (await keyed.post(f"{DEFINITIONS}/delete", {"ids": ids[:2]})).status_code == 204
    assert (await keyed.post(f"{DEFINITIONS}/delete", {"ids": ids[:1]})).status_code == 429


async def test_what_cannot_be_read_counts_for_nothing(keyed: Keyed) -> None:
    for _ in range(3):
        assert (await keyed.post(PROJECTS, {"name": ""})).status_code == 422
    assert (await keyed.post(PROJECTS, {"name": "a"})).status_code == 201


async def test_spans_of_otlp_count_one_by_one(keyed: Keyed) -> None:
    spans = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    body = {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
    assert (await keyed.post("/v1/private/otel/v1/traces", body)).status_code == 200
    assert (await keyed.post("/v1/private/otel/v1/traces", body)).status_code == 429
