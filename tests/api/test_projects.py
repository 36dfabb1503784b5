"""The projects API, in process on the embedded engines."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.http_client import SMALL
from weft.api.opik.projects import ROUTES
from weft.api.opik.routes import OPIK
from weft.app import create_app, services_of
from weft.core.projects import delete_projects
from weft.errors import StoreUnavailable
from weft.model.ids import new_id
from weft.model.trace import Trace
from weft.registry import Registry, open_registry
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE
from weft.store.contract import Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.engine import Engine
from weft.store.sql_store import SqlStore

PROJECTS = "/v1/private/projects"


class StoreWithLateWrite(SqlStore):
    """A write that looked its project up before the deletion, and lands once the records have gone."""

    late: Trace | None = None

    async def delete_project(self, workspace_id: str, project_id: str) -> None:
        await super().delete_project(workspace_id, project_id)
        late, self.late = self.late, None
        if late is not None:
            await self.put_traces([late])


class FailingStore(SqlStore):
    async def delete_project(self, workspace_id: str, project_id: str) -> None:
        raise StoreUnavailable(reason="disk is full")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    path = tmp_path / "traces.duckdb"
    engine = await open_duckdb(path, memory_limit="256MB", reader_threads=1, query_timeout_s=30.0)
    yield engine
    await engine.close()


@pytest.fixture
def store(engine: Engine) -> Store:
    return SqlStore(engine)


@pytest.fixture
async def registry(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Registry]:
    registry = await open_registry(copy(empty_registry, tmp_path / "registry.sqlite"))
    yield registry
    await registry.close()


@pytest.fixture
async def client(store: Store, registry: Registry) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(SMALL, services_of(SMALL, store, registry), [replace(OPIK, routes=ROUTES)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://weft") as client:
        yield client


async def create(client: httpx.AsyncClient, name: str, **fields: object) -> str:
    """The id of a new project."""
    reply = await client.post(PROJECTS, json={"name": name, **fields})
    assert reply.status_code == 201
    return reply.headers["Location"].removeprefix(f"http://weft{PROJECTS}/")


def make_trace(project_id: str, written_at_us: int) -> Trace:
    return Trace(
        WORKSPACE,
        project_id,
        new_id(),
        start_time=1,
        created_at=written_at_us,
        created_by="admin",
        last_updated_at=written_at_us,
        last_updated_by="admin",
        create_stamp=written_at_us,
    )


async def found(client: httpx.AsyncClient, **query: object) -> list[str]:
    """The names of the projects on a page."""
    reply = await client.get(PROJECTS, params={name: str(value) for name, value in query.items()})
    assert reply.status_code == 200
    return [project["name"] for project in reply.json()["content"]]


def sorted_by(field: str, direction: str = "ASC") -> str:
    return json.dumps([{"field": field, "direction": direction}])


def errors(reply: httpx.Response) -> tuple[int, Sequence[str]]:
    return reply.status_code, reply.json()["errors"]


class TestCreate:
    async def test_location_names_the_new_project(self, client: httpx.AsyncClient) -> None:
        reply = await client.post(f"/api{PROJECTS}", json={"name": "demo"})
        assert (reply.status_code, reply.content) == (201, b"")
        assert (await client.get(reply.headers["Location"])).json()["name"] == "demo"

    async def test_a_name_that_is_taken_conflicts(self, client: httpx.AsyncClient) -> None:
        await create(client, "Demo")
        assert errors(await client.post(PROJECTS, json={"name": " demo "})) == (409, ["Project already exists"])

    @pytest.mark.parametrize(
        ("body", "violation"),
        [
            ({}, "name must not be blank"),
            ({"name": None}, "name must not be blank"),
            ({"name": " \t"}, "name must not be blank"),
            ({"name": "a", "description": "x" * 256}, "description size must be between 0 and 255"),
        ],
    )
    async def test_violations(self, client: httpx.AsyncClient, body: dict[str, Any], violation: str) -> None:
        assert errors(await client.post(PROJECTS, json=body)) == (422, [violation])

    async def test_an_unknown_visibility_is_a_bad_request(self, client: httpx.AsyncClient) -> None:
        reply = await client.post(PROJECTS, json={"name": "a", "visibility": "secret"})
        assert reply.status_code == 400


class TestGet:
    async def test_shows_what_was_written_and_leaves_out_what_is_not_there(self, client: httpx.AsyncClient) -> None:
        project = (await client.get(f"{PROJECTS}/{await create(client, ' demo ')}")).json()
        assert project.keys() == {
            "id", "name", "visibility", "created_at", "created_by", "last_updated_at", "last_updated_by"
        }  # fmt: skip
        assert (project["name"], project["visibility"], project["created_by"]) == ("demo", "private", "admin")
        assert project["created_at"].endswith("Z")

    async def test_shows_when_a_trace_was_last_written(self, client: httpx.AsyncClient, store: Store) -> None:
        id = await create(client, "demo", visibility="public", description="text")
        await store.put_traces([make_trace(id, written_at_us=1_700_000_000_000_001)])
        project = (await client.get(f"{PROJECTS}/{id}")).json()
        assert project["last_updated_trace_at"] == "2023-11-14T22:13:20.000001Z"
        assert (project["visibility"], project["description"]) == ("public", "text")

    async def test_an_unknown_id_of_any_version_is_not_found(self, client: httpx.AsyncClient) -> None:
        id = uuid4()
        reply = await client.get(f"{PROJECTS}/{id}")
        assert reply.status_code == 404
        assert reply.json() == {"code": 404, "message": f"Project id: {id} not found"}


class TestFind:
    async def test_the_envelope(self, client: httpx.AsyncClient) -> None:
        for name in ("a", "b", "c"):
            await create(client, name)
        page = (await client.get(PROJECTS, params={"page": 2, "size": 2})).json()
        assert [project["name"] for project in page.pop("content")] == ["a"]
        assert page == {
            "page": 2,
            "size": 1,
            "total": 3,
            "sortable_by": ["name", "created_at", "last_updated_at", "last_updated_trace_at"],
        }

    async def test_no_projects_yet(self, client: httpx.AsyncClient) -> None:
        page = (await client.get(PROJECTS, params={"sorting": sorted_by("created_at", "DESC")})).json()
        assert (page["size"], page["total"], page["content"]) == (0, 0, [])

    async def test_by_part_of_a_name(self, client: httpx.AsyncClient) -> None:
        for name in ("Étude 100%", "other"):
            await create(client, name)
        assert await found(client, name="étude") == ["Étude 100%"]
        assert await found(client, name="%") == ["Étude 100%"]
        assert await found(client, name="") == ["other", "Étude 100%"]

    async def test_sorted(self, client: httpx.AsyncClient) -> None:
        for name in ("b", "A", "c"):
            await create(client, name)
        assert await found(client, sorting=sorted_by("name")) == ["A", "b", "c"]
        assert await found(client, sorting=sorted_by("created_at", "DESC")) == ["c", "A", "b"]
        assert await found(client, sorting=sorted_by("nothing")) == ["c", "A", "b"]

    async def test_sorted_by_the_last_trace_a_project_without_one_counts_with_its_own_time(
        self, client: httpx.AsyncClient, store: Store
    ) -> None:
        ids = {name: await create(client, name) for name in ("future", "past", "none")}
        await store.put_traces([make_trace(ids["past"], written_at_us=1)])
        await store.put_traces([make_trace(ids["future"], written_at_us=4_000_000_000_000_000)])
        assert await found(client, sorting=sorted_by("last_updated_trace_at")) == ["past", "none", "future"]
        assert await found(client, sorting=sorted_by("last_updated_trace_at", "DESC"), page=2, size=1) == ["none"]

    async def test_malformed_sorting_is_a_bad_request(self, client: httpx.AsyncClient) -> None:
        reply = await client.get(PROJECTS, params={"sorting": "[{"})
        assert reply.status_code == 400
        assert reply.json()["message"] == "Invalid sorting query parameter '[{'"

    async def test_pages_and_sizes_below_one(self, client: httpx.AsyncClient) -> None:
        status, texts = errors(await client.get(PROJECTS, params={"page": 0, "size": 0}))
        assert (status, sorted(texts)) == (
            400,
            [f"query param {name} must be greater than or equal to 1" for name in ("page", "size")],
        )


class TestUpdate:
    async def test_sets_what_is_given(self, client: httpx.AsyncClient) -> None:
        id = await create(client, "demo", description="text")
        reply = await client.patch(f"{PROJECTS}/{id}", json={"name": "Demo 2", "description": None})
        assert (reply.status_code, reply.content) == (204, b"")
        project = (await client.get(f"{PROJECTS}/{id}")).json()
        assert (project["name"], project["description"], project["visibility"]) == ("Demo 2", "text", "private")

    async def test_refusals(self, client: httpx.AsyncClient) -> None:
        await create(client, "taken")
        path = f"{PROJECTS}/{await create(client, 'demo')}"
        assert errors(await client.patch(path, json={"name": "TAKEN"})) == (409, ["Project already exists"])
        assert errors(await client.patch(path, json={"name": " "})) == (422, ["name must not be blank"])
        assert (await client.patch(f"{PROJECTS}/{new_id()}", json={"name": "a"})).status_code == 404


class TestDelete:
    async def test_a_project_goes_with_its_traces(self, client: httpx.AsyncClient, store: Store) -> None:
        gone, kept = await create(client, "gone"), await create(client, "kept")
        await store.put_traces([make_trace(gone, written_at_us=1), make_trace(kept, written_at_us=2)])
        for _ in range(2):
            assert (await client.delete(f"{PROJECTS}/{gone}")).status_code == 204
        assert await found(client) == ["kept"]
        assert await store.last_trace_times(WORKSPACE) == {kept: 2}

    async def test_a_write_under_way_leaves_nothing_behind(self, engine: Engine, registry: Registry) -> None:
        store = StoreWithLateWrite(engine)
        project = await registry.projects.ensure(WORKSPACE, "demo", "admin")
        store.late = make_trace(project.id, written_at_us=1)
        await delete_projects(registry, store, WORKSPACE, [project.id])
        assert await store.last_trace_times(WORKSPACE) == {}

    async def test_a_project_whose_traces_could_not_be_deleted_stays(self, engine: Engine, registry: Registry) -> None:
        project = await registry.projects.ensure(WORKSPACE, "demo", "admin")
        with pytest.raises(StoreUnavailable):
            await delete_projects(registry, FailingStore(engine), WORKSPACE, [project.id])
        assert await registry.projects.get(WORKSPACE, project.id) == project

    async def test_several_at_once_unknown_ids_passed_over(self, client: httpx.AsyncClient) -> None:
        ids = [await create(client, name) for name in ("a", "b", "c")]
        reply = await client.post(f"{PROJECTS}/delete", json={"ids": [*ids[:2], new_id()]})
        assert (reply.status_code, await found(client)) == (204, ["c"])

    @pytest.mark.parametrize(
        ("body", "violation"),
        [({}, "ids must not be null"), ({"ids": []}, "ids size must be between 1 and 1000")],
    )
    async def test_violations(self, client: httpx.AsyncClient, body: dict[str, Any], violation: str) -> None:
        assert errors(await client.post(f"{PROJECTS}/delete", json=body)) == (422, [violation])


class TestRetrieve:
    @pytest.mark.parametrize("extra", [{}, {"include_stats": True}, {"includeStats": False}])
    async def test_by_name_whatever_its_case(self, client: httpx.AsyncClient, extra: dict[str, Any]) -> None:
        id = await create(client, "Demo")
        reply = await client.post(f"{PROJECTS}/retrieve", json={"name": " dEMO ", **extra})
        assert (reply.status_code, reply.json()["id"]) == (200, id)

    async def test_an_unknown_name_is_not_found_and_not_made(self, client: httpx.AsyncClient) -> None:
        reply = await client.post(f"{PROJECTS}/retrieve", json={"name": "nowhere"})
        assert errors(reply) == (404, ["Project not found"])
        assert await found(client) == []

    async def test_a_blank_name(self, client: httpx.AsyncClient) -> None:
        reply = await client.post(f"{PROJECTS}/retrieve", json={"name": ""})
        assert errors(reply) == (422, ["name must not be blank"])
