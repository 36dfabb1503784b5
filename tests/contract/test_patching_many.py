"""What a store promises about one patch for many traces, spans or threads."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import pytest

from tests.factories import a_patch, a_project, a_selection, a_span, a_trace
from weft.errors import TagLimitExceeded
from weft.model.ids import new_id
from weft.model.merge import MAX_TAGS, Patch
from weft.model.outcome import Outcome
from weft.store.contract import Scope, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")

FULL = [f"tag {number}" for number in range(MAX_TAGS)]


class Bench(NamedTuple):
    """Two of a kind, of which the second has all the tags that it can have."""

    entity: str
    patch: Callable[[str, Sequence[str], Patch, bool], Awaitable[list[Outcome]]]
    tags: Callable[[], Awaitable[list[list[str]]]]
    ids: list[str]


async def traces(store: Store, project: Scope) -> Bench:
    rows = [a_trace(project), a_trace(project, tags=FULL)]
    await store.put_traces(rows)

    async def tags() -> list[list[str]]:
        return [(await store.get_trace(project.workspace_id, row.id)).trace.tags for row in rows]

    return Bench("Trace", store.patch_traces, tags, [row.id for row in rows])


async def spans(store: Store, project: Scope) -> Bench:
    rows = [a_span(project), a_span(project, tags=FULL)]
    await store.put_spans(rows)

    async def tags() -> list[list[str]]:
        return [(await store.get_span(project.workspace_id, row.id)).span.tags for row in rows]

    return Bench("Span", store.patch_spans, tags, [row.id for row in rows])


async def threads(store: Store, project: Scope) -> Bench:
    names = ["a", "b"]
    await store.put_traces([a_trace(project, thread_id=name) for name in names])

    async def tags() -> list[list[str]]:
        return [(await store.get_thread(a_selection(project), name)).thread.tags for name in names]

    ids = [await store.thread_model_id(project, name) or "" for name in names]
    await store.patch_thread(project.workspace_id, ids[1], a_patch(tags=FULL))
    return Bench("Thread", store.patch_threads, tags, ids)


each_noun = pytest.mark.parametrize("filled", [traces, spans, threads])
Filled = Callable[[Store, Scope], Awaitable[Bench]]


def told(outcomes: list[Outcome]) -> list[tuple[str, str | None]]:
    return [(outcome.id, None if outcome.error is None else outcome.error.code) for outcome in outcomes]


@each_noun
@pytest.mark.parametrize("each_alone", [False, True])
async def test_each_id_has_its_outcome(store: Store, project: Scope, filled: Filled, each_alone: bool) -> None:
    bench = await filled(store, project)
    missing, (first, second) = new_id(), bench.ids
    ids = [missing, first, second, first]
    outcomes = await bench.patch(project.workspace_id, ids, a_patch(tags=["new"]), each_alone)
    assert told(outcomes) == [(missing, "not_found"), (first, None), (second, None), (first, None)]
    assert str(outcomes[0].error) == f"{bench.entity} id: {missing} not found"
    assert await bench.tags() == [["new"], ["new"]]


@each_noun
async def test_one_over_the_limit_of_tags_refuses_all(store: Store, project: Scope, filled: Filled) -> None:
    bench = await filled(store, project)
    with pytest.raises(TagLimitExceeded):
        await bench.patch(project.workspace_id, bench.ids, a_patch(add=("new",)), False)
    assert await bench.tags() == [[], FULL]


@each_noun
async def test_alone_only_the_one_over_the_limit_is_refused(store: Store, project: Scope, filled: Filled) -> None:
    bench = await filled(store, project)
    first, second = bench.ids
    outcomes = await bench.patch(project.workspace_id, [second, first, second], a_patch(add=("new",)), True)
    assert told(outcomes) == [(second, "tag_limit_exceeded"), (first, None), (second, "tag_limit_exceeded")]
    assert await bench.tags() == [["new"], FULL]


@each_noun
async def test_another_workspace_has_none_of_them(store: Store, project: Scope, filled: Filled) -> None:
    bench = await filled(store, project)
    outcomes = await bench.patch(a_project().workspace_id, bench.ids, a_patch(tags=[]), False)
    assert [code for _, code in told(outcomes)] == ["not_found", "not_found"]
    assert await bench.tags() == [[], FULL]


@each_noun
async def test_a_thousand_at_once(store: Store, project: Scope, filled: Filled) -> None:
    bench = await filled(store, project)
    ids = [*bench.ids, *(new_id() for _ in range(998))]
    outcomes = await bench.patch(project.workspace_id, ids, a_patch(remove=tuple(FULL[:50])), True)
    assert [outcome.id for outcome in outcomes] == ids
    assert await bench.tags() == [[], []]
