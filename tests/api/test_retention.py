"""How many days a project is kept."""

from typing import Any

import httpx
import pytest

from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
