"""What goes once it has been kept long enough, over projects and agents. Everything old here is 10 days old."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from tests.agents.fake_runtime import FakeRuntime
from tests.agents.threads import a_stored_run
from tests.factories import a_span, a_trace
from weft.agents.retention import Retention, RetentionReport
from weft.agents.runs import Runs
from weft.agents.trace_writer import TraceSink
from weft.attachments.vault import Vault
from weft.errors import AgentThreadNotFound, NotFound
from weft.model.agent_thread import AgentThread, ThreadProgress
from weft.model.ids import new_id
from weft.model.instants import now_us
from weft.model.project import Project
from weft.model.retention import FOR_GOOD, RetentionChange
from weft.registry import Registry
from weft.registry.runs import RunQuery
from weft.registry.workspaces import DEFAULT_WORKSPACE_ID as WORKSPACE
from weft.store.contract import Scope, Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

OLD_US = now_us() - 10 * 24 * 3600 * 1_000_000


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    engine = await open_duckdb(tmp_path / "traces.duckdb", memory_limit="1GB", reader_threads=1, query_timeout_s=30)
    opened = SqlStore(engine)
    yield opened
    await opened.close()


@pytest.fixture
async def runs(registry: Registry, store: Store) -> AsyncIterator[Runs]:
    opened = Runs(TraceSink(store, registry, cast(Vault, None)), FakeRuntime().opened)
    yield opened
    await opened.close()


@pytest.fixture
def retention(registry: Registry, store: Store, runs: Runs) -> Retention:
    """By default, everything is kept for a week."""
    return Retention(registry, store, runs, default_days=7)


async def a_project_with_an_old_trace(registry: Registry, store: Store, name: str) -> tuple[Project, str]:
    project = await registry.projects.ensure(WORKSPACE, name, "admin")
    scope = Scope(WORKSPACE, project.id)
    old, new = a_trace(scope, id=new_id(OLD_US // 1000)), a_trace(scope)
    await store.put_traces([old, new])
    await store.put_spans([a_span(scope, trace_id=old.id)])
    return project, old.id


async def an_old_thread(registry: Registry, agent_name: str, workspace_id: str = WORKSPACE) -> AgentThread:
    thread = await registry.agent_threads.create(workspace_id, new_id(), "owner", metadata={"agent_name": agent_name})
    await registry.agent_threads.set_state(thread.id, status="idle", interrupts={}, error=None, at=OLD_US)
    return thread


async def test_what_is_older_than_the_default_goes(registry: Registry, store: Store, retention: Retention) -> None:
    _, old = await a_project_with_an_old_trace(registry, store, "demo")
    preview = await retention.preview()
    report = await retention.run()
    assert report == preview
    assert [(one.project.project_name, one.days, one.expired.traces, one.expired.spans) for one in report.projects] == [
        ("demo", 7, 1, 1)
    ]
    with pytest.raises(NotFound):
        await store.get_trace(WORKSPACE, old)
    assert (await retention.run()).projects == []


@pytest.mark.parametrize("days", [FOR_GOOD, 30])
async def test_the_days_of_a_project_win(registry: Registry, store: Store, retention: Retention, days: int) -> None:
    project, old = await a_project_with_an_old_trace(registry, store, "demo")
    await registry.retention.put(WORKSPACE, project.id, days)
    await retention.run()
    assert (await store.get_trace(WORKSPACE, old)).trace.id == old


async def test_the_days_of_a_workspace_win_over_the_server(
    registry: Registry, store: Store, runs: Runs, retention: Retention
) -> None:
    project, old = await a_project_with_an_old_trace(registry, store, "demo")
    thread = await an_old_thread(registry, "helper")
    await registry.retention.put_workspace(WORKSPACE, FOR_GOOD)
    assert await retention.run() == RetentionReport([], 0, 0)
    assert (await store.get_trace(WORKSPACE, old)).trace.id == old
    assert (await registry.agent_threads.get(WORKSPACE, thread.id)).id == thread.id

    await registry.retention.put_workspace(WORKSPACE, 9)
    report = await Retention(registry, store, runs, FOR_GOOD).run()
    assert [(one.project.project_id, one.days) for one in report.projects] == [(project.id, 9)]
    assert report.agent_threads == 1


@pytest.mark.parametrize(
    ("change", "projects", "threads"),
    [
        (None, {"follows": 7, "own": 5}, 2),
        (RetentionChange(None, 9), {"follows": 9}, 1),
        (RetentionChange(None, 11), {"follows": 11}, 0),
        (RetentionChange(None, None), {"follows": 7}, 1),
        (RetentionChange(None, FOR_GOOD), {}, 0),
        (RetentionChange("own", 9), {"own": 9}, 1),
        (RetentionChange("own", None), {"own": 7}, 1),
        (RetentionChange("own", FOR_GOOD), {}, 0),
    ],
)
async def test_a_preview_is_about_the_change(
    registry: Registry,
    store: Store,
    retention: Retention,
    change: RetentionChange | None,
    projects: dict[str, int],
    threads: int,
) -> None:
    """Of a workspace with two projects and an agent of each, on a server with another workspace."""
    ids = {name: (await a_project_with_an_old_trace(registry, store, name))[0].id for name in ("follows", "own")}
    await registry.retention.put(WORKSPACE, ids["own"], 5)
    team = await registry.workspaces.create("team")
    for workspace_id, agent_name in ((WORKSPACE, "follows"), (WORKSPACE, "own"), (team.id, "own")):
        await an_old_thread(registry, agent_name, workspace_id)
    if change and change.project_id:
        change = change._replace(project_id=ids[change.project_id])
    report = await retention.preview_of(WORKSPACE, change)
    assert {one.project.project_name: one.days for one in report.projects} == projects
    assert all(one.expired.traces == (one.days < 10) for one in report.projects)
    assert (report.agent_threads, report.agent_runs) == (threads, 0)


async def test_threads_of_agents_follow_the_project_of_their_name(registry: Registry, retention: Retention) -> None:
    kept = await registry.projects.ensure(WORKSPACE, "Archivist", "admin")
    await registry.retention.put(WORKSPACE, kept.id, FOR_GOOD)
    stays, goes = await an_old_thread(registry, "archivist"), await an_old_thread(registry, "helper")
    assert (await retention.preview()).agent_threads == 1
    assert (await retention.run()).agent_threads == 1
    assert (await registry.agent_threads.get(WORKSPACE, stays.id)).id == stays.id
    with pytest.raises(AgentThreadNotFound):
        await registry.agent_threads.get(WORKSPACE, goes.id)


async def test_old_runs_of_a_thread_that_goes_on(registry: Registry, retention: Retention) -> None:
    thread = await registry.agent_threads.create(WORKSPACE, new_id(), "owner", metadata={"agent_name": "helper"})
    old = a_stored_run(thread, status="success", updated_at=OLD_US)
    unfinished, new = a_stored_run(thread, updated_at=OLD_US), a_stored_run(thread, status="success")
    for run in (old, unfinished, new):
        await registry.runs.create(run, ThreadProgress("busy", run.created_at))
    assert (await retention.run()).agent_runs == 1
    left = await registry.runs.find(RunQuery(WORKSPACE, thread.id))
    assert {run.id for run in left} == {unfinished.id, new.id}


async def test_a_busy_thread_is_left_alone(registry: Registry, retention: Retention) -> None:
    thread = await an_old_thread(registry, "helper")
    await registry.agent_threads.set_state(thread.id, status="busy", interrupts={}, error=None, at=OLD_US)
    assert (await retention.run()).agent_threads == 0


async def test_nothing_goes_when_everything_is_kept_for_good(registry: Registry, store: Store, runs: Runs) -> None:
    _, old = await a_project_with_an_old_trace(registry, store, "demo")
    thread = await an_old_thread(registry, "helper")
    report = await Retention(registry, store, runs, FOR_GOOD).run()
    assert (report.projects, report.agent_threads, report.agent_runs) == ([], 0, 0)
    assert (await store.get_trace(WORKSPACE, old)).trace.id == old
    assert (await registry.agent_threads.get(WORKSPACE, thread.id)).id == thread.id
