"""What is known of a project without a query is what a query would find, after every kind of write. Of the engine that
nobody else writes to: others keep nothing."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, cast, get_args

import pytest

from tests.factories import (
    a_comment,
    a_guardrail,
    a_patch,
    a_score,
    a_selection,
    a_span,
    a_target,
    a_thread_score,
    a_trace,
    an_occasion,
)
from weft.filters.compile import compile_query, split_query
from weft.filters.fields import THREADS, TRACES
from weft.filters.text import parse_query
from weft.model.feedback_score import EntityType
from weft.model.restored import Restored
from weft.store.contract import Scope, SpanParent, Store
from weft.store.engine import Engine, Params, Rows
from weft.store.recall import Recall
from weft.store.sql_store import SqlStore

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def known(store: Store, project: Scope) -> list[object]:
    """What lists and figures say of a project besides its rows."""
    everything = a_selection(project)
    seen = a_selection(project, where=compile_query(parse_query('comments contains "seen"', TRACES), TRACES))
    where, of_traces = split_query(parse_query('tags contains "seen" or comments contains "seen"', THREADS), THREADS)
    seen_threads = a_selection(project, where=where, of_traces=of_traces)
    where, of_traces = split_query(parse_query('status = "active"', THREADS), THREADS)
    open_threads = a_selection(project, where=where, of_traces=of_traces)
    return [
        *[await store.get_stats(noun, everything) for noun in get_args(EntityType)],
        *[(await store.find_traces(selection)).total for selection in (everything, seen)],
        *[(await store.find_threads(selection)).total for selection in (everything, seen_threads, open_threads)],
        (await store.find_spans(everything)).total,
        await store.usage_names(*project),
    ]


async def writes(store: Store, project: Scope) -> AsyncIterator[tuple[str, Awaitable[object]]]:
    """Each changes what is known."""
    workspace_id, project_id = project
    trace, span = a_trace(project, thread_id="t"), a_span(project, usage={"total_tokens": 7})
    yield "a trace", store.create_trace(trace)
    yield "traces", store.put_traces([a_trace(project, thread_id="u") for _ in range(2)])
    yield "a patch that creates a trace", store.patch_trace(a_target(a_trace(project)), a_patch(name="new"))
    yield "a patch of a trace", store.patch_trace(a_target(trace), a_patch(add=("one",)))
    yield "patches of traces", store.patch_traces(workspace_id, [trace.id], a_patch(add=("two",)))
    yield "a span", store.create_span(a_span(project, trace_id=trace.id))
    yield "spans", store.put_spans([span])
    parent = SpanParent(span.trace_id)
    yield "a patch of a span", store.patch_span(a_target(span), parent, a_patch(usage={"input": 1}))
    yield "patches of spans", store.patch_spans(workspace_id, [span.id], a_patch(add=("three",)))
    yield "scores", store.put_scores([a_score(trace), a_score(span)])
    yield "a score", store.score_entity(a_score(span, "other"))
    yield "a deleted score", store.delete_score(workspace_id, "trace", trace.id, "quality")
    yield "scores of threads", store.put_thread_scores([a_thread_score(project, "t")])
    yield "deleted scores of a thread", store.delete_thread_scores(project, "t", ["quality"])
    comment = a_comment(trace, "unread")
    yield "a guardrail", store.add_guardrails([a_guardrail(trace, "failed")])
    await store.add_comment(comment)
    yield "a changed comment", store.update_comment(workspace_id, "trace", comment.id, a_patch(text="seen"))
    yield "deleted comments", store.delete_comments(workspace_id, "trace", [comment.id])
    yield "a comment", store.add_comment(a_comment(trace, "seen"))
    yield "closed threads", store.close_threads(project, ["t"], an_occasion())
    yield "an opened thread", store.open_thread(project, "t", an_occasion())
    thread_id = await store.thread_model_id(project, "t") or ""
    yield "a patch of a thread", store.patch_thread(workspace_id, thread_id, a_patch(add=("seen",)))
    yield "patches of threads", store.patch_threads(workspace_id, [thread_id], a_patch(remove=("seen",)))
    yield "what is restored", store.restore(Restored(traces=[a_trace(project)], scores=[a_score(trace, "restored")]))
    yield "deleted threads", store.delete_threads(project, ["u"])
    yield "deleted traces, of whatever project", store.delete_traces(workspace_id, [trace.id])
    yield "a deleted project", store.delete_project(workspace_id, project_id)


class Counting:
    """The engine, with its queries counted and, if it is to forget, nothing kept of what they found."""

    def __init__(self, engine: Engine, *, recall: Recall | None) -> None:
        self._engine = engine
        self.recall = recall
        self.queries = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    async def read(self, sql: str, params: Params) -> Rows:
        self.queries += 1
        return await self._engine.read(sql, params)


async def test_after_every_write_it_is_what_a_query_finds(duckdb: Engine, project: Scope) -> None:
    store, forgetful = SqlStore(duckdb), SqlStore(cast(Engine, Counting(duckdb, recall=None)))
    before = await known(store, project)
    async for name, write in writes(store, project):
        await write
        after = await known(store, project)
        assert after == await known(forgetful, project), name
        assert after != before, name
        before = after


async def test_figures_are_queried_once_between_writes(duckdb: Engine, project: Scope) -> None:
    engine = Counting(duckdb, recall=duckdb.recall)
    store = SqlStore(cast(Engine, engine))
    await store.put_traces([a_trace(project)])
    first = await store.get_stats("trace", a_selection(project))
    await store.put_traces([a_trace()])
    queries = engine.queries
    assert await store.get_stats("trace", a_selection(project)) == first
    assert engine.queries == queries
    await store.put_traces([a_trace(project)])
    assert await store.get_stats("trace", a_selection(project)) != first
