"""Filters, searches and sorts of threads find what the slow, obvious evaluator finds."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.contract.test_filtering import put_all
from tests.factories import a_comment, a_patch, a_project, a_selection, a_thread_score, an_occasion
from tests.reference.filters import Record, in_order, matches
from tests.reference.records import SCORE_NAMES, SCORES, every_filter, trace_records
from tests.reference.threads import thread_record
from weft.filters.compile import compile_search, compile_sorting, split_query
from weft.filters.fields import THREADS, TRACES
from weft.filters.sorting import DIRECTIONS, Sort
from weft.filters.syntax import Filter
from weft.model.page import Paging
from weft.model.thread import ThreadRecord
from weft.store.contract import Scope, Selection, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")

THREAD_IDS = ["a", "A", "é b", "'%"]
SEARCHED = ["id", "input", "output", "thread_id"]

once = settings(
    max_examples=1,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Threads(NamedTuple):
    """What is stored, and the records of the traces that each thread is made of."""

    project: Scope
    stored: list[ThreadRecord]
    traces: dict[str, list[Record]]

    def records(self, filters: Sequence[Filter] = ()) -> list[Record]:
        """Of the traces that the filters on traces leave; a thread that has none is not there."""
        of_traces = [filter for filter in filters if THREADS.fields[filter.field].of_traces]
        kept = {
            record.thread.thread_id: [
                trace
                for trace in self.traces[record.thread.thread_id]
                if all(matches(filter, trace, TRACES) for filter in of_traces)
            ]
            for record in self.stored
        }
        return [thread_record(r, kept[r.thread.thread_id]) for r in self.stored if kept[r.thread.thread_id]]

    def found_by(self, **values: Any) -> Selection:
        """All on one page, and no more of each than its ids."""
        return a_selection(self.project, paging=Paging(1, 1000), exclude=THREADS.excludable, **values)


async def filled(store: Store, data: st.DataObject) -> Threads:
    records = data.draw(trace_records())
    traces: dict[str, list[Record]] = defaultdict(list)
    for number, record in enumerate(records):
        record["thread_id"] = THREAD_IDS[number % len(THREAD_IDS)]
        traces[record["thread_id"]].append(record)
    project = a_project()
    await put_all(store, project, records)
    await store.close_threads(project, ["a"], an_occasion())
    scores = zip(SCORE_NAMES, SCORES, strict=False)
    await store.put_thread_scores([a_thread_score(project, "A", name, str(value)) for name, value in scores])
    tagged = await store.thread_model_id(project, "A")
    await store.patch_thread(project.workspace_id, tagged or "", a_patch(tags=["a", "Ab"]))
    page = await store.find_threads(a_selection(project))
    await store.add_comment(a_comment(page.items[0].thread, "A b"))
    page = await store.find_threads(a_selection(project))
    return Threads(project, page.items, traces)


async def found(store: Store, selection: Selection) -> list[str]:
    page = await store.find_threads(selection)
    return [record.thread.thread_id for record in page.items]


@once
@given(st.data())
async def test_every_filter_finds_what_the_evaluator_finds(store: Store, data: st.DataObject) -> None:
    threads = await filled(store, data)
    for filter in data.draw(every_filter(THREADS, threads.records())):
        where, of_traces = split_query(filter, THREADS)
        records = threads.records([filter])
        if not THREADS.fields[filter.field].of_traces:
            records = [record for record in records if matches(filter, record, THREADS)]
        selection = threads.found_by(where=where, of_traces=of_traces)
        assert set(await found(store, selection)) == {record["id"] for record in records}, filter


@once
@given(st.data())
async def test_search_finds_what_the_evaluator_finds(store: Store, data: st.DataObject) -> None:
    threads = await filled(store, data)
    for text in ("a", "É", "'%", "018bcfe5", "nowhere to be seen"):
        expected = {
            trace["thread_id"]
            for traces in threads.traces.values()
            for trace in traces
            if any(text.lower() in (trace[column] or "").lower() for column in SEARCHED)
        }
        assert set(await found(store, threads.found_by(where=compile_search(text, THREADS)))) == expected, text


@once
@given(st.data())
async def test_every_sort_is_in_the_evaluators_order(store: Store, data: st.DataObject) -> None:
    threads = await filled(store, data)
    for name in THREADS.sortable:
        field = name.replace("usage.*", "usage.total_tokens")
        for direction in DIRECTIONS if field != "feedback_scores.*" else ():
            expected = in_order(threads.records(), field, direction == "DESC", newness)
            selection = threads.found_by(order=compile_sorting(Sort(field, direction), THREADS))
            assert await found(store, selection) == [record["id"] for record in expected], (field, direction)


@once
@given(st.data())
async def test_the_last_updated_comes_first_by_default(store: Store, data: st.DataObject) -> None:
    threads = await filled(store, data)
    expected = sorted(threads.records(), key=default_order)
    selection = threads.found_by(order=compile_sorting(None, THREADS))
    assert await found(store, selection) == [record["id"] for record in expected]
    first = await store.find_threads(replace(selection, paging=Paging(1, 1)))
    assert (first.total, len(first.items)) == (len(expected), 1)


def newness(record: Record) -> Any:
    return record["last_updated_at"], record["model_id"]


def default_order(record: Record) -> Any:
    start, end = record["start_time"] or float("inf"), record["end_time"] or 0
    return -record["last_updated_at"], start, -end, -int(record["model_id"].replace("-", ""), 16)
