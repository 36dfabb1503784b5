from uuid import UUID, uuid4

import pytest

from tests.factories import a_trace
from weft.agents.trace_steps import TraceSteps
from weft.model.span import Span


@pytest.fixture
def told() -> list[Span]:
    return []


@pytest.fixture
def steps(told: list[Span]) -> TraceSteps:
    return TraceSteps(a_trace(), told.append)


def begin(steps: TraceSteps, name: str, parent: UUID | None = None, idle: bool = False) -> UUID:
    id = uuid4()
    steps.begin(id, parent, metadata={"langgraph_node": name}, idle=idle, name=name)
    return id


def names(told: list[Span]) -> list[str | None]:
    return [span.name for span in told]


def test_step_is_told_when_it_begins_and_when_it_ends(steps: TraceSteps, told: list[Span]) -> None:
    steps.end(begin(steps, "model"), output='{"a":1}', error_info=None)
    begun, ended = told
    assert (begun.end_time, begun.output) == (None, None)
    assert (ended.id, ended.output, ended.start_time) == (begun.id, '{"a":1}', begun.start_time)
    assert ended.end_time
    assert begun.create_stamp
    assert ended.create_stamp
    assert ended.create_stamp >= begun.create_stamp
    assert ended.payload_bytes > begun.payload_bytes > 0


def test_what_is_below_a_folded_step_is_below_its_parent(steps: TraceSteps, told: list[Span]) -> None:
    node, wrapper = begin(steps, "model"), uuid4()
    steps.fold(wrapper, node)
    begin(steps, "call", parent=wrapper)
    steps.end(wrapper)
    assert [(span.name, span.parent_span_id) for span in told] == [("model", None), ("call", told[0].id)]
    assert steps.get(node)


def test_what_is_below_an_unknown_step_is_below_the_trace(steps: TraceSteps, told: list[Span]) -> None:
    begin(steps, "model", parent=uuid4())
    assert told[0].parent_span_id is None


def test_idle_step_of_which_nothing_came_is_not_told(steps: TraceSteps, told: list[Span]) -> None:
    steps.end(begin(steps, "hook", idle=True), output=None)
    assert told == []


def test_idle_step_of_which_something_came_is_told(steps: TraceSteps, told: list[Span]) -> None:
    steps.end(begin(steps, "hook", idle=True), output="{}")
    assert names(told) == ["hook"]


def test_idle_step_with_something_below_is_told_before_it(steps: TraceSteps, told: list[Span]) -> None:
    hook = begin(steps, "hook", idle=True)
    begin(steps, "call", parent=hook)
    steps.end(hook)
    assert names(told) == ["hook", "call", "hook"]
    assert told[1].parent_span_id == told[0].id


def test_only_the_first_token_counts(steps: TraceSteps, told: list[Span]) -> None:
    call = begin(steps, "call")
    assert [steps.first_token(call), steps.first_token(call), steps.first_token(uuid4())] == [True, False, False]
    steps.end(call)
    assert told[-1].ttft is not None


def test_what_is_open_ends_at_the_close_from_within(steps: TraceSteps, told: list[Span]) -> None:
    begin(steps, "call", parent=begin(steps, "model"))
    steps.close()
    assert [(span.name, bool(span.end_time)) for span in told[2:]] == [("call", True), ("model", True)]


def test_end_of_an_unknown_step_is_passed_over(steps: TraceSteps, told: list[Span]) -> None:
    steps.end(uuid4(), output="{}")
    assert told == []
