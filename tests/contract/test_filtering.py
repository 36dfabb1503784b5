"""Through the store, too, filters find what the slow, obvious evaluator finds: the filter language's own tests, in
`test_filter_language.py`, go through every field and operator; these through pages, counts and streams."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.factories import a_comment, a_guardrail, a_project, a_score, a_selection, a_span, a_trace
from tests.reference.filters import Record, matches
from tests.reference.records import every_filter, trace_records
from weft.filters.compile import Fragment, compile_filters
from weft.filters.fields import SPANS, TRACES, Noun
from weft.filters.syntax import Filter
from weft.model.comment import Comment
from weft.model.feedback_score import FeedbackScore
from weft.model.guardrail import Guardrail
from weft.model.page import Paging
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.contract import Scope, Selection, Store

pytestmark = pytest.mark.asyncio(loop_scope="session")

SETS = 12
NOT_COLUMNS = ("scores", "comments", "spans", "checks")

a_few = settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@a_few
@given(st.data())
async def test_traces_are_found_as_the_evaluator_finds_them(store: Store, data: st.DataObject) -> None:
    records, project = data.draw(trace_records()), a_project()
    await put_all(store, project, records)
    for filters in data.draw(some_filters(TRACES, records)):
        selection = found_by(compile_filters(filters, TRACES), project, TRACES)
        page = await store.find_traces(selection)
        found = [record.trace.id for record in page.items]
        streamed = [record.trace.id async for record in store.stream_traces(selection)]
        assert (found, page.total) == (expected := newest_first(filters, records, TRACES), len(expected)), filters
        assert streamed == expected


@a_few
@given(st.data())
async def test_spans_are_found_as_the_evaluator_finds_them(store: Store, data: st.DataObject) -> None:
    traces, project = data.draw(trace_records()), a_project()
    records = [span for trace in traces for span in trace["spans"]]
    await put_all(store, project, traces)
    for filters in data.draw(some_filters(SPANS, records)):
        selection = found_by(compile_filters(filters, SPANS), project, SPANS)
        page = await store.find_spans(selection)
        found = [record.span.id for record in page.items]
        streamed = [record.span.id async for record in store.stream_spans(selection)]
        assert (found, page.total) == (expected := newest_first(filters, records, SPANS), len(expected)), filters
        assert streamed == expected


@st.composite
def some_filters(draw: st.DrawFn, noun: Noun, records: Sequence[Record]) -> list[list[Filter]]:
    """Filters alone and in pairs."""
    each = st.sampled_from(draw(every_filter(noun, records)))
    return draw(st.lists(st.lists(each, min_size=1, max_size=2), min_size=SETS, max_size=SETS))


def found_by(where: Fragment, project: Scope, noun: Noun) -> Selection:
    """All on one page, and no more of each than its ids."""
    return a_selection(project, where=where, paging=Paging(1, 1000), exclude=noun.excludable)


def newest_first(filters: Sequence[Filter], records: Sequence[Record], noun: Noun) -> list[str]:
    found = [r["id"] for r in records if all(matches(filter, r, noun) for filter in filters)]
    return sorted(found, reverse=True)


async def put_all(store: Store, project: Scope, records: Sequence[Record]) -> None:
    scores: list[FeedbackScore] = []
    traces: list[Trace] = []
    spans: list[Span] = []
    guardrails: list[Guardrail] = []
    comments: list[Comment] = []
    for record in records:
        traces.append(a_trace(project, **columns(record)))
        guardrails += [a_guardrail(traces[-1], result) for result in record["checks"]]
        scores += scores_of(traces[-1], record)
        comments += [a_comment(traces[-1], text) for text in record["comments"]]
        for span in record["spans"]:
            spans.append(a_span(project, **columns(span)))
            scores += scores_of(spans[-1], span)
            comments += [a_comment(spans[-1], text) for text in span["comments"]]
    await store.put_traces(traces)
    await store.put_spans(spans)
    await store.put_scores(scores)
    await store.add_guardrails(guardrails)
    await gather(*(store.add_comment(comment) for comment in comments))


def columns(record: Record) -> dict[str, Any]:
    values = {name: value for name, value in record.items() if name not in NOT_COLUMNS}
    return values | {"start_time": record["start_time"] or 0}


def scores_of(row: Trace | Span, record: Record) -> list[FeedbackScore]:
    given = enumerate(record["scores"])
    return [a_score(row, score["name"], str(score["value"]), author=f"author {place}") for place, score in given]
