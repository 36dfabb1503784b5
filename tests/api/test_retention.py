"""How many days projects are kept, and what would go."""

from typing import Any

import httpx
import pytest

from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

RETENTION = "/v1/private/retention"
OLD_MS = 1_700_000_000_000


@pytest.fixture
def path(project_id: str) -> str:
    return f"/v1/private/projects/{project_id}/retention"


@pytest.fixture
async def project_id(client: httpx.AsyncClient, project: str) -> str:
    created = await client.post("/v1/private/projects", json={"name": project})
    return created.headers["Location"].rpartition("/")[2]


class TestGet:
    async def test_a_project_follows_the_default(self, client: httpx.AsyncClient, path: str) -> None:
        assert (await client.get(path)).json() == {"days": None, "effective_days": 0}

    async def test_of_an_unknown_project(self, client: httpx.AsyncClient) -> None:
        assert (await client.get(f"/v1/private/projects/{new_id()}/retention")).status_code == 404


class TestPut:
    async def test_days_of_its_own_and_back(self, client: httpx.AsyncClient, path: str) -> None:
        assert (await client.put(path, json={"days": 30})).json() == {"days": 30, "effective_days": 30}
        assert (await client.get(path)).json() == {"days": 30, "effective_days": 30}
        assert (await client.put(path, json={"days": None})).json() == {"days": None, "effective_days": 0}
        assert (await client.get(path)).json() == {"days": None, "effective_days": 0}

    @pytest.mark.parametrize(("days", "status"), [(-1, 422), (36_501, 422), ("30", 400), (1.5, 400)])
    async def test_days_that_are_none(self, client: httpx.AsyncClient, path: str, days: Any, status: int) -> None:
        assert (await client.put(path, json={"days": days})).status_code == status
        assert (await client.get(path)).json()["days"] is None

    async def test_of_an_unknown_project(self, client: httpx.AsyncClient) -> None:
        reply = await client.put(f"/v1/private/projects/{new_id()}/retention", json={"days": 1})
        assert reply.status_code == 404


class TestWorkspace:
    """On a registry of its own, as the days of the workspace are everybody's."""

    async def test_what_is_set_and_back(self, registry_client: httpx.AsyncClient) -> None:
        created = await registry_client.post("/v1/private/projects", json={"name": "demo"})
        id = created.headers["Location"].rpartition("/")[2]
        default = {"days": None, "effective_days": 0, "server_days": 0}
        project = {"project_id": id, "project_name": "demo", "days": None}
        assert (await registry_client.get(RETENTION)).json() == {
            **default,
            "projects": [{**project, "effective_days": 0}],
        }

        reply = await registry_client.put(RETENTION, json={"days": 90})
        assert (reply.status_code, reply.json()) == (200, {"days": 90, "effective_days": 90})
        own = {"days": 90, "effective_days": 90, "server_days": 0}
        assert (await registry_client.get(RETENTION)).json() == {**own, "projects": [{**project, "effective_days": 90}]}
        of_project = f"/v1/private/projects/{id}/retention"
        assert (await registry_client.get(of_project)).json() == {"days": None, "effective_days": 90}
        assert (await registry_client.put(of_project, json={"days": 0})).json() == {"days": 0, "effective_days": 0}
        assert (await registry_client.put(of_project, json={"days": None})).json()["effective_days"] == 90

        assert (await registry_client.put(RETENTION, json={"days": None})).json() == {"days": None, "effective_days": 0}

    @pytest.mark.parametrize(("body", "status"), [({"days": -1}, 422), ({"days": 36_501}, 422), ({"days": "9"}, 400)])
    async def test_days_that_are_none(
        self, registry_client: httpx.AsyncClient, body: dict[str, Any], status: int
    ) -> None:
        assert (await registry_client.put(RETENTION, json=body)).status_code == status
        assert (await registry_client.get(RETENTION)).json()["days"] is None


class TestPreview:
    async def test_what_would_go_with_other_days(
        self, client: httpx.AsyncClient, project: str, project_id: str
    ) -> None:
        for id in (new_id(OLD_MS), new_id()):
            trace = {"id": id, "project_name": project, "start_time": "2026-01-02T03:04:05Z", "thread_id": "one"}
            await client.post("/v1/private/traces", json=trace)
        reply = await client.post(f"{RETENTION}/preview", json={"change": {"project_id": project_id, "days": 30}})
        (found,) = reply.json()["projects"]
        assert found.pop("bytes") >= 0
        assert found == {
            "project_id": project_id,
            "project_name": project,
            "days": 30,
            **{"traces": 1, "spans": 0, "threads": 0, "scores": 0, "comments": 0, "attachments": 0},
        }
        assert (reply.json()["agent_threads"], reply.json()["agent_runs"]) == (0, 0)

        of_all = (await client.post(f"{RETENTION}/preview", json={"change": {"days": 30}})).json()["projects"]
        assert {one["project_id"]: one["traces"] for one in of_all}[project_id] == 1
        as_set = (await client.post(f"{RETENTION}/preview", json={})).json()["projects"]
        assert project_id not in {one["project_id"] for one in as_set}

    @pytest.mark.parametrize("days", [0, None])
    async def test_nothing_where_it_is_kept_for_good(
        self, client: httpx.AsyncClient, project_id: str, days: int | None
    ) -> None:
        reply = await client.post(f"{RETENTION}/preview", json={"change": {"project_id": project_id, "days": days}})
        assert reply.json() == {"projects": [], "agent_threads": 0, "agent_runs": 0}

    async def test_of_an_unknown_project(self, client: httpx.AsyncClient) -> None:
        id = new_id()
        reply = await client.post(f"{RETENTION}/preview", json={"change": {"project_id": id, "days": 1}})
        assert (reply.status_code, reply.json()["message"]) == (404, f"Project id: {id} not found")

    @pytest.mark.parametrize(
        ("change", "status"), [({"days": -1}, 422), ({}, 400), ({"days": 1, "project_id": "demo"}, 400)]
    )
    async def test_changes_that_are_none(self, client: httpx.AsyncClient, change: dict[str, Any], status: int) -> None:
        assert (await client.post(f"{RETENTION}/preview", json={"change": change})).status_code == status
