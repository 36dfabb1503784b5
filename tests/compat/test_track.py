"""`@track` on every kind of function."""

# The decorator of the SDK has no types.
# mypy: disable-error-code="untyped-decorator,no-any-return"

from collections.abc import AsyncIterator, Iterator

import opik
import pytest
from opik import Opik, opik_context, track
from opik.rest_api.types.span_public import SpanPublic
from opik.rest_api.types.trace_public import TracePublic


def recorded(client: Opik, project: str) -> tuple[TracePublic, dict[str, SpanPublic]]:
    """The only trace of the project, and its spans by name."""
    assert client.flush()
    (trace,) = client.search_traces(project_name=project)
    return trace, {span.name or "": span for span in client.search_spans(project_name=project, trace_id=trace.id)}


def test_nested_functions_make_nested_spans(client: Opik, project: str) -> None:
    @track(type="tool", project_name=project)
    def look_up(word: str) -> list[str]:
        return [word, word]

    @track(project_name=project, tags=["quick"], metadata={"version": 3})
    def answer(question: str) -> str:
        opik_context.update_current_trace(thread_id="conversation 1", tags=["quick", "thorough"])
        return " ".join(look_up(question))

    answer("why?")

    trace, spans = recorded(client, project)
    assert (trace.name, trace.input, trace.output) == ("answer", {"question": "why?"}, {"output": "why? why?"})
    assert (trace.thread_id, trace.source, trace.metadata) == ("conversation 1", "sdk", {"version": 3})
    assert trace.tags is not None
    assert set(trace.tags) == {"quick", "thorough"}
    assert trace.end_time is not None
    assert trace.end_time >= trace.start_time
    assert spans.keys() == {"answer", "look_up"}
    assert spans["look_up"].parent_span_id == spans["answer"].id
    assert (spans["look_up"].type, spans["look_up"].output) == ("tool", {"output": ["why?", "why?"]})
    assert trace.span_count == 2


async def test_async_function(client: Opik, project: str) -> None:
    @track(project_name=project)
    async def inner(x: int) -> int:
        return x + 1

    @track(project_name=project)
    async def outer(x: int) -> int:
        return await inner(x) * 2

    assert await outer(1) == 4

    trace, spans = recorded(client, project)
    assert trace.output == {"output": 4}
    assert spans["inner"].parent_span_id == spans["outer"].id
    assert spans["inner"].output == {"output": 2}


def test_generator(client: Opik, project: str) -> None:
    @track(project_name=project)
    def words(count: int) -> Iterator[str]:
        for number in range(count):
            yield f"word{number} "

    assert len(list(words(3))) == 3

    trace, spans = recorded(client, project)
    assert trace.output == spans["words"].output == {"output": "word0 word1 word2 "}
    assert trace.end_time is not None


async def test_async_generator(client: Opik, project: str) -> None:
    @track(project_name=project)
    async def words(count: int) -> AsyncIterator[str]:
        for number in range(count):
            yield f"word{number} "

    assert [word async for word in words(2)] == ["word0 ", "word1 "]

    trace, spans = recorded(client, project)
    assert trace.output == spans["words"].output == {"output": "word0 word1 "}


def test_raising_function_keeps_its_error(client: Opik, project: str) -> None:
    @track(project_name=project)
    def fail() -> None:
        raise ValueError("no such luck")

    with pytest.raises(ValueError, match="no such luck"):
        fail()

    trace, spans = recorded(client, project)
    assert trace.error_info is not None
    assert (trace.error_info.exception_type, trace.error_info.message) == ("ValueError", "no such luck")
    assert "no such luck" in trace.error_info.traceback
    assert spans["fail"].error_info == trace.error_info


def test_context_managers(client: Opik, project: str) -> None:
    with opik.start_as_current_trace("request", project_name=project) as request:
        request.input = {"path": "/"}
        with opik.start_as_current_span("generate", type="llm", project_name=project) as span:
            span.model, span.provider = "gpt-4o", "openai"
            span.usage = {"prompt_tokens": 11, "completion_tokens": 4, "total_tokens": 15}

    trace, spans = recorded(client, project)
    assert (trace.name, trace.input) == ("request", {"path": "/"})
    assert (spans["generate"].model, spans["generate"].provider) == ("gpt-4o", "openai")
    assert trace.usage is not None
    assert trace.usage["total_tokens"] == 15
    assert trace.llm_span_count == 1
