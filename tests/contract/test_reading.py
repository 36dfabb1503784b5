"""What a store promises about finding: order, pages, windows, search, and how much of each record is read."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import a_project, a_score, a_selection, a_span, a_trace
from weft.filters.compile import NOTHING, compile_filters, compile_search, compile_sorting
from weft.filters.fields import SPANS, TRACES
from weft.filters.sorting import Sort
from weft.filters.syntax import Filter, Operator
from weft.model.ids import first_id_at, last_id_at, new_id
from weft.model.page import Paging
from weft.model.trace import SpanTotals
from weft.store.contract import Scope, Selection, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")

IMAGE = "iVBORw0KGgo" + "A" * 100
DATA_URL = f"data:image/png;base64,{IMAGE}"


async def names(store: Store, selection: Selection) -> list[str | None]:
    return [record.trace.name for record in (await store.find_traces(selection)).items]


async def test_an_id_tells_every_project_of_its_workspace_that_it_is_in(store: Store, project: Scope) -> None:
    other, theirs = a_project(project.workspace_id), a_project()
    id = new_id()
    await store.put_traces([a_trace(place, id=id) for place in (project, other, theirs)])
    await store.put_spans([a_span(place, id=id) for place in (project, other, theirs)])
    for entity in ("trace", "span"):
        found = await store.projects_of(project.workspace_id, entity, [id, new_id()])
        assert sorted(found) == sorted([(id, project.project_id), (id, other.project_id)])


async def test_every_page_of_what_a_filter_finds_tells_how_many_there_are(store: Store, project: Scope) -> None:
    await store.put_traces([a_trace(project, name=name) for name in ("kept", "left out", "kept", "kept")])
    kept = compile_filters([Filter("name", Operator.EQUAL, "", "kept")], TRACES)
    pages: dict[int, list[int]] = {}
    for number in (3, 1, 2, 1):
        page = await store.find_traces(a_selection(project, where=kept, paging=Paging(number, 2)))
        pages[number] = [page.total, len(page.items)]
    assert pages == {1: [3, 2], 2: [3, 1], 3: [3, 0]}


async def test_a_trace_adds_up_the_spans_of_its_own_project(store: Store, project: Scope) -> None:
    trace, elsewhere = a_trace(project), a_project(project.workspace_id)
    await store.put_traces([trace])
    await store.put_spans([a_span(place, trace_id=trace.id) for place in (project, elsewhere, elsewhere)])
    assert (await store.get_trace(trace.workspace_id, trace.id)).totals.span_count == 1


class TestPages:
    async def test_the_newest_id_comes_first(self, store: Store, project: Scope) -> None:
        ids = {ms: new_id(ms) for ms in (300, 100, 200)}
        await store.put_traces([a_trace(project, id=id, name=str(ms)) for ms, id in ids.items()])
        assert await names(store, a_selection(project)) == ["300", "200", "100"]

    async def test_pages_are_numbered_from_one_and_count_everything(self, store: Store, project: Scope) -> None:
        await store.put_traces([a_trace(project, id=new_id(ms), name=str(ms)) for ms in range(5)])
        pages = [await store.find_traces(a_selection(project, paging=Paging(number, 2))) for number in (1, 3)]
        assert [(page.page, page.total, [r.trace.name for r in page.items]) for page in pages] == [
            (1, 5, ["4", "3"]),
            (3, 5, ["0"]),
        ]

    @pytest.mark.parametrize("paging", [Paging(2, 10), Paging(10**30, 10**30)], ids=["next", "out of all bounds"])
    async def test_a_page_beyond_the_end_is_empty(self, store: Store, project: Scope, paging: Paging) -> None:
        await store.put_traces([a_trace(project)])
        page = await store.find_traces(a_selection(project, paging=paging))
        assert (page.total, page.items) == (1, [])

    async def test_a_page_may_be_larger_than_what_is_read_at_once(self, store: Store, project: Scope) -> None:
        await store.put_traces([a_trace(project, id=new_id(ms), name=str(ms)) for ms in range(260)])
        assert await names(store, a_selection(project, paging=Paging(1, 1000))) == [
            str(ms) for ms in range(259, -1, -1)
        ]

    async def test_only_the_project_is_read(self, store: Store, project: Scope) -> None:
        theirs = Scope(a_project().workspace_id, project.project_id)
        await store.put_traces([a_trace(a_project(project.workspace_id)), a_trace(theirs)])
        assert (await store.find_traces(a_selection(project))).total == 0

    async def test_what_matches_is_counted_and_found(self, store: Store, project: Scope) -> None:
        await store.put_traces([a_trace(project, name=name) for name in ("x", "y", "X")])
        where = compile_filters([Filter("name", Operator.EQUAL, "", "x")], TRACES)
        page = await store.find_traces(a_selection(project, where=where, paging=Paging(1, 1)))
        assert (page.total, len(page.items)) == (2, 1)
        assert (await store.find_traces(a_selection(project, where=NOTHING))).total == 0

    async def test_search_looks_into_all_texts_whatever_the_case(self, store: Store, project: Scope) -> None:
        texts: dict[str, Any] = {
            "name": "a Needle",
            "input": '"nEEdle"',
            "thread_id": "needle",
            "error_info": '{"message":"needle"}',
        }
        found = [a_trace(project, **{column: text}) for column, text in texts.items()]
        await store.put_traces([*found, a_trace(project, tags=["needles"]), a_trace(project, name="hay")])
        page = await store.find_traces(a_selection(project, where=compile_search("needle", TRACES)))
        assert page.total == len(texts) + 1


class TestWindow:
    async def test_both_ends_are_inside(self, store: Store, project: Scope) -> None:
        await store.put_traces([a_trace(project, id=new_id(ms), name=str(ms)) for ms in range(1, 6)])
        window = a_selection(project, from_id=first_id_at(2), to_id=last_id_at(4))
        assert await names(store, window) == ["4", "3", "2"]
        assert (await store.find_traces(window)).total == 3

    async def test_a_window_may_be_one_id(self, store: Store, project: Scope) -> None:
        traces = [a_trace(project, id=new_id(ms), name=str(ms)) for ms in range(3)]
        await store.put_traces(traces)
        assert await names(store, a_selection(project, from_id=traces[1].id, to_id=traces[1].id)) == ["1"]

    async def test_the_cursor_is_outside(self, store: Store, project: Scope) -> None:
        traces = [a_trace(project, id=new_id(ms), name=str(ms)) for ms in range(3)]
        await store.put_traces(traces)
        assert await names(store, a_selection(project, before_id=traces[1].id)) == ["0"]


class TestOrder:
    @pytest.mark.parametrize("direction", ["ASC", "DESC"])
    @pytest.mark.parametrize(
        ("field", "columns"),
        [
            ("name", [{"name": "a"}, {"name": "b"}, {"name": "c"}, {}]),
            ("start_time", [{"start_time": 1}, {"start_time": 2}, {"start_time": 3}, {"start_time": 0}]),
            ("duration", [{"end_time": 2 * 10**18 + 1}, {"end_time": 2 * 10**18 + 5 * 10**6}, {}]),
            ("ttft", [{"ttft": 0.5}, {"ttft": 3.0}, {"ttft": 20.0}, {}]),
            ("last_updated_at", [{"stamp": 5}, {"stamp": 10}]),
        ],
    )
    async def test_by_a_column_with_missing_values_last(
        self, store: Store, project: Scope, field: str, columns: list[dict[str, Any]], direction: str
    ) -> None:
        traces = [a_trace(project, **values) for values in columns]
        await store.put_traces(traces)
        order = compile_sorting(Sort(field, direction), TRACES)
        found = [record.trace.id for record in (await store.find_traces(a_selection(project, order=order))).items]
        present = [trace.id for trace, values in zip(traces, columns, strict=True) if any(values.values())]
        missing = [trace.id for trace in traces if trace.id not in present]
        assert found == (present if direction == "ASC" else present[::-1]) + missing

    @pytest.mark.parametrize(
        ("field", "expected"),
        [
            ("usage.total_tokens", ["two", "one", "none"]),
            ("span_count", ["one", "two", "none"]),
            ("total_estimated_cost", ["one", "two", "none"]),
        ],
    )
    async def test_by_what_the_spans_add_up_to(
        self, store: Store, project: Scope, field: str, expected: list[str]
    ) -> None:
        one, two, none = (a_trace(project, name=name) for name in ("one", "two", "none"))
        await store.put_traces([one, two, none])
        await store.put_spans(
            [
                a_span(project, trace_id=one.id, usage={"total_tokens": 50}),
                a_span(project, trace_id=one.id, total_estimated_cost=Decimal("2")),
                a_span(project, trace_id=two.id, usage={"total_tokens": 60}, total_estimated_cost=Decimal("1")),
            ]
        )
        order = compile_sorting(Sort(field, "DESC"), TRACES)
        assert await names(store, a_selection(project, order=order)) == expected

    async def test_by_a_score_folded_as_it_is_shown(self, store: Store, project: Scope) -> None:
        high, low, none = (a_trace(project, name=name) for name in ("high", "low", "none"))
        await store.put_traces([high, low, none])
        await store.put_scores(
            [
                a_score(high, value="0.6"),
                a_score(low, value="0.1", author="ann"),
                a_score(low, value="0.9", author="bob"),
                a_score(none, "other", "0.9"),
            ]
        )
        order = compile_sorting(Sort("feedback_scores.quality", "DESC"), TRACES)
        assert await names(store, a_selection(project, order=order)) == ["high", "low", "none"]

    async def test_spans_by_usage(self, store: Store, project: Scope) -> None:
        spans = [a_span(project, usage={"a": 2}), a_span(project), a_span(project, usage={"a": 10})]
        await store.put_spans(spans)
        order = compile_sorting(Sort("usage.a"), SPANS)
        found = [record.span.id for record in (await store.find_spans(a_selection(project, order=order))).items]
        assert found == [spans[0].id, spans[2].id, spans[1].id]


class TestHowMuchIsRead:
    async def test_excluded_payloads_are_left_out(self, store: Store, project: Scope) -> None:
        await store.put_traces([a_trace(project, name="x", input="1", output="2", metadata="{}")])
        exclude = frozenset({"input", "metadata"})
        (record,) = (await store.find_traces(a_selection(project, exclude=exclude, truncate=True))).items
        assert (record.trace.input, record.trace.output, record.trace.metadata) == (None, "2", None)
        assert record.trace.name == "x"

    async def test_excluded_scores_and_totals_are_left_out(self, store: Store, project: Scope) -> None:
        trace = a_trace(project)
        span = a_span(project, trace_id=trace.id)
        await store.put_traces([trace])
        await store.put_spans([span])
        await store.put_scores([a_score(trace), a_score(span)])
        (record,) = (await store.find_traces(a_selection(project, exclude=TRACES.excludable))).items
        assert (record.scores, record.span_scores, record.totals) == ((), (), SpanTotals())
        (of_span,) = (await store.find_spans(a_selection(project, exclude=SPANS.excludable))).items
        assert of_span.scores == ()

    async def test_truncation_leaves_one_character_more_than_is_shown(self, store: Store, project: Scope) -> None:
        long, short = json.dumps("ü" * 20_000, ensure_ascii=False), json.dumps("ü" * 9_999, ensure_ascii=False)
        await store.put_traces([a_trace(project, input=long, output=short, metadata=long)])
        (record,) = (await store.find_traces(a_selection(project, truncate=True))).items
        assert record.trace.input == long[:10_002]
        assert (record.trace.output, record.trace.metadata) == (short, long)

    async def test_truncation_replaces_images_before_it_cuts(self, store: Store, project: Scope) -> None:
        payload = json.dumps({"url": DATA_URL, "bare": IMAGE * 500, "text": "data:image"})
        await store.put_spans([a_span(project, input=payload, output=payload, metadata=payload)])
        (record,) = (await store.find_spans(a_selection(project, truncate=True))).items
        expected = json.dumps({"url": "[image]", "bare": "[image]", "text": "data:image"})
        assert [record.span.input, record.span.output, record.span.metadata] == [expected] * 3

    async def test_without_truncation_payloads_are_untouched(self, store: Store, project: Scope) -> None:
        payload = json.dumps([DATA_URL, "ü" * 20_000])
        await store.put_traces([a_trace(project, input=payload)])
        (record,) = (await store.find_traces(a_selection(project))).items
        assert record.trace.input == payload
