import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langgraph.types import Command

from weft.agents.runtime.trace_payloads import PayloadEncoder, result_of


class Odd:
    def __repr__(self) -> str:
        raise RuntimeError("no words for it")

    def __bool__(self) -> bool:
        raise RuntimeError("neither")


def payload(value: object) -> Any:
    text = PayloadEncoder().text(value)
    return None if text is None else json.loads(text)


class TestText:
    def test_nothing_is_no_payload(self) -> None:
        assert PayloadEncoder().text(None) is None

    def test_message_has_no_empty_parts(self) -> None:
        assert payload([HumanMessage("hi", id="m1")]) == [{"type": "human", "content": "hi", "id": "m1"}]

    def test_streamed_answer_is_one_of_the_model(self) -> None:
        call = tool_call_chunk(name="add", args="{}", id="c1", index=0)
        answer = payload(AIMessageChunk(content="", tool_call_chunks=[call], chunk_position="last"))
        assert answer == {
            "type": "ai",
            "content": "",
            "tool_calls": [{"name": "add", "args": {}, "id": "c1", "type": "tool_call"}],
        }

    def test_message_is_encoded_once_for_all_that_have_it(self) -> None:
        encoder, message = PayloadEncoder(), HumanMessage("hi")
        first = encoder.text([message])
        message.content = "changed since"
        assert encoder.text([message]) == first

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            ("half \ud800", "half \ufffd"),
            ({("a", 1): 2, "b\udc00": None}, {"('a', 1)": 2, "b\ufffd": None}),
            ({"a": Odd(), "b": LookupError("no")}, {"a": "Odd", "b": "LookupError('no')"}),
            (HumanMessage("half \ud800"), {"type": "human", "content": "half \ufffd"}),
            ({"part": b"ab"}, {"part": "YWI="}),
            (float("nan"), None),
        ],
    )
    def test_what_json_cannot_hold_is_told_in_words(self, value: object, told: object) -> None:
        assert payload(value) == told

    def test_artifact_of_any_kind_is_told(self) -> None:
        message = ToolMessage("5", tool_call_id="c1", artifact=Odd())
        assert payload(message) == {
            "type": "tool",
            "content": "5",
            "tool_call_id": "c1",
            "artifact": "Odd",
            "status": "success",
        }

    def test_value_that_contains_itself_has_an_end(self) -> None:
        value: list[object] = []
        value.append(value)
        assert payload(value)


class TestResult:
    @pytest.mark.parametrize(
        ("value", "result"),
        [
            (None, None),
            ({"messages": []}, {"messages": []}),
            (5, {"output": 5}),
            (Command(update={"files": {}}), {"files": {}}),
            ([Command(update={"files": {}})], {"files": {}}),
            ([{"a": 1}, {"b": 2}], {"output": [{"a": 1}, {"b": 2}]}),
            (Command(goto="last"), None),
            (ToolMessage("5", tool_call_id="c1"), {"output": "5"}),
            (ToolMessage("5", tool_call_id="c1", artifact=[1]), {"output": "5", "artifact": [1]}),
        ],
    )
    def test_is_an_object_without_wrapping(self, value: object, result: object) -> None:
        assert result_of(value) == result

    def test_message_is_a_message(self) -> None:
        message = AIMessage("hi")
        assert result_of(message) == {"output": message}
