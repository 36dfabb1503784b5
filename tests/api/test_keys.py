"""API keys (Opik's contract, A.2; Managed Deep Agents' contract, A.1 and A.2)."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from tests.api.keyed import AGENTS, PROJECTS, Keyed
from weft.registry import open_registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID
from weft.settings import Settings

REFUSED = {"message": "User not allowed to access workspace"}


@pytest.fixture
async def keyed(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Keyed]:
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield Keyed.of(registry, Settings())
    await registry.close()


class TestOpik:
    @pytest.mark.parametrize("form", ["{}", "Bearer {}", "bearer  {}"])
    @pytest.mark.parametrize("workspace", [{}, {"comet_workspace": "team"}, {"comet_workspace": " "}])
    async def test_a_key_opens_its_workspace(self, keyed: Keyed, form: str, workspace: dict[str, str]) -> None:
        key = form.format(await keyed.key("team"))
        reply = await keyed.get("/api/v1/private/auth/workspace", authorization=key, **workspace)
        assert (reply.status_code, reply.json()) == (200, {"workspace_name": "team"})

    @pytest.mark.parametrize("sent", [{}, {"authorization": "weft_wrong"}, {"authorization": "Bearer"}])
    async def test_no_key_and_a_wrong_one_are_refused(self, keyed: Keyed, sent: dict[str, str]) -> None:
        await keyed.key()
        reply = await keyed.get(PROJECTS, comet_workspace="default", **sent)
        assert (reply.status_code, reply.json()) == (401, {"code": 401, **REFUSED})

    @pytest.mark.parametrize("other", ["default", "nowhere"])
    async def test_another_workspace_is_refused(self, keyed: Keyed, other: str) -> None:
        reply = await keyed.get(PROJECTS, authorization=await keyed.key("team"), comet_workspace=other)
        assert (reply.status_code, reply.json()) == (403, {"code": 403, **REFUSED})

    async def test_the_workspace_of_a_link_counts(self, keyed: Keyed) -> None:
        key = await keyed.key("team")
        statuses = [
            (await keyed.get(f"{PROJECTS}/retrieve?workspace_name={name}", authorization=key)).status_code
            for name in ("team", "default")
        ]
        assert statuses == [404, 403]

    async def test_who_works_with_a_key_is_the_author(self, keyed: Keyed) -> None:
        key = await keyed.key(user="grace")
        assert (await keyed.post(PROJECTS, {"name": "demo"}, authorization=key)).status_code == 201
        project = await keyed.registry.projects.find_by_name(DEFAULT_WORKSPACE_ID, "demo")
        assert project is not None
        assert project.created_by == "grace"

    async def test_what_comes_by_otlp_needs_one(self, keyed: Keyed) -> None:
        key, path = await keyed.key("team"), "/v1/private/otel/v1/traces"
        assert (await keyed.post(path, {"resourceSpans": []})).status_code == 401
        headers = {"authorization": key, "comet_workspace": "team"}
        assert (await keyed.post(path, {"resourceSpans": []}, **headers)).status_code == 200


class TestDeepAgents:
    @pytest.mark.parametrize("header", [{"x_api_key": "{}"}, {"authorization": "Bearer {}"}])
    async def test_a_key_opens_its_workspace(self, keyed: Keyed, header: dict[str, str]) -> None:
        key = await keyed.key()
        for tenant in ({}, {"x_tenant_id": DEFAULT_WORKSPACE_ID}, {"x_tenant_id": "default"}):
            sent = {name: form.format(key) for name, form in header.items()}
            assert (await keyed.get(AGENTS, **sent, **tenant)).status_code == 200

    @pytest.mark.parametrize("path", [AGENTS, "/v1/fleet/agents", "/v1/platform/hub/repos/-/x/directories"])
    async def test_no_key_is_unauthorized_and_a_wrong_one_forbidden(self, keyed: Keyed, path: str) -> None:
        await keyed.key()
        none, wrong = await keyed.get(path), await keyed.get(path, x_api_key="weft_wrong")
        assert (none.status_code, none.json()) == (401, {"error": "Unauthorized"})
        assert (wrong.status_code, wrong.json()) == (403, {"error": "Forbidden"})

    async def test_another_tenant_is_forbidden(self, keyed: Keyed) -> None:
        reply = await keyed.get(AGENTS, x_api_key=await keyed.key("team"), x_tenant_id=DEFAULT_WORKSPACE_ID)
        assert (reply.status_code, reply.json()) == (403, {"error": "Forbidden"})


class TestInForce:
    async def test_without_any_key_everyone_works_in_the_default_workspace(self, keyed: Keyed) -> None:
        reply = await keyed.get("/v1/private/auth/workspace", authorization="any", comet_workspace="team")
        assert reply.json() == {"workspace_name": "default"}

    async def test_the_last_key_revoked_opens_nothing(self, keyed: Keyed) -> None:
        key = await keyed.key()
        await keyed.registry.api_keys.revoke(key)
        assert [(await keyed.get(PROJECTS, **sent)).status_code for sent in ({}, {"authorization": key})] == [401, 401]

    @pytest.mark.parametrize("settings", [Settings(host="0.0.0.0"), Settings(host="example.org")])
    async def test_where_others_can_reach_the_server_it_always_needs_one(
        self, keyed: Keyed, settings: Settings
    ) -> None:
        assert (await Keyed.of(keyed.registry, settings).get(PROJECTS)).status_code == 401

    async def test_unless_everyone_is_trusted(self, keyed: Keyed) -> None:
        trusting = Keyed.of(keyed.registry, Settings(host="0.0.0.0", allow_unauthenticated=True))
        assert (await trusting.get("/v1/private/auth/workspace")).status_code == 200
        await keyed.key()
        assert (await Keyed.of(keyed.registry, Settings()).get(PROJECTS)).status_code == 401

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/is-alive/ping", 200),
            ("/api/is-alive/ver", 200),
            ("/health-check", 200),
            ("/openapi.json", 200),
            ("/v1/session", 200),
            ("/v1/session/redirect/projects?trace_id=0198c7d2-0000-7000-8000-000000000000", 302),
            ("/v1/deepagents/oauth/callback?state=x", 400),
            ("/metrics", 401),
            ("/v1/private/toggles", 401),
        ],
    )
    async def test_what_is_open(self, keyed: Keyed, path: str, status: int) -> None:
        await keyed.key()
        assert (await keyed.get(path)).status_code == status
