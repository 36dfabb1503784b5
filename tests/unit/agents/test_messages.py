from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage, ToolMessage
from langgraph.types import Interrupt
from pydantic import BaseModel

from weft.agents.runtime.messages import encode


class Colour(Enum):
    GREEN = "green"


class Point(BaseModel):
    x: float
    at: datetime


@dataclass
class Pair:
    left: object
    right: object


class Odd:
    def __repr__(self) -> str:
        return "an odd thing"


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (None, None),
        (True, True),
        ("plain", "plain"),
        ("half \ud83d of one", "half ? of one"),
        (2**70, str(2**70)),
        (float("nan"), None),
        (float("-inf"), None),
        (b"\xff\x00", "/wA="),
        (datetime(2026, 9, 1, 8, tzinfo=UTC), "2026-09-01T08:00:00+00:00"),
        (date(2026, 9, 1), "2026-09-01"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.GREEN, "green"),
        ({1: {"a"}, Colour.GREEN: ()}, {"1": ["a"], "Colour.GREEN": []}),
        (Point(x=float("inf"), at=datetime(2026, 9, 1)), {"x": None, "at": "2026-09-01T00:00:00"}),
        (Pair(Odd(), [Pair(1, 2)]), {"left": "an odd thing", "right": [{"left": 1, "right": 2}]}),
        (ValueError("no"), "ValueError('no')"),
    ],
    ids=repr,
)
def test_anything_becomes_what_json_can_hold(value: object, encoded: Any) -> None:
    assert encode(value) == encoded
    msgspec.json.encode(encode(value))


def test_a_chunk_has_the_fields_of_the_contract() -> None:
    expected = {
        "content",
        "additional_kwargs",
        "response_metadata",
        "type",
        "name",
        "id",
        "tool_calls",
        "invalid_tool_calls",
        "usage_metadata",
        "tool_call_chunks",
        "chunk_position",
    }
    chunk = encode(AIMessageChunk(content="Sure "))
    assert chunk.keys() == expected
    assert (chunk["type"], chunk["content"]) == ("AIMessageChunk", "Sure ")


def test_a_message_with_odd_things_inside_is_told() -> None:
    messages = [HumanMessage([{"type": "image", "data": b"\x00"}]), ToolMessage("5", tool_call_id="1", artifact=Odd())]
    human, tool = encode(messages)
    assert human["content"] == [{"type": "image", "data": "AA=="}]
    assert (tool["artifact"], tool["status"], tool["tool_call_id"]) == ("an odd thing", "success", "1")


def test_an_interrupt_has_three_fields() -> None:
    assert encode(Interrupt({"ask": Odd()}, id="9e99")) == {
        "value": {"ask": "an odd thing"},
        "id": "9e99",
        "response_schema": None,
    }
