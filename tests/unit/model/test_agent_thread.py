from typing import Any

import pytest
from msgspec.structs import replace

from weft.model.agent_thread import (
    AgentThread,
    ThreadChanges,
    ThreadProgress,
    ThreadStatus,
    copied,
    edited,
    new_thread,
    progressed,
)

WORKSPACE = "0190babc-62a0-71d2-832a-0feffa4676eb"
WAITING = {"task": [{"id": "1", "value": {"action_requests": []}}]}


def a_thread(metadata: dict[str, Any] | None = None, status: ThreadStatus = "idle") -> AgentThread:
    return replace(new_thread("t", WORKSPACE, "agent", "owner", metadata or {}, 1), status=status)


class TestNew:
    def test_whose_it_is_stands_in_its_metadata(self) -> None:
        thread = a_thread(
            {"a": 1, "ls_user_id": "someone else", "tenant_id": "x", "assistant_id": "y", "graph_id": "z"}
        )
        assert thread.metadata == {"a": 1, "ls_user_id": "owner", "tenant_id": WORKSPACE}
        assert not thread.has_run


class TestEdited:
    @pytest.mark.parametrize(
        ("before", "change", "after"),
        [
            ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
            ({"a": {"x": 1}}, {"a": {"y": 2}}, {"a": {"y": 2}}),
            ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
            ({"a": 1}, {"a": None, "none": None}, {}),
            ({"a": 1}, {"assistant_id": "x", "graph_id": None, "ls_user_id": "x", "tenant_id": None}, {"a": 1}),
        ],
    )
    def test_metadata_is_merged_by_its_top_keys(
        self, before: dict[str, Any], change: dict[str, Any], after: dict[str, Any]
    ) -> None:
        own = a_thread().metadata
        assert edited(a_thread(before), ThreadChanges(metadata=change), 2).metadata == {**after, **own}

    def test_only_the_title(self) -> None:
        titled = edited(a_thread({"a": 1}), ThreadChanges(title="Q3"), 2)
        assert (titled.title, titled.metadata["a"], titled.updated_at, titled.state_updated_at) == ("Q3", 1, 2, 1)
        assert edited(titled, ThreadChanges(title=None), 3).title is None

    def test_nothing_to_change(self) -> None:
        thread = a_thread()
        assert edited(thread, ThreadChanges(), 2) is thread


class TestProgressed:
    def test_the_first_run_binds_the_thread(self) -> None:
        busy = progressed(a_thread(), ThreadProgress("busy", 2, first_message_preview="hello", agent_name="helper"))
        assert busy.has_run
        assert busy.status == "busy"
        assert (busy.updated_at, busy.state_updated_at) == (2, 2)
        assert busy.metadata == {
            **a_thread().metadata,
            "assistant_id": "agent",
            "graph_id": "deep_agent",
            "first_message_preview": "hello",
            "agent_name": "helper",
        }

    def test_the_first_preview_stays(self) -> None:
        thread = a_thread({"first_message_preview": "hello"})
        later = progressed(thread, ThreadProgress("busy", 2, first_message_preview="and now"))
        assert later.metadata["first_message_preview"] == "hello"

    @pytest.mark.parametrize("status", ["idle", "interrupted", "error"])
    def test_a_run_that_ends_makes_the_thread_unread(self, status: ThreadStatus) -> None:
        thread = a_thread({"read_status": True}, "busy")
        ended = progressed(thread, ThreadProgress(status, 2, interrupts=WAITING, error={"error": "E", "message": "m"}))
        assert ended.metadata["read_status"] is False
        assert ended.needs_attention
        assert (ended.interrupts, ended.error) == (WAITING, {"error": "E", "message": "m"})

    def test_an_interrupt_that_is_resolved_leaves_it_read(self) -> None:
        resolved = progressed(a_thread({"read_status": True}, "interrupted"), ThreadProgress("idle", 2))
        assert resolved.metadata["read_status"] is True


@pytest.mark.parametrize(
    ("status", "metadata", "needed"),
    [
        ("idle", {}, False),
        ("idle", {"read_status": True}, False),
        ("idle", {"read_status": False}, True),
        ("busy", {"read_status": False}, False),
        ("interrupted", {"read_status": True}, True),
        ("error", {}, True),
    ],
)
def test_needs_attention(status: ThreadStatus, metadata: dict[str, Any], needed: bool) -> None:
    assert a_thread(metadata, status).needs_attention is needed


@pytest.mark.parametrize(("interrupts", "status"), [({}, "idle"), (WAITING, "interrupted")])
def test_a_copy_waits_as_the_other_does(interrupts: dict[str, Any], status: ThreadStatus) -> None:
    thread = replace(a_thread({"a": 1}, "busy"), title="Q3", interrupts=interrupts, error={"error": "E"})
    copy = copied(thread, "other", 5)
    assert (copy.id, copy.title, copy.metadata) == ("other", "Q3", thread.metadata)
    assert (copy.status, copy.interrupts, copy.error) == (status, interrupts, None)
    assert (copy.created_at, copy.updated_at, copy.state_updated_at) == (5, 5, 5)
